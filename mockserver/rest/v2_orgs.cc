// The calls of REST v2 that change orgs.
#include <algorithm>
#include <utility>

#include "mockserver/rest/fields.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_edits.h"
#include "mockserver/rest/v2_lookup.h"
#include "mockserver/rest/v2_objects.h"
#include "proto/base/status_macros.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;

constexpr int kMostOrgs = 1000;

/// The smallest id that is larger than those of all orgs.
std::uint32_t NextOrg(const worldpb::World& message) {
  std::uint32_t id = 0;
  for (const worldpb::Org& org : message.org()) id = std::max(id, org.id());
  return id + 1;
}

template <typename Principal>
bool IsMember(const Principal& principal, const std::string& org) {
  return std::ranges::find(principal.org(), org) != principal.org().end();
}

/// Adds users or groups to an org, or removes them. One without orgs is in all of them.
template <typename Principals>
Status ChangeMembers(std::string_view operation, const worldpb::World& message,
                     const std::string& org, const std::vector<std::string>& ids,
                     Principals& principals) {
  const std::unordered_set<std::string> named(ids.begin(), ids.end());
  for (auto& principal : principals) {
    const bool is_named = named.contains(principal.id());
    if (is_named && operation != "REMOVE") {
      if (principal.org_size() > 0 && !IsMember(principal, org)) principal.add_org(org);
      continue;
    }
    if (!is_named && (operation != "REPLACE" || principal.org_size() == 0)) continue;
    if (principal.org_size() == 0) {
      for (const worldpb::Org& one : message.org()) principal.add_org(one.name());
    }
    ApplyOperation("REMOVE", std::vector{org}, *principal.mutable_org());
    if (principal.org_size() == 0) {
      return InvalidArgumentError("org_identifier: " + principal.name() +
                                  " would belong to no org");
    }
  }
  return Status();
}

/// Removes an org from the objects of a list. Returns the names and ids of those that belonged to
/// no other.
struct Lost {
  Names names;
  Names ids;
};
template <typename List>
Lost LeaveOrg(const std::string& org, List& list) {
  Lost lost;
  for (auto& object : list) {
    if (!IsMember(object, org)) continue;
    ApplyOperation("REMOVE", std::vector{org}, *object.mutable_org());
    if (object.org_size() > 0) continue;
    lost.names.insert(object.name());
    lost.ids.insert(object.id());
  }
  return lost;
}

/// Removes an org with everything that belongs to it alone.
Status EraseOrg(const Caller& caller, const std::string& org, worldpb::World& message) {
  const Lost users = LeaveOrg(org, *message.mutable_user());
  const Lost groups = LeaveOrg(org, *message.mutable_group());
  for (const auto& [kind, lost] :
       {std::pair(Kind::kUser, &users), std::pair(Kind::kGroup, &groups)}) {
    for (const std::string& name : lost->names) {
      const Header* const header = caller.world->FindName(kind, name);
      if (header == nullptr || !caller.world->IsPermanent(*header)) continue;
      return InvalidArgumentError("org_identifier: " + name + " belongs to this org alone, and " +
                                  "cannot be deleted");
    }
  }
  EraseUsers(message, users.names);
  EraseGroups(message, groups.names);
  EraseTags(message, LeaveOrg(org, *message.mutable_tag()).names);
  EraseConnections(message, LeaveOrg(org, *message.mutable_connection()).names);
  Names ids = LeaveOrg(org, *message.mutable_liveboard()).ids;
  ids.merge(LeaveOrg(org, *message.mutable_answer()).ids);
  ids.merge(LeaveOrg(org, *message.mutable_table()).ids);
  EraseObjects(message, ids);
  const auto first = std::ranges::find(message.org(), org, &worldpb::Org::name);
  if (first != message.org().end()) message.mutable_org()->erase(first);
  return Status();
}

}  // namespace

StatusOr<Answer> CreateOrg(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Required("name"));
  TQL_ASSIGN_OR_RETURN(const std::string description, fields.Text("description"));
  worldpb::Org created;
  const auto edit = [&](worldpb::World& message) -> Status {
    if (message.org_size() >= kMostOrgs) {
      return InvalidArgumentError("the world has no room for more orgs");
    }
    TQL_RETURN_IF_ERROR(CheckNewName(message.org(), name));
    created.set_id(NextOrg(message));
    created.set_name(name);
    created.set_description(description);
    *message.add_org() = created;
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  std::string body;
  base::JsonWriter json(&body);
  WriteOrgV2(created, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> UpdateOrg(const Request& request) {
  const world::World& world = *request.caller.world;
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const worldpb::Org* const found,
                       FindOrgCalled(world, "org_identifier", request.path[0]));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Text("name"));
  TQL_ASSIGN_OR_RETURN(const std::string description, fields.Text("description"));
  TQL_ASSIGN_OR_RETURN(std::string operation, fields.Word("operation", kOperations));
  if (operation.empty()) operation = "ADD";
  TQL_ASSIGN_OR_RETURN(const auto users,
                       IdsAnywhere(world, Kind::kUser, fields, "user_identifiers"));
  TQL_ASSIGN_OR_RETURN(const auto groups,
                       IdsAnywhere(world, Kind::kGroup, fields, "group_identifiers"));
  const auto edit = [&](worldpb::World& message) -> Status {
    worldpb::Org* const org = FindById(*message.mutable_org(), found->id());
    if (org == nullptr) return InvalidArgumentError("org_identifier: the org was deleted");
    if (!name.empty() && name != org->name()) {
      TQL_RETURN_IF_ERROR(CheckNewName(message.org(), name));
      RenameOrg(message, org->name(), name);
      org->set_name(name);
    }
    if (fields.Has("description")) org->set_description(description);
    if (fields.Has("user_identifiers")) {
      TQL_RETURN_IF_ERROR(
          ChangeMembers(operation, message, org->name(), users, *message.mutable_user()));
    }
    if (!fields.Has("group_identifiers")) return Status();
    return ChangeMembers(operation, message, org->name(), groups, *message.mutable_group());
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

StatusOr<Answer> DeleteOrg(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const worldpb::Org* const org,
                       FindOrgCalled(*request.caller.world, "org_identifier", request.path[0]));
  if (org->id() == request.caller.world->message().org(0).id()) {
    return InvalidArgumentError("org_identifier: the org " + org->name() + " cannot be deleted");
  }
  const auto edit = [&](worldpb::World& message) {
    return EraseOrg(request.caller, org->name(), message);
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

}  // namespace tql::rest::v2
