// Who makes a REST call, and what it sees: one state of the objects for the whole call.
#ifndef TQLKIT_MOCKSERVER_REST_CALLER_H_
#define TQLKIT_MOCKSERVER_REST_CALLER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/rest/audit_log.h"
#include "mockserver/service/session.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/world/world.h"

namespace tql::rest {

struct Caller {
  std::shared_ptr<space::Namespace> space;
  std::shared_ptr<const world::World> world;  // as it was when the call began
  std::shared_ptr<AuditLog> audit;
  std::optional<service::Session> session;
  const world::Header* user = nullptr;  // of the session
  std::string_view peer;                // the address of the client, for the log
  bool strict = false;                  // documented rules that most clients ignore hold, too

  const world::Membership& membership() const { return world->MembershipOf(*user); }
  /// The org that the session has chosen, or the first one of the user.
  const worldpb::Org& org() const;
  /// Whether the user is a member of the org: of those of its entry, administrators of all.
  bool IsMember(const worldpb::Org& org) const;
  /// Whether an object is visible in the org of the session.
  bool Sees(const world::Header& object) const { return object.BelongsTo(org()); }
};

/// The org of events of a session.
std::uint32_t OrgIdOf(const space::Namespaces& namespaces, const service::Session& session);

/// Returns the caller in the namespace of the session, or in `space` without one. UNAUTHENTICATED
/// if the namespace does not exist, or no longer the user of the session.
StatusOr<Caller> CallerIn(const space::Namespaces& namespaces,
                          const std::optional<service::Session>& session, std::string_view space);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_CALLER_H_
