// The security log of a namespace: logins, and statements that change definitions.
#ifndef TQLKIT_MOCKSERVER_REST_AUDIT_LOG_H_
#define TQLKIT_MOCKSERVER_REST_AUDIT_LOG_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/service/session.h"
#include "mockserver/space/namespaces.h"
#include "proto/base/mutex.h"

namespace tql::rest {

using WallTime = std::chrono::system_clock::time_point;

/// "2023-06-08T11:15:26.421996Z".
std::string IsoTime(WallTime time);
/// Milliseconds since 1970.
std::int64_t MillisecondsOf(WallTime time);

struct AuditEvent {
  std::string_view type = {};         // "LOGIN_SUCCESSFUL"
  std::string_view description = {};  // "User login successful"
  const service::User* user = nullptr;
  std::string_view user_name = {};  // without a user
  std::string_view peer = {};
  std::uint32_t org = 0;
  std::string data = "{}";  // JSON
};

/// Keeps the last kMost events, or those of the last kMostBytes. Thread safety: every method may be
/// called from any thread.
class AuditLog : public space::Attachment {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kMostBytes = std::size_t{2} << 20;  // of their texts

  struct Entry {
    WallTime time;
    std::uint32_t org = 0;
    std::string log;  // JSON
  };
  using EntryPtr = std::shared_ptr<const Entry>;

  /// A fork has an empty log.
  std::shared_ptr<space::Attachment> Fork() const override { return std::make_shared<AuditLog>(); }

  /// Adds an event that happens now in the namespace.
  void Add(const AuditEvent& event, space::Environment& environment);
  /// The events from `from` until `to` in an org, or in all, the oldest first.
  std::vector<EntryPtr> Between(WallTime from, WallTime to,
                                std::optional<std::uint32_t> org = std::nullopt) const;
  /// A guid for an error or an event: the seed and the number of those before determine it.
  std::string NewGuid(space::Environment& environment);

 private:
  mutable base::Mutex mutex_;
  std::deque<EntryPtr> entries_ TQL_GUARDED_BY(mutex_);
  std::size_t bytes_ TQL_GUARDED_BY(mutex_) = 0;
  std::int64_t last_guid_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_AUDIT_LOG_H_
