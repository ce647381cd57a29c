// Objects of a list `metadata` that a call of REST v2 changes.
#ifndef TQLKIT_MOCKSERVER_REST_V2_EDIT_OBJECTS_H_
#define TQLKIT_MOCKSERVER_REST_V2_EDIT_OBJECTS_H_

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mockserver/rest/caller.h"
#include "mockserver/rest/fields.h"
#include "mockserver/world/world.h"
#include "tql/status.h"

namespace tql::rest::v2 {

/// The types of objects that may have a tag or another author.
inline constexpr std::string_view kTaggable[] = {"LIVEBOARD", "ANSWER", "LOGICAL_TABLE",
                                                 "CONNECTION"};
inline constexpr std::string_view kDeletable[] = {"LIVEBOARD", "ANSWER", "LOGICAL_TABLE"};

/// Finds the objects of the list `metadata`, whose elements have an identifier and may have a type.
/// INVALID_ARGUMENT for an unknown object, and for a name that several have. PERMISSION_DENIED for
/// an object of another author, unless the caller is an administrator.
StatusOr<std::vector<const world::Header*>> ReadEditable(const Caller& caller, const Fields& fields,
                                                         std::span<const std::string_view> types);

/// Calls `edit` with the object of each header in the message; objects that were deleted meanwhile
/// are left out.
template <typename Edit>
void EditObjects(worldpb::World& message, const std::vector<const world::Header*>& headers,
                 const Edit& edit) {
  std::unordered_set<std::string> ids;
  for (const world::Header* const header : headers) ids.insert(header->id);
  const auto edit_all = [&](auto& list) {
    for (auto& object : list) {
      if (ids.contains(object.id())) edit(object);
    }
  };
  edit_all(*message.mutable_connection());
  edit_all(*message.mutable_table());
  edit_all(*message.mutable_answer());
  edit_all(*message.mutable_liveboard());
}

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_EDIT_OBJECTS_H_
