// The objects of REST v2 as JSON. Every member that clients know is written, null if the world has
// no value for it.
#ifndef TQLKIT_MOCKSERVER_REST_V2_OBJECTS_H_
#define TQLKIT_MOCKSERVER_REST_V2_OBJECTS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/rest/caller.h"
#include "mockserver/rest/objects.h"
#include "mockserver/world/world.h"
#include "proto/base/json_writer.h"

namespace tql::rest::v2 {

/// Who is in each group of a world, in the order of its groups.
struct GroupMembers {
  explicit GroupMembers(const world::World& world);
  std::vector<std::vector<const world::Header*>> users;
  std::vector<std::vector<const world::Header*>> groups;
};

/// The members of a user, without braces, besides current_org.
void WriteUserMembersV2(const world::World& world, const world::Header& user,
                        base::JsonWriter& json);
void WriteUserV2(const world::World& world, const world::Header& user, base::JsonWriter& json);
struct GroupParts {
  bool users = true;
  bool groups = true;
};
void WriteGroupV2(const world::World& world, const world::Header& group,
                  const GroupMembers& members, GroupParts parts, base::JsonWriter& json);
void WriteTagV2(const world::World& world, const world::Header& tag, base::JsonWriter& json);
void WriteRoleV2(const world::World& world, const world::Header& role, base::JsonWriter& json);
void WriteOrgV2(const worldpb::Org& org, base::JsonWriter& json);

/// "SHARABLE" or "NON_SHARABLE" of a visibility of the world, and back.
std::string_view VisibilityToV2(std::string_view visibility);
std::string_view VisibilityFromV2(std::string_view visibility);
/// "GOOGLE_BIGQUERY" of "RDBMS_GCP_BIGQUERY".
std::string_view WarehouseToV2(std::string_view type);

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_OBJECTS_H_
