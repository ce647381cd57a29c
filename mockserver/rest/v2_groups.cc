// The calls of REST v2 that change groups.
#include <utility>

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

using List = std::optional<std::vector<std::string>>;

/// What a call wants to set; what is absent stays as it is.
struct GroupChange {
  std::string name;
  std::string display_name;
  std::optional<std::string> description;
  std::string type;
  std::string visibility;
  List privileges;
  List liveboards;  // ids
  List roles;       // names
  List users;       // ids
  List groups;      // ids of the groups in this one
  std::string operation;
};

/// Reads a list if it is present.
template <typename Read>
Status ReadList(const Fields& fields, std::string_view name, const Read& read, List& list) {
  if (!fields.Has(name)) return Status();
  TQL_ASSIGN_OR_RETURN(list, read(name));
  return Status();
}

StatusOr<GroupChange> ReadGroup(const Fields& fields, const Caller& caller) {
  GroupChange change;
  TQL_ASSIGN_OR_RETURN(change.name, fields.Text("name"));
  TQL_ASSIGN_OR_RETURN(change.display_name, fields.Text("display_name"));
  TQL_ASSIGN_OR_RETURN(change.type, fields.Word("type", kGroupTypes));
  TQL_ASSIGN_OR_RETURN(change.visibility, fields.Word("visibility", kVisibilitiesV2));
  TQL_ASSIGN_OR_RETURN(change.operation, fields.Word("operation", kOperations));
  if (change.operation.empty()) change.operation = "REPLACE";
  if (fields.Has("description")) {
    TQL_ASSIGN_OR_RETURN(change.description, fields.Text("description"));
  }
  const auto ids = [&](Kind kind) {
    return [&fields, &caller, kind](std::string_view name) {
      return IdsOf(caller, kind, fields, name);
    };
  };
  TQL_RETURN_IF_ERROR(ReadList(
      fields, "privileges",
      [&](std::string_view name) { return fields.Words(name, world::kPrivileges); },
      change.privileges));
  TQL_RETURN_IF_ERROR(ReadList(
      fields, "role_identifiers",
      [&](std::string_view name) { return NamesOf(caller, Kind::kRole, fields, name); },
      change.roles));
  TQL_RETURN_IF_ERROR(
      ReadList(fields, "default_liveboard_identifiers", ids(Kind::kLiveboard), change.liveboards));
  TQL_RETURN_IF_ERROR(ReadList(fields, "user_identifiers", ids(Kind::kUser), change.users));
  TQL_RETURN_IF_ERROR(ReadList(fields, "sub_group_identifiers", ids(Kind::kGroup), change.groups));
  return change;
}

/// Makes the members of a group those of the list, of all users or of all groups.
template <typename Principals>
void ApplyMembers(std::string_view operation, const std::string& group,
                  const std::vector<std::string>& ids, Principals& principals) {
  const std::unordered_set<std::string> wanted(ids.begin(), ids.end());
  for (auto& principal : principals) {
    const bool is_named = wanted.contains(principal.id());
    if (!is_named && operation != "REPLACE") continue;
    const bool is_member = is_named && operation != "REMOVE";
    ApplyOperation(is_member ? "ADD" : "REMOVE", std::vector{group}, *principal.mutable_group());
  }
}

void Apply(const GroupChange& change, worldpb::World& message, worldpb::Group& group) {
  if (!change.name.empty()) group.set_name(change.name);
  if (!change.display_name.empty()) group.set_display_name(change.display_name);
  if (change.description) group.set_description(*change.description);
  if (!change.type.empty()) group.set_type(change.type);
  if (!change.visibility.empty()) {
    group.set_visibility(std::string(VisibilityFromV2(change.visibility)));
  }
  const std::string_view how = change.operation;
  if (change.privileges) ApplyOperation(how, *change.privileges, *group.mutable_privilege());
  if (change.roles) ApplyOperation(how, *change.roles, *group.mutable_role());
  if (change.liveboards) {
    ApplyOperation(how, *change.liveboards, *group.mutable_default_liveboard());
  }
  if (change.users) ApplyMembers(how, group.name(), *change.users, *message.mutable_user());
  if (change.groups) ApplyMembers(how, group.name(), *change.groups, *message.mutable_group());
}

StatusOr<const Header*> GroupOfPath(const Request& request) {
  return FindCalled(request.caller, Kind::kGroup, "group_identifier", request.path[0]);
}

}  // namespace

StatusOr<Answer> CreateGroup(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  for (const std::string_view name : {"name", "display_name"}) {
    TQL_RETURN_IF_ERROR(fields.Required(name).status());
  }
  TQL_ASSIGN_OR_RETURN(const GroupChange change, ReadGroup(fields, request.caller));
  const Origin origin = OriginOf(request);
  const auto edit = [&](worldpb::World& message) -> Status {
    TQL_RETURN_IF_ERROR(CheckNewName(message.group(), change.name));
    TQL_ASSIGN_OR_RETURN(worldpb::Group* const group, AddObject(origin, *message.mutable_group()));
    Apply(change, message, *group);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERGROUPS_CREATED", "User groups created", "ids", {origin.id});
  const auto world = ChangedWorld(request);
  const Header* const created = world->Find(Kind::kGroup, origin.id);
  if (created == nullptr) return NotFoundError("the group was deleted at once");
  std::string body;
  base::JsonWriter json(&body);
  WriteGroupV2(*world, *created, GroupMembers(*world), {}, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> UpdateGroup(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const Header* const header, GroupOfPath(request));
  TQL_ASSIGN_OR_RETURN(const GroupChange change, ReadGroup(fields, request.caller));
  const bool renames = !change.name.empty() && change.name != header->name;
  if (renames && request.caller.world->IsPermanent(*header)) {
    return fields.Error("name", "the group " + header->name + " cannot be renamed");
  }
  const auto edit = [&](worldpb::World& message) -> Status {
    worldpb::Group* const group = FindById(*message.mutable_group(), header->id);
    if (group == nullptr) return InvalidArgumentError("group_identifier: the group was deleted");
    if (renames) TQL_RETURN_IF_ERROR(CheckNewName(message.group(), change.name));
    if (renames) RenameGroup(message, group->name(), change.name);
    Apply(change, message, *group);
    Touch(Now(request), *group);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERGROUPS_MODIFIED", "User groups modified", "ids", {header->id});
  return NoContent();
}

StatusOr<Answer> DeleteGroup(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, GroupOfPath(request));
  if (request.caller.world->IsPermanent(*header)) {
    return InvalidArgumentError("group_identifier: the group " + header->name +
                                " cannot be deleted");
  }
  const auto edit = [&](worldpb::World& message) {
    EraseGroups(message, {header->name});
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERGROUPS_DELETED", "User groups deleted", "ids", {header->id});
  return NoContent();
}

}  // namespace tql::rest::v2
