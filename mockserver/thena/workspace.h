// What Thena's REST API returns: the objects of one workspace, and the form of its responses.
#ifndef TQLKIT_MOCKSERVER_THENA_WORKSPACE_H_
#define TQLKIT_MOCKSERVER_THENA_WORKSPACE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "mockserver/thena/messages.h"
#include "mockserver/thena/object_list.h"
#include "mockserver/thena/rate_limiter.h"
#include "tql/status.h"

namespace tql::thena {

/// Objects are in the order of their creation; those of equal times in the order of the world.
/// Thread-safe.
class Workspace {
 public:
  /// `seed` is that of generated objects. `start` is the time of objects without one.
  /// INVALID_ARGUMENT with the path of the field: "request[1].id: found ..., expected ...".
  static StatusOr<std::shared_ptr<Workspace>> Create(mockpb::ThenaWorld world, std::uint64_t seed,
                                                     std::chrono::system_clock::time_point start);

  const ObjectList& users() const { return users_; }
  const ObjectList& requests() const { return requests_; }
  const ObjectList& custom_fields() const { return custom_fields_; }
  const ObjectList& sub_statuses() const { return sub_statuses_; }
  const ObjectList& contacts() const { return contacts_; }
  const ObjectList& tickets() const { return tickets_; }
  /// The user who owns the token: the first one of the world, or else of all. Null without users.
  ObjectList::Object owner() const { return owner_; }

  bool pages_of_users() const { return world_.envelope() == mockpb::ThenaWorld::V3; }
  bool accepts_cursor() const { return world_.cursor_parameter() == mockpb::ThenaWorld::EITHER; }
  /// Null: no limit.
  RateLimiter* limiter() { return limiter_ ? &*limiter_ : nullptr; }
  bool sends_retry_after() const { return world_.rate_limit().retry_after(); }

 private:
  explicit Workspace(mockpb::ThenaWorld world) : world_(std::move(world)) {}
  Status Fill(std::uint64_t seed, std::chrono::system_clock::time_point start);
  void Generate(std::uint64_t seed, std::int64_t start_ms);

  mockpb::ThenaWorld world_;
  ObjectList users_;
  ObjectList requests_;
  ObjectList custom_fields_;
  ObjectList sub_statuses_;
  ObjectList contacts_;
  ObjectList tickets_;
  ObjectList::Object owner_;
  std::optional<RateLimiter> limiter_;
};

/// The ThenaWorld of a server without another, in YAML.
extern const char kDefaultWorld[];

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_WORKSPACE_H_
