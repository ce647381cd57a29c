// The objects of the REST API that are not made by TQL, resolved: every id, time and reference is
// set. Immutable; a change makes another world.
#ifndef TQLKIT_MOCKSERVER_WORLD_WORLD_H_
#define TQLKIT_MOCKSERVER_WORLD_WORLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tql/status.h"
#include "tqlkit/world.pb.h"

namespace tql {
namespace worldpb = tqlkit::world::v1;
}

namespace tql::world {

enum class Kind : std::uint8_t {
  kGroup,
  kUser,
  kTag,
  kConnection,
  kTable,
  kAnswer,
  kLiveboard,
  kRole,
};
inline constexpr std::size_t kKinds = 8;

/// "group", "user": the names of the fields of a World.
std::string_view KindName(Kind kind);

/// The time of system objects, and of objects without one: 2012-11-27, in milliseconds.
inline constexpr std::int64_t kSystemTime = 1354006445722;

/// Whether it is one of the privileges that clients know.
bool IsPrivilege(std::string_view word);

/// What all objects have. The pointers belong to the world.
struct Header {
  Kind kind = Kind::kUser;
  std::string id;
  std::string name;
  std::string display_name;  // the name, where a kind has none
  std::string description;
  std::string type;
  const worldpb::User* author = nullptr;
  std::int64_t created = kSystemTime;  // milliseconds since 1970
  std::int64_t modified = kSystemTime;
  bool hidden = false;
  bool has_tabs = false;  // of a Liveboard
  std::vector<const worldpb::Tag*> tags;
  std::vector<std::uint32_t> orgs;  // empty: all
  std::size_t index = 0;            // among the objects of its kind in the message

  bool BelongsTo(const worldpb::Org& org) const;
};

/// The groups and privileges of a user or a group.
struct Membership {
  std::vector<std::size_t> direct;      // positions among the groups, ascending
  std::vector<std::size_t> all;         // also through groups
  std::vector<std::string> privileges;  // also those of the groups; sorted
  bool Has(std::string_view privilege) const;
  bool is_administrator() const { return Has("ADMINISTRATION"); }
};

/// Somebody who may log in.
struct Account {
  std::string name;
  std::string guid;
  bool can_manage_data = true;
};

class World {
 public:
  /// Reads a document in YAML or JSON. Errors are INVALID_ARGUMENT with the path and the place:
  ///   user[3].id: line 12, column 9: expected a guid, found "x"
  /// Besides the mistakes of forms these are duplicate ids and names, unknown references and
  /// privileges, and groups that contain themselves.
  ///
  /// Accounts without a user of their name become users, administrators if they can manage data.
  /// The privileges of users who have an account agree with it: who can manage data has
  /// DATAMANAGEMENT or ADMINISTRATION, others have neither.
  static StatusOr<std::shared_ptr<const World>> Read(std::string_view text,
                                                     std::span<const Account> accounts);
  /// Makes a world for the same accounts from a message. Errors as those of Read, without a place.
  StatusOr<std::shared_ptr<const World>> With(worldpb::World message) const;

  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// All objects with everything resolved. Reading it again gives the same world.
  const worldpb::World& message() const { return message_; }
  std::span<const Header> All(Kind kind) const { return headers_[static_cast<std::size_t>(kind)]; }
  /// Both return null for an unknown object. The case of a guid does not matter.
  const Header* Find(Kind kind, std::string_view id) const;
  const Header* FindName(Kind kind, std::string_view name) const;
  const Membership& MembershipOf(const Header& principal) const;
  /// Whether every world has the object: one of the system, or the user of an account.
  bool IsPermanent(const Header& principal) const;

 private:
  friend class Resolver;
  World() = default;

  using Positions = std::unordered_map<std::string, std::size_t>;
  std::vector<Account> accounts_;
  worldpb::World message_;
  std::array<std::vector<Header>, kKinds> headers_;
  std::array<Positions, kKinds> by_id_;
  std::array<Positions, kKinds> by_name_;
  std::vector<Membership> users_;
  std::vector<Membership> groups_;
};

/// The world of a server without a world file: a small retail company.
std::string_view DefaultWorld();

}  // namespace tql::world

#endif  // TQLKIT_MOCKSERVER_WORLD_WORLD_H_
