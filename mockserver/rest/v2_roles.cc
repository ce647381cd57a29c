// The calls of REST v2 that change roles.
#include "mockserver/rest/fields.h"
#include "mockserver/rest/v2_calls.h"
#include "mockserver/rest/v2_edits.h"
#include "mockserver/rest/v2_lookup.h"
#include "mockserver/rest/v2_objects.h"
#include "mockserver/world/privileges.h"
#include "proto/base/status_macros.h"

namespace tql::rest::v2 {
namespace {

using world::Header;
using world::Kind;

StatusOr<const Header*> RoleOfPath(const Request& request) {
  return FindCalled(request.caller, Kind::kRole, "role_identifier", request.path[0]);
}

StatusOr<Answer> RoleAnswer(const Request& request, const std::string& id) {
  const auto world = ChangedWorld(request);
  const Header* const role = world->Find(Kind::kRole, id);
  if (role == nullptr) return NotFoundError("the role was deleted at once");
  std::string body;
  base::JsonWriter json(&body);
  WriteRoleV2(*world, *role, json);
  return JsonAnswer(std::move(body));
}

}  // namespace

StatusOr<Answer> CreateRole(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Required("name"));
  TQL_ASSIGN_OR_RETURN(const std::string description, fields.Text("description"));
  TQL_ASSIGN_OR_RETURN(const auto privileges, fields.Words("privileges", world::kPrivileges));
  const Origin origin = OriginOf(request);
  const auto edit = [&](worldpb::World& message) -> Status {
    TQL_RETURN_IF_ERROR(CheckNewName(message.role(), name));
    TQL_ASSIGN_OR_RETURN(worldpb::Role* const role, AddObject(origin, *message.mutable_role()));
    role->set_name(name);
    role->set_description(description);
    role->mutable_privilege()->Add(privileges.begin(), privileges.end());
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return RoleAnswer(request, origin.id);
}

StatusOr<Answer> UpdateRole(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const Header* const header, RoleOfPath(request));
  TQL_ASSIGN_OR_RETURN(const std::string name, fields.Required("name"));
  TQL_ASSIGN_OR_RETURN(const std::string description, fields.Text("description"));
  TQL_ASSIGN_OR_RETURN(const auto privileges, fields.Words("privileges", world::kPrivileges));
  const auto edit = [&](worldpb::World& message) -> Status {
    worldpb::Role* const role = FindById(*message.mutable_role(), header->id);
    if (role == nullptr) return InvalidArgumentError("role_identifier: the role was deleted");
    if (name != role->name()) {
      TQL_RETURN_IF_ERROR(CheckNewName(message.role(), name));
      RenameRole(message, role->name(), name);
      role->set_name(name);
    }
    if (fields.Has("description")) role->set_description(description);
    if (fields.Has("privileges")) {
      ApplyOperation("REPLACE", privileges, *role->mutable_privilege());
    }
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return RoleAnswer(request, header->id);
}

StatusOr<Answer> DeleteRole(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, RoleOfPath(request));
  const auto edit = [&](worldpb::World& message) {
    EraseRoles(message, {header->name});
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  return NoContent();
}

}  // namespace tql::rest::v2
