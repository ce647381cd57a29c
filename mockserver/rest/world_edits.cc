#include "mockserver/rest/world_edits.h"

#include <algorithm>
#include <utility>

#include "mockserver/world/attachment.h"
#include "proto/base/json_writer.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::rest {
namespace {

using document::Node;

constexpr std::size_t kQuoted = 60;
constexpr int kMostUsers = 100'000;
constexpr std::string_view kNewOwner = "system";

template <typename List>
auto* FindByName(List& list, std::string_view name) {
  const auto found = std::ranges::find_if(list, [&](const auto& o) { return o.name() == name; });
  return found == list.end() ? nullptr : &*found;
}

template <typename List>
void Erase(List& list, const Names& names) {
  const auto first = std::remove_if(
      list.begin(), list.end(), [&](const auto& object) { return names.contains(object.name()); });
  list.erase(first, list.end());
}

template <typename List>
void ChangeAuthorsOf(List& list, const Names& from, std::string_view to) {
  for (auto& object : list) {
    if (from.contains(object.author())) object.set_author(std::string(to));
  }
}

template <typename Principal>
void LeaveGroups(Principal& principal, const Names& names) {
  auto& groups = *principal.mutable_group();
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [&](const std::string& group) { return names.contains(group); }),
               groups.end());
}

}  // namespace

Answer NoContent() {
  Answer answer;
  answer.status = 204;
  answer.content_type.clear();
  return answer;
}

std::string Quoted(std::string_view text) { return '"' + base::Excerpt(text, kQuoted) + '"'; }

Status ChangeWorld(const Request& request,
                   const std::function<Status(worldpb::World& message)>& change) {
  return request.caller.space->Find<world::WorldAttachment>()->Change(change);
}

worldpb::User* FindUser(worldpb::World& message, std::string_view name) {
  return FindByName(*message.mutable_user(), name);
}

worldpb::Group* FindGroup(worldpb::World& message, std::string_view name) {
  return FindByName(*message.mutable_group(), name);
}

Status AddUser(const worldpb::User& user, worldpb::World& message) {
  if (message.user_size() >= kMostUsers) {
    return ResourceExhaustedError("the world has " + std::to_string(kMostUsers) + " users");
  }
  *message.add_user() = user;
  return Status();
}

void ChangeAuthors(worldpb::World& message, const Names& from, std::string_view to) {
  ChangeAuthorsOf(*message.mutable_user(), from, to);
  ChangeAuthorsOf(*message.mutable_group(), from, to);
  ChangeAuthorsOf(*message.mutable_tag(), from, to);
  ChangeAuthorsOf(*message.mutable_connection(), from, to);
  ChangeAuthorsOf(*message.mutable_table(), from, to);
  ChangeAuthorsOf(*message.mutable_answer(), from, to);
  ChangeAuthorsOf(*message.mutable_liveboard(), from, to);
}

void EraseUsers(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_user(), names);
  ChangeAuthors(message, names, kNewOwner);
}

void EraseGroups(worldpb::World& message, const Names& names) {
  Erase(*message.mutable_group(), names);
  for (worldpb::Group& group : *message.mutable_group()) LeaveGroups(group, names);
  for (worldpb::User& user : *message.mutable_user()) LeaveGroups(user, names);
}

void Record(const Request& request, std::string_view type, std::string_view description,
            std::string_view key, const std::vector<std::string>& texts) {
  AuditEvent event{.type = type,
                   .description = description,
                   .user = request.caller.session->user.get(),
                   .peer = request.caller.peer,
                   .org = request.caller.org().id()};
  event.data.clear();
  base::JsonWriter json(&event.data);
  json.BeginObject().Key(key).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray().EndObject();
  request.caller.audit->Add(event, *request.caller.space->environment());
}

StatusOr<Node> ObjectOf(std::string_view text) {
  TQL_ASSIGN_OR_RETURN(Node node, document::ParseJson(text));
  if (node.kind != Node::Kind::kMap) return InvalidArgumentError("expected an object of JSON");
  return node;
}

const Node* FindMember(const Node& map, std::string_view key) {
  const auto found =
      std::ranges::find_if(map.entries, [&](const auto& entry) { return entry.key.text == key; });
  return found == map.entries.end() ? nullptr : &found->value;
}

void Merge(const Node& from, Node& into) {
  if (from.kind != Node::Kind::kMap || into.kind != Node::Kind::kMap) {
    into = from;
    return;
  }
  for (const auto& [key, value] : from.entries) Merge(value, Member(into, key.text));
}

Node& Member(Node& map, std::string_view key) {
  const auto found =
      std::ranges::find_if(map.entries, [&](const auto& entry) { return entry.key.text == key; });
  if (found != map.entries.end()) return found->value;
  Node::Entry& entry = map.entries.emplace_back();
  entry.key.kind = Node::Kind::kScalar;
  entry.key.text = key;
  entry.value.kind = Node::Kind::kMap;
  return entry.value;
}

}  // namespace tql::rest
