#include "mockserver/rest/changes.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mockserver/rest/config_changes.h"
#include "mockserver/rest/objects.h"
#include "mockserver/world/attachment.h"
#include "proto/base/json_writer.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::rest {
namespace {

using world::Header;
using world::Kind;

constexpr std::size_t kQuoted = 60;
constexpr std::string_view kNewOwner = "system";

Answer NoContent() {
  Answer answer;
  answer.status = 204;
  answer.content_type.clear();
  return answer;
}

std::string Quoted(std::string_view text) { return '"' + base::Excerpt(text, kQuoted) + '"'; }

Status Change(const Request& request,
              const std::function<Status(worldpb::World& message)>& change) {
  return request.caller.space->Find<world::WorldAttachment>()->Change(change);
}

worldpb::User* FindUser(worldpb::World& message, std::string_view name) {
  auto& users = *message.mutable_user();
  const auto found = std::ranges::find_if(users, [&](const auto& u) { return u.name() == name; });
  return found == users.end() ? nullptr : &*found;
}

/// Sets the home Liveboard of a user, who may have been deleted since the call began.
Status SetHome(const Request& request, const std::string& user, const std::string& liveboard) {
  return Change(request, [&](worldpb::World& message) {
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

using Names = std::unordered_set<std::string>;

template <typename List>
void Erase(List& list, const Names& names) {
  const auto first = std::remove_if(
      list.begin(), list.end(), [&](const auto& object) { return names.contains(object.name()); });
  list.erase(first, list.end());
}

/// Gives the objects of deleted users to another user.
template <typename List>
void ChangeAuthors(List& list, const Names& names) {
  for (auto& object : list) {
    if (names.contains(object.author())) object.set_author(std::string(kNewOwner));
  }
}

void EraseUsers(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_user(), names);
  ChangeAuthors(*message.mutable_user(), names);
  ChangeAuthors(*message.mutable_group(), names);
  ChangeAuthors(*message.mutable_tag(), names);
  ChangeAuthors(*message.mutable_connection(), names);
  ChangeAuthors(*message.mutable_table(), names);
  ChangeAuthors(*message.mutable_answer(), names);
  ChangeAuthors(*message.mutable_liveboard(), names);
}

template <typename Principal>
void LeaveGroups(Principal& principal, const Names& names) {
  auto& groups = *principal.mutable_group();
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [&](const std::string& group) { return names.contains(group); }),
               groups.end());
}

void EraseGroups(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_group(), names);
  for (worldpb::Group& group : *message.mutable_group()) LeaveGroups(group, names);
  for (worldpb::User& user : *message.mutable_user()) LeaveGroups(user, names);
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
  AuditEvent event{.type = deletion.event,
                   .description = deletion.description,
                   .user = request.caller.session->user.get(),
                   .peer = request.caller.peer};
  event.data.clear();
  base::JsonWriter json(&event.data);
  json.BeginObject().Key("ids").BeginArray();
  for (const Header* header : headers) {
    if (names.insert(header->name).second) json.String(header->id);
  }
  json.EndArray().EndObject();
  TQL_RETURN_IF_ERROR(Change(request, [&](worldpb::World& message) {
    deletion.erase(message, names);
    return Status();
  }));
  request.caller.audit->Add(event, *request.caller.space->environment());
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
  TQL_RETURN_IF_ERROR(Change(request, [&](worldpb::World& message) {
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

}  // namespace tql::rest
