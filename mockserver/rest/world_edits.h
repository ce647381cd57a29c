// What the calls that change the world of a namespace have in common.
#ifndef TQLKIT_MOCKSERVER_REST_WORLD_EDITS_H_
#define TQLKIT_MOCKSERVER_REST_WORLD_EDITS_H_

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mockserver/rest/endpoint.h"
#include "proto/document/document.h"

namespace tql::rest {

using Names = std::unordered_set<std::string>;

/// An answer without a body: 204.
Answer NoContent();
/// The beginning of a text, in quotes, for errors.
std::string Quoted(std::string_view text);

/// Changes the world of the caller's namespace, whose message may differ from the caller's.
Status ChangeWorld(const Request& request,
                   const std::function<Status(worldpb::World& message)>& change);
/// Both return null for an unknown name.
worldpb::User* FindUser(worldpb::World& message, std::string_view name);
worldpb::Group* FindGroup(worldpb::World& message, std::string_view name);

/// RESOURCE_EXHAUSTED if the world has too many users.
Status AddUser(const worldpb::User& user, worldpb::World& message);
/// Makes `to` the author of all objects of these users.
void ChangeAuthors(worldpb::World& message, const Names& from, std::string_view to);
/// Objects of deleted users belong to the user "system" afterwards.
void EraseUsers(worldpb::World& message, const Names& names);
void EraseGroups(worldpb::World& message, const Names& names);

/// Adds an event of the caller to the security log, with a list of texts as its data.
void Record(const Request& request, std::string_view type, std::string_view description,
            std::string_view key, const std::vector<std::string>& texts);

/// Parses an object of JSON.
StatusOr<document::Node> ObjectOf(std::string_view text);
/// The value of a key of a map; null without one.
const document::Node* FindMember(const document::Node& map, std::string_view key);
/// Merges an object of JSON into another one; everything else is replaced.
void Merge(const document::Node& from, document::Node& into);
/// The value of a key of a map, which is added as an empty map without one.
document::Node& Member(document::Node& map, std::string_view key);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_WORLD_EDITS_H_
