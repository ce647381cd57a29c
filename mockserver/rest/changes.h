// The calls of the REST API v1 that change the world of a namespace.
#ifndef TQLKIT_MOCKSERVER_REST_CHANGES_H_
#define TQLKIT_MOCKSERVER_REST_CHANGES_H_

#include "mockserver/rest/endpoint.h"

namespace tql::rest {

StatusOr<Answer> HomeLiveboard(const Request& request);
StatusOr<Answer> SetHomeLiveboard(const Request& request);
StatusOr<Answer> RemoveHomeLiveboard(const Request& request);

StatusOr<Answer> UpdateConfig(const Request& request);

/// Deletes the principals with the ids of a list. Objects of deleted users belong to the user
/// "system" afterwards.
StatusOr<Answer> DeleteUsers(const Request& request);
StatusOr<Answer> DeleteGroups(const Request& request);

/// Of the groups with the names of a list.
StatusOr<Answer> AddPrivilege(const Request& request);
StatusOr<Answer> RemovePrivilege(const Request& request);

/// Gives all objects of a user, or those of a list, to another one.
StatusOr<Answer> TransferOwnership(const Request& request);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_CHANGES_H_
