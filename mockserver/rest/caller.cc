#include "mockserver/rest/caller.h"

#include <algorithm>

#include "mockserver/world/attachment.h"

namespace tql::rest {

const worldpb::Org& Caller::org() const {
  const auto& orgs = world->message().org();
  auto found = std::ranges::find_if(
      orgs, [&](const worldpb::Org& org) { return session->org && org.id() == *session->org; });
  if (found == orgs.end()) {
    found = std::ranges::find_if(orgs, [&](const worldpb::Org& org) { return IsMember(org); });
  }
  return found == orgs.end() ? orgs[0] : *found;
}

bool Caller::IsMember(const worldpb::Org& org) const {
  return user->BelongsTo(org) || membership().is_administrator();
}

std::uint32_t OrgIdOf(const space::Namespaces& namespaces, const service::Session& session) {
  const StatusOr<Caller> caller = CallerIn(namespaces, session, *session.space);
  return caller.ok() ? caller->org().id() : 0;
}

StatusOr<Caller> CallerIn(const space::Namespaces& namespaces,
                          const std::optional<service::Session>& session, std::string_view space) {
  Caller caller;
  caller.space = namespaces.Find(session ? *session->space : space);
  if (!caller.space) return service::UnknownNamespaceError(session ? *session->space : space);
  caller.world = caller.space->Find<world::WorldAttachment>()->Get();
  caller.audit = caller.space->Find<AuditLog>();
  caller.session = session;
  if (!session) return caller;
  caller.user = caller.world->FindName(world::Kind::kUser, session->user->name);
  if (caller.user == nullptr) return UnauthenticatedError("the user of the session was deleted");
  return caller;
}

}  // namespace tql::rest
