// The calls of REST v2 that the table in v2.cc names.
#ifndef TQLKIT_MOCKSERVER_REST_V2_CALLS_H_
#define TQLKIT_MOCKSERVER_REST_V2_CALLS_H_

#include "mockserver/rest/endpoint.h"

namespace tql::rest::v2 {

// v2_search.cc
StatusOr<Answer> SearchUsers(const Request& request);
StatusOr<Answer> SearchGroups(const Request& request);
StatusOr<Answer> SearchConnections(const Request& request);
StatusOr<Answer> SearchTags(const Request& request);
StatusOr<Answer> SearchOrgs(const Request& request);
StatusOr<Answer> SearchRoles(const Request& request);

// v2_metadata.cc
StatusOr<Answer> SearchMetadata(const Request& request);

// v2_system.cc
StatusOr<Answer> SessionUser(const Request& request);
StatusOr<Answer> System(const Request& request);
StatusOr<Answer> SystemConfig(const Request& request);
StatusOr<Answer> SystemOverrides(const Request& request);
StatusOr<Answer> UpdateSystemConfig(const Request& request);
StatusOr<Answer> FetchLogs(const Request& request);
StatusOr<Answer> Preauth(const Request& request);

// v2_users.cc, v2_groups.cc
StatusOr<Answer> CreateUser(const Request& request);
StatusOr<Answer> UpdateUser(const Request& request);
StatusOr<Answer> DeleteUser(const Request& request);
StatusOr<Answer> CreateGroup(const Request& request);
StatusOr<Answer> UpdateGroup(const Request& request);
StatusOr<Answer> DeleteGroup(const Request& request);

// v2_tags.cc, v2_orgs.cc, v2_roles.cc
StatusOr<Answer> CreateTag(const Request& request);
StatusOr<Answer> UpdateTag(const Request& request);
StatusOr<Answer> DeleteTag(const Request& request);
StatusOr<Answer> AssignTag(const Request& request);
StatusOr<Answer> UnassignTag(const Request& request);
StatusOr<Answer> CreateOrg(const Request& request);
StatusOr<Answer> UpdateOrg(const Request& request);
StatusOr<Answer> DeleteOrg(const Request& request);
StatusOr<Answer> CreateRole(const Request& request);
StatusOr<Answer> UpdateRole(const Request& request);
StatusOr<Answer> DeleteRole(const Request& request);

// v2_edit_objects.cc
StatusOr<Answer> DeleteMetadata(const Request& request);
StatusOr<Answer> AssignAuthor(const Request& request);

}  // namespace tql::rest::v2

#endif  // TQLKIT_MOCKSERVER_REST_V2_CALLS_H_
