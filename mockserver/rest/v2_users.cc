// The calls of REST v2 that change users.
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

/// What a call wants to set; what is absent stays as it is.
struct UserChange {
  std::string name;
  std::string display_name;
  std::string email;
  std::string type;
  std::string status;
  std::string visibility;
  std::optional<std::string> home;  // the id of a Liveboard
  std::optional<std::vector<std::string>> groups;
  std::optional<std::vector<std::string>> orgs;
  std::string operation;
};

StatusOr<std::string> ReadStatus(const Fields& fields) {
  TQL_ASSIGN_OR_RETURN(std::string status, fields.Word("account_status", kAccountStatuses));
  if (status.empty() || status == "ACTIVE" || status == "INACTIVE") return status;
  return fields.Error("account_status", "this server has users that are ACTIVE or INACTIVE only");
}

StatusOr<UserChange> ReadUser(const Fields& fields, const Caller& caller) {
  UserChange change;
  TQL_ASSIGN_OR_RETURN(change.name, fields.Text("name"));
  TQL_ASSIGN_OR_RETURN(change.display_name, fields.Text("display_name"));
  TQL_ASSIGN_OR_RETURN(change.email, fields.Text("email"));
  TQL_ASSIGN_OR_RETURN(change.type, fields.Word("account_type", kAccountTypes));
  TQL_ASSIGN_OR_RETURN(change.status, ReadStatus(fields));
  TQL_ASSIGN_OR_RETURN(change.visibility, fields.Word("visibility", kVisibilitiesV2));
  TQL_ASSIGN_OR_RETURN(change.operation, fields.Word("operation", kOperations));
  if (change.operation.empty()) change.operation = "REPLACE";
  TQL_ASSIGN_OR_RETURN(const std::string home, fields.Text("home_liveboard_identifier"));
  if (!home.empty()) {
    TQL_ASSIGN_OR_RETURN(const Header* const liveboard,
                         FindCalled(caller, Kind::kLiveboard, "home_liveboard_identifier", home));
    change.home = liveboard->id;
  }
  if (fields.Has("group_identifiers")) {
    TQL_ASSIGN_OR_RETURN(change.groups, NamesOf(caller, Kind::kGroup, fields, "group_identifiers"));
  }
  if (fields.Has("org_identifiers")) {
    TQL_ASSIGN_OR_RETURN(change.orgs, OrgNamesOf(*caller.world, fields, "org_identifiers"));
  }
  return change;
}

void Apply(const UserChange& change, worldpb::User& user) {
  if (!change.name.empty()) user.set_name(change.name);
  if (!change.display_name.empty()) user.set_display_name(change.display_name);
  if (!change.email.empty()) user.set_mail(change.email);
  if (!change.type.empty()) user.set_type(change.type);
  if (!change.status.empty()) user.set_inactive(change.status == "INACTIVE");
  if (!change.visibility.empty()) {
    user.set_visibility(std::string(VisibilityFromV2(change.visibility)));
  }
  if (change.home) user.set_home_liveboard(*change.home);
  if (change.groups) ApplyOperation(change.operation, *change.groups, *user.mutable_group());
  if (change.orgs) ApplyOperation(change.operation, *change.orgs, *user.mutable_org());
}

/// Users are members of every org if their list is empty, so that it must not become empty.
Status CheckOrgs(const worldpb::User& user, bool had_orgs) {
  if (!had_orgs || user.org_size() > 0) return Status();
  return InvalidArgumentError("org_identifiers: a user belongs to at least one org");
}

/// The user of the path, who must not be one of the system or of the server if it would lose its
/// name.
StatusOr<const Header*> UserOfPath(const Request& request) {
  return FindCalled(request.caller, Kind::kUser, "user_identifier", request.path[0]);
}

Status CheckPassword(const Fields& fields) {
  if (!fields.Has("password")) return Status();
  return fields.Required("password").status();
}

}  // namespace

StatusOr<Answer> CreateUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  for (const std::string_view name : {"name", "display_name", "email"}) {
    TQL_RETURN_IF_ERROR(fields.Required(name).status());
  }
  TQL_RETURN_IF_ERROR(CheckPassword(fields));
  TQL_ASSIGN_OR_RETURN(const UserChange change, ReadUser(fields, request.caller));
  const Origin origin = OriginOf(request);
  const auto edit = [&](worldpb::World& message) -> Status {
    TQL_RETURN_IF_ERROR(CheckNewName(message.user(), change.name));
    TQL_ASSIGN_OR_RETURN(worldpb::User* const user, AddObject(origin, *message.mutable_user()));
    Apply(change, *user);
    return CheckOrgs(*user, true);
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERS_CREATED", "Users created", "ids", {origin.id});
  const auto world = ChangedWorld(request);
  const Header* const created = world->Find(Kind::kUser, origin.id);
  if (created == nullptr) return NotFoundError("the user was deleted at once");
  std::string body;
  base::JsonWriter json(&body);
  WriteUserV2(*world, *created, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> UpdateUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Fields fields, Fields::Of(request.params));
  TQL_ASSIGN_OR_RETURN(const Header* const header, UserOfPath(request));
  TQL_ASSIGN_OR_RETURN(const UserChange change, ReadUser(fields, request.caller));
  const bool renames = !change.name.empty() && change.name != header->name;
  if (renames && request.caller.world->IsPermanent(*header)) {
    return fields.Error("name", "the user " + header->name + " cannot be renamed");
  }
  const auto edit = [&](worldpb::World& message) -> Status {
    worldpb::User* const user = FindById(*message.mutable_user(), header->id);
    if (user == nullptr) return InvalidArgumentError("user_identifier: the user was deleted");
    const bool had_orgs = user->org_size() > 0;
    if (renames) TQL_RETURN_IF_ERROR(CheckNewName(message.user(), change.name));
    if (renames) RenameUser(message, user->name(), change.name);
    Apply(change, *user);
    Touch(Now(request), *user);
    return CheckOrgs(*user, had_orgs);
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERS_MODIFIED", "Users modified", "ids", {header->id});
  return NoContent();
}

StatusOr<Answer> DeleteUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, UserOfPath(request));
  if (request.caller.world->IsPermanent(*header)) {
    return InvalidArgumentError("user_identifier: the user " + header->name + " cannot be deleted");
  }
  const auto edit = [&](worldpb::World& message) {
    EraseUsers(message, {header->name});
    return Status();
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, edit));
  Record(request, "USERS_DELETED", "Users deleted", "ids", {header->id});
  return NoContent();
}

}  // namespace tql::rest::v2
