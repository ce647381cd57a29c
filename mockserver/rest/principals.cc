#include "mockserver/rest/principals.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/rest/objects.h"
#include "mockserver/rest/user_content.h"
#include "mockserver/rest/world_edits.h"
#include "mockserver/world/attachment.h"
#include "proto/base/status_macros.h"
#include "proto/document/document.h"

namespace tql::rest {
namespace {

using document::Node;
using google::protobuf::util::TimeUtil;
using world::Header;
using world::Kind;

constexpr std::size_t kMostName = 256;

/// The documented status of a value of another form is 500.
Status WrongContent(std::string_view reason) {
  return InternalError("content: " + std::string(reason));
}

google::protobuf::Timestamp Now(const Request& request) {
  return TimeUtil::MillisecondsToTimestamp(
      MillisecondsOf(request.caller.space->environment()->clock.WallTime()));
}

/// A test may have set the clock back since the user was created.
void SetModified(const Request& request, worldpb::User& user) {
  const google::protobuf::Timestamp now = Now(request);
  const bool later =
      TimeUtil::TimestampToMilliseconds(user.created()) <= TimeUtil::TimestampToMilliseconds(now);
  *user.mutable_modified() = later ? now : user.created();
}

Status CheckName(std::string_view parameter, std::string_view name) {
  if (!name.empty() && name.size() <= kMostName) return Status();
  return InvalidArgumentError(std::string(parameter) + ": expected 1 to " +
                              std::to_string(kMostName) + " bytes, found " +
                              std::to_string(name.size()));
}

/// The names of groups with these ids. All users belong to the group All without being listed.
StatusOr<std::vector<std::string>> GroupNames(const Request& request,
                                              const std::vector<std::string>& ids) {
  std::vector<std::string> names;
  for (const std::string& id : ids) {
    const Header* const group = request.caller.world->Find(Kind::kGroup, id);
    if (group == nullptr || !request.caller.Sees(*group)) {
      return InvalidArgumentError("groups: found no group " + Quoted(id));
    }
    if (group->name != "All") names.push_back(group->name);
  }
  return names;
}

StatusOr<const Header*> UserOf(const Request& request, std::string_view id) {
  const Header* const user = request.caller.world->Find(Kind::kUser, id);
  if (user == nullptr || !request.caller.Sees(*user)) {
    return InternalError("userid: found no user " + Quoted(id));
  }
  return user;
}

/// Sets who has changed the display name last.
Status MarkDisplayName(const Request& request, worldpb::User& user) {
  TQL_ASSIGN_OR_RETURN(const bool by_admin, request.params.Bool("triggeredbyadmin", false));
  TQL_ASSIGN_OR_RETURN(
      const Node content,
      ObjectOf(by_admin ? R"({"userProperties":{"displayNameLastUpdatedBy":"ADMIN"}})"
                        : R"({"userProperties":{"displayNameLastUpdatedBy":"AUTO"}})"));
  return MergeUserContent(content, user);
}

Status SetOrgs(const Request& request, worldpb::User& user) {
  const auto& orgs = request.caller.world->message().org();
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> ids, request.params.List("orgids"));
  if (ids.empty() && orgs.size() > 1) user.add_org(request.caller.org().name());
  for (const std::string& id : ids) {
    const auto org = std::ranges::find_if(
        orgs, [&](const worldpb::Org& candidate) { return std::to_string(candidate.id()) == id; });
    if (org == orgs.end()) return InvalidArgumentError("orgids: found no org " + Quoted(id));
    user.add_org(org->name());
  }
  return Status();
}

StatusOr<worldpb::User> NewUser(const Request& request) {
  const Params& params = request.params;
  worldpb::User user;
  user.set_name(std::string(params.Text("name")));
  TQL_RETURN_IF_ERROR(CheckName("name", user.name()));
  user.set_display_name(std::string(params.Text("displayname")));
  if (!user.display_name().empty()) {
    TQL_RETURN_IF_ERROR(CheckName("displayname", user.display_name()));
  }
  user.set_type(std::string(params.Text("usertype")));
  const bool local = user.type().empty() || user.type() == "LOCAL_USER";
  if (local && params.Text("password").empty()) {
    return InternalError("password: expected a password, found nothing");  // as documented
  }
  user.set_visibility(std::string(params.Text("visibility")));
  user.set_author(request.caller.user->name);
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> ids, params.List("groups"));
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> groups, GroupNames(request, ids));
  user.mutable_group()->Assign(groups.begin(), groups.end());
  TQL_RETURN_IF_ERROR(SetOrgs(request, user));
  TQL_RETURN_IF_ERROR(MarkDisplayName(request, user));
  if (const std::string_view text = params.Text("properties"); !text.empty()) {
    auto properties = ObjectOf(text);
    if (!properties.ok()) {
      return InvalidArgumentError("properties: " + properties.status().message());
    }
    Node content;
    content.kind = Node::Kind::kMap;
    Member(content, "userProperties") = *std::move(properties);
    TQL_RETURN_IF_ERROR(MergeUserContent(content, user));
  }
  *user.mutable_created() = *user.mutable_modified() = Now(request);
  return user;
}

/// The texts of a list; nullopt for another value.
std::optional<std::vector<std::string>> TextsOf(const Node& list) {
  if (list.kind != Node::Kind::kList) return std::nullopt;
  std::vector<std::string> texts;
  for (const Node& item : list.items) {
    if (item.kind != Node::Kind::kScalar) return std::nullopt;
    texts.push_back(item.text);
  }
  return texts;
}

Status SetGroups(const Request& request, const Node& list, worldpb::User& user) {
  const auto ids = TextsOf(list);
  if (!ids) return WrongContent("assignedGroups: expected a list of guids");
  TQL_ASSIGN_OR_RETURN(const std::vector<std::string> groups, GroupNames(request, *ids));
  user.mutable_group()->Assign(groups.begin(), groups.end());
  return Status();
}

/// Sets those of the privileges that no group of the user has: the list has both.
Status SetPrivileges(const Request& request, const Node& list, worldpb::User& user) {
  const auto privileges = TextsOf(list);
  if (!privileges) return WrongContent("privileges: expected a list of privileges");
  const world::World& world = *request.caller.world;
  user.clear_privilege();
  for (const std::string& privilege : *privileges) {
    const bool inherited = std::ranges::any_of(user.group(), [&](const std::string& group) {
      const Header* const header = world.FindName(Kind::kGroup, group);
      return header != nullptr && world.MembershipOf(*header).Has(privilege);
    });
    if (!inherited) user.add_privilege(privilege);
  }
  return Status();
}

Status Rename(const Request& request, const Node& header, worldpb::World& message,
              worldpb::User& user) {
  const Node* const name = header.kind == Node::Kind::kMap ? FindMember(header, "name") : nullptr;
  if (name == nullptr || name->text == user.name()) return Status();
  TQL_RETURN_IF_ERROR(CheckName("header.name", name->text));
  const Header* const known = request.caller.world->FindName(Kind::kUser, user.name());
  if (known == nullptr || request.caller.world->IsPermanent(*known)) {
    return WrongContent("the user " + Quoted(user.name()) + " cannot be renamed");
  }
  const std::string before = user.name();
  user.set_name(name->text);
  ChangeAuthors(message, {before}, user.name());
  return Status();
}

Status ApplyContent(const Request& request, const Node& content, worldpb::World& message,
                    worldpb::User& user) {
  if (const Node* const inner = FindMember(content, "userContent")) {
    TQL_RETURN_IF_ERROR(MergeUserContent(*inner, user));
  }
  if (const Node* const groups = FindMember(content, "assignedGroups")) {
    TQL_RETURN_IF_ERROR(SetGroups(request, *groups, user));
  }
  if (const Node* const privileges = FindMember(content, "privileges")) {
    TQL_RETURN_IF_ERROR(SetPrivileges(request, *privileges, user));
  }
  if (const Node* const state = FindMember(content, "state")) {
    if (state->text != "ACTIVE" && state->text != "INACTIVE") {
      return WrongContent("state: expected ACTIVE or INACTIVE, found " + Quoted(state->text));
    }
    user.set_inactive(state->text == "INACTIVE");
  }
  if (const Node* const name = FindMember(content, "displayName")) {
    TQL_RETURN_IF_ERROR(CheckName("displayName", name->text));
    if (name->text != user.display_name()) {
      TQL_RETURN_IF_ERROR(MarkDisplayName(request, user));
      user.set_display_name(name->text);
    }
  }
  if (const Node* const word = FindMember(content, "visibility")) user.set_visibility(word->text);
  if (const Node* const word = FindMember(content, "type")) user.set_type(word->text);
  const Node* const header = FindMember(content, "header");
  return header == nullptr ? Status() : Rename(request, *header, message, user);
}

Status AsInternal(const Status& status) {
  if (status.code() != StatusCode::kInvalidArgument) return status;
  return WrongContent(status.message());
}

/// Changes a user, who may have been deleted since the call began.
Status ChangeUser(
    const Request& request, const Header& header,
    const std::function<Status(worldpb::World& message, worldpb::User& user)>& change) {
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
    worldpb::User* const user = FindUser(message, header.name);
    if (user == nullptr) return InternalError("userid: found no user " + Quoted(header.id));
    SetModified(request, *user);
    return change(message, *user);
  }));
  Record(request, "USERS_MODIFIED", "Users modified", "ids", {header.id});
  return Status();
}

}  // namespace

StatusOr<Answer> CreateUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const worldpb::User user, NewUser(request));
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) -> Status {
    if (FindUser(message, user.name()) != nullptr) {
      return AlreadyExistsError("name: another user has the name " + Quoted(user.name()));
    }
    return AddUser(user, message);
  }));
  const auto world = request.caller.space->Find<world::WorldAttachment>()->Get();
  const Header* const made = world->FindName(Kind::kUser, user.name());
  if (made == nullptr) return InternalError("the user was deleted meanwhile");
  Record(request, "USERS_CREATED", "Users created", "ids", {made->id});
  std::string body;
  base::JsonWriter json(&body);
  WriteUser(*world, *made, json);
  return JsonAnswer(std::move(body));
}

StatusOr<Answer> UpdateUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, UserOf(request, request.path[0]));
  const std::string_view text = request.params.Text("content");
  if (text.empty() && !request.params.Text("password").empty()) return NoContent();
  const auto content = ObjectOf(text);
  if (!content.ok()) return AsInternal(content.status());
  const Status changed = ChangeUser(request, *header, [&](auto& message, auto& user) {
    return ApplyContent(request, *content, message, user);
  });
  if (!changed.ok()) return AsInternal(changed);
  return NoContent();
}

StatusOr<Answer> UpdateMail(const Request& request) {
  const std::string_view id = request.params.Text("userid");
  const auto header = UserOf(request, id);
  if (!header.ok()) return InvalidArgumentError(header.status().message());  // as documented
  const std::string mail(request.params.Text("emailid"));
  const std::size_t at = mail.find('@');
  if (at == 0 || at >= mail.size() - 1 || mail.size() > kMostName) {
    return InternalError("emailid: found " + Quoted(mail) + ", expected an address");
  }
  TQL_RETURN_IF_ERROR(ChangeUser(request, **header, [&](auto& /*message*/, auto& user) {
    user.set_mail(mail);
    return Status();
  }));
  return NoContent();
}

StatusOr<Answer> DeleteUser(const Request& request) {
  TQL_ASSIGN_OR_RETURN(const Header* const header, UserOf(request, request.path[0]));
  if (request.caller.world->IsPermanent(*header)) {
    return InvalidArgumentError("userid: the user " + Quoted(header->name) + " cannot be deleted");
  }
  const std::string_view org_id = request.params.Text("orgid");
  const auto& orgs = request.caller.world->message().org();
  const auto org = std::ranges::find_if(orgs, [&](const worldpb::Org& candidate) {
    return std::to_string(candidate.id()) == org_id;
  });
  if (!org_id.empty() && org_id != "-1" && org == orgs.end()) {
    return InvalidArgumentError("orgid: found no org " + Quoted(org_id));
  }
  const bool everywhere = request.params.Text("orgScope") == "ALL" || org == orgs.end();
  TQL_RETURN_IF_ERROR(ChangeWorld(request, [&](worldpb::World& message) {
    worldpb::User* const user = FindUser(message, header->name);
    if (user == nullptr) return InternalError("userid: found no user " + Quoted(header->id));
    auto& its = *user->mutable_org();
    const auto found = std::find(its.begin(), its.end(), everywhere ? "" : org->name());
    if (its.size() > 1 && found != its.end()) {
      its.erase(found);  // the user stays in the other orgs
    } else {
      EraseUsers(message, {header->name});
    }
    return Status();
  }));
  Record(request, "USERS_DELETED", "Users deleted", "ids", {header->id});
  return NoContent();
}

}  // namespace tql::rest
