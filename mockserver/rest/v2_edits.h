// Changes of a namespace's world that several calls of v2 make: times, ids, names and what refers
// to them. world_edits.h has those of v1 and v2.
#ifndef TQLKIT_MOCKSERVER_REST_V2_EDITS_H_
#define TQLKIT_MOCKSERVER_REST_V2_EDITS_H_

#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/world_edits.h"
#include "mockserver/world/world.h"
#include "proto/base/utf8.h"
#include "tql/status.h"

namespace tql::rest::v2 {

/// The world of the caller's namespace after a change.
std::shared_ptr<const world::World> ChangedWorld(const Request& request);

/// What a new object gets.
struct Origin {
  std::string id;  // the seed and the number of those before determine it
  google::protobuf::Timestamp time;
  std::string author;  // the caller
  std::string org;     // that of the session
};
Origin OriginOf(const Request& request);
google::protobuf::Timestamp Now(const Request& request);

/// Adds an object to a list. INVALID_ARGUMENT if the list is full.
template <typename List>
StatusOr<typename List::value_type*> AddObject(const Origin& origin, List& list) {
  constexpr int kMost = 100'000;
  if (list.size() >= kMost) return InvalidArgumentError("the world has no room for more objects");
  auto* const object = list.Add();
  object->set_id(origin.id);
  if constexpr (requires { object->set_author(origin.author); }) {
    object->set_author(origin.author);
    *object->mutable_created() = *object->mutable_modified() = origin.time;
    object->add_org(origin.org);
  }
  return object;
}

/// INVALID_ARGUMENT if an object of the list has the name.
template <typename List>
Status CheckNewName(const List& list, const std::string& name) {
  if (std::ranges::none_of(list, [&](const auto& object) { return object.name() == name; })) {
    return Status();
  }
  return InvalidArgumentError("name: another object has the name " + Quoted(name));
}

/// Sets the time of the last change: now, or that of the creation if it is later.
template <typename Object>
void Touch(const google::protobuf::Timestamp& now, Object& object) {
  *object.mutable_modified() = std::max(now, object.created(), [](const auto& a, const auto& b) {
    return std::pair(a.seconds(), a.nanos()) < std::pair(b.seconds(), b.nanos());
  });
}

/// The object of an id, or null.
template <typename List, typename Id>
auto* FindById(List& list, const Id& id) {
  const auto found = std::ranges::find_if(list, [&](const auto& o) { return o.id() == id; });
  return found == list.end() ? nullptr : &*found;
}

void EraseTags(worldpb::World& message, const Names& names);
/// Removes connections; their tables have none afterwards.
void EraseConnections(worldpb::World& message, const Names& names);
/// Removes Liveboards, answers and tables by their ids, and Liveboards from users and groups.
void EraseObjects(worldpb::World& message, const Names& ids);
void EraseRoles(worldpb::World& message, const Names& names);

/// Change the name of a user, group, tag, role or org in everything that refers to it.
void RenameUser(worldpb::World& message, const std::string& from, const std::string& to);
void RenameGroup(worldpb::World& message, const std::string& from, const std::string& to);
void RenameTag(worldpb::World& message, const std::string& from, const std::string& to);
void RenameRole(worldpb::World& message, const std::string& from, const std::string& to);
void RenameOrg(worldpb::World& message, const std::string& from, const std::string& to);

/// Applies ADD, REMOVE or REPLACE to a list of names.
template <typename List, typename Values>
void ApplyOperation(std::string_view operation, const Values& values, List& list) {
  if (operation == "REPLACE") list.Clear();
  for (const auto& value : values) {
    const auto found = std::ranges::find(list, value);
    if (operation == "REMOVE" && found != list.end()) list.erase(found);
    if (operation != "REMOVE" && found == list.end()) *list.Add() = value;
  }
}

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_EDITS_H_
