#include "mockserver/rest/changes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mockserver/rest/config_changes.h"
#include "mockserver/rest/world_edits.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::rest {
namespace {

using world::Header;
using world::Kind;

constexpr std::string_view kSystemUser = "system";

/// Sets the home Liveboard of a user, who may have been deleted since the call began.
Status SetHome(const Request& request, const std::string& user, const std::string& liveboard) {
  return ChangeWorld(request, [&](worldpb::World& message) {
    if (worldpb::User* const entry = FindUser(message, user)) entry->set_home_liveboard(liveboard);
    return Status();
  });
}

/// The ids of a list of principals that can be deleted.
StatusOr<std::vector<const Header*>> Deletable(const Request& request, Kind kind) {
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> ids, request.params.List("ids"));
  if (ids.empty()) return InvalidArgumentError("ids: expected a list of guids, found nothing");
  std::vector<const Header*> found;
  for (const std::string& id : ids) {
    const Header* const header = request.caller.world->Find(kind, id);
    if (header == nullptr || !request.caller.Sees(*header)) {
      return InternalError("ids: found no " + std::string(world::KindName(kind)) + ' ' +
                           Quoted(id));
    }
    if (request.caller.world->IsPermanent(*header)) {
      return InvalidArgumentError("ids: the " + std::string(world::KindName(kind)) + ' ' +
                                  Quoted(header->name) + " cannot be deleted");
    }
    found.push_back(header);
  }
  return found;
}

struct Deletion {
  Kind kind;
  void (*erase)(worldpb::World& message, const Names& names);
  std::string_view event;
  std::string_view description;
};

StatusOr<Answer> Delete(const Request& request, const Deletion& deletion) {
  TQL_ASSIGN_OR_RETURN(const std::vector<const Header*> headers, Deletable(request, deletion.kind));
  Names names;
  std::vector<std::string> ids;
  for (const Header* header : headers) {
    if (names.insert(header->name).second) ids.push_back(header->id);
  }
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
    deletion.erase(message, names);
    return Status();
  }));
  Record(request, deletion.event, deletion.description, "ids", ids);
  return NoContent();
}

StatusOr<Answer> ChangePrivilege(const Request& request, bool add) {
  const std::string privilege(request.params.Text("privilege"));
  if (!world::IsPrivilege(privilege)) {
    return InvalidArgumentError("privilege: found " + Quoted(privilege) +
                                ", expected a privilege such as DATAMANAGEMENT");
  }
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> names, request.params.List("groupNames"));
  if (names.empty()) return InvalidArgumentError("groupNames: expected names, found nothing");
  for (const std::string& name : names) {
    const Header* const group = request.caller.world->FindName(Kind::kGroup, name);
    if (group == nullptr || !request.caller.Sees(*group)) {
      return InvalidArgumentError("groupNames: found no group " + Quoted(name));
    }
  }
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
    for (const std::string& name : names) {
      worldpb::Group* const group = FindGroup(message, name);
      if (group == nullptr) continue;  // deleted meanwhile
      auto& privileges = *group->mutable_privilege();
      const auto kept = std::remove(privileges.begin(), privileges.end(), privilege);
      privileges.erase(kept, privileges.end());
      if (add) privileges.Add()->assign(privilege);
    }
    return Status();
  }));
  Record(request, "PRIVILEGE_CHANGES", add ? "Privilege added" : "Privilege removed", "groupNames",
         names);
  return NoContent();
}

}  // namespace

StatusOr<Answer> HomeLiveboard(const Request& request) {
  const auto index = static_cast<int>(request.caller.user->index);
  Answer answer;
  answer.content_type = "text/plain";
  answer.body = request.caller.world->message().user(index).home_liveboard();
  return answer;
}

StatusOr<Answer> SetHomeLiveboard(const Request& request) {
  const Caller& caller = request.caller;
  const std::string_view id = request.params.Text("id");
  if (id.empty()) return InvalidArgumentError("id: expected a guid, found nothing");
  const Header* user = caller.user;
  if (const std::string_view other = request.params.Text("userid"); !other.empty()) {
    user = caller.world->Find(Kind::kUser, other);
    if (user != caller.user && !caller.membership().is_administrator()) {
      return PermissionDeniedError("userid: another user's needs the privilege ADMINISTRATION");
    }
    if (user == nullptr) return InvalidArgumentError("userid: found no user " + Quoted(other));
  }
  const Header* const liveboard = caller.world->Find(Kind::kLiveboard, id);
  if (liveboard == nullptr) return NotFoundError("id: found no Liveboard " + Quoted(id));
  if (!caller.Sees(*liveboard)) {
    return PermissionDeniedError("id: the Liveboard " + Quoted(id) + " is not accessible");
  }
  TQL_RETURN_IF_ERROR(SetHome(request, user->name, liveboard->id));
  return NoContent();
}

StatusOr<Answer> RemoveHomeLiveboard(const Request& request) {
  TQL_RETURN_IF_ERROR(SetHome(request, request.caller.user->name, {}));
  Answer answer;
  answer.content_type = "text/plain";
  return answer;
}

StatusOr<Answer> UpdateConfig(const Request& request) {
  const std::string_view changes = request.params.Text("configchanges");
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
    return ApplyConfigChanges(changes, message.mutable_config());
  }));
  return NoContent();
}

StatusOr<Answer> DeleteUsers(const Request& request) {
  return Delete(request, {.kind = Kind::kUser,
                          .erase = EraseUsers,
                          .event = "USERS_DELETED",
                          .description = "Users deleted"});
}

StatusOr<Answer> DeleteGroups(const Request& request) {
  return Delete(request, {.kind = Kind::kGroup,
                          .erase = EraseGroups,
                          .event = "USERGROUPS_DELETED",
                          .description = "User groups deleted"});
}

StatusOr<Answer> AddPrivilege(const Request& request) { return ChangePrivilege(request, true); }
StatusOr<Answer> RemovePrivilege(const Request& request) { return ChangePrivilege(request, false); }

StatusOr<Answer> TransferOwnership(const Request& request) {
  const world::World& world = *request.caller.world;
  const auto user = [&](std::string_view parameter) -> StatusOr<std::string> {
    const std::string_view name = request.params.Text(parameter);
    if (name == kSystemUser || world.FindName(Kind::kUser, name) == nullptr) {
      return InvalidArgumentError(std::string(parameter) + ": found " + Quoted(name) +
                                  ", expected the name of a user other than system");
    }
    return std::string(name);
  };
  TQL_ASSIGN_OR_RETURN(const std::string from, user("fromUserName"));
  TQL_ASSIGN_OR_RETURN(const std::string to, user("toUserName"));
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> listed, request.params.List("objectsID"));
  Names ids;
  for (const std::string& id : listed) ids.insert(base::Lower(id));
  std::vector<std::string> moved;
  const auto move = [&](auto& list) {
    for (auto& object : list) {
      if (object.author() != from || (!ids.empty() && ids.erase(object.id()) == 0)) continue;
      object.set_author(to);
      moved.push_back(object.id());
      if (!listed.empty() && ids.empty()) return;
    }
  };
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) -> Status {
    const auto move_all = [&](auto&... lists) {
      ((listed.empty() || !ids.empty() ? move(lists) : void()), ...);
    };
    move_all(*message.mutable_tag(), *message.mutable_connection(), *message.mutable_table(),
             *message.mutable_answer(), *message.mutable_liveboard());
    if (ids.empty()) return Status();
    return InvalidArgumentError("objectsID: " + Quoted(*ids.begin()) + " is not an object of " +
                                from);
  }));
  Record(request, "OBJECTS_TRANSFERRED", "Ownership transferred", "ids", moved);
  return NoContent();
}

}  // namespace tql::rest
