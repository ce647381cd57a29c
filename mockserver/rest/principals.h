// The calls of the REST API v1 that make, change and delete users and groups.
#ifndef TQLKIT_MOCKSERVER_REST_PRINCIPALS_H_
#define TQLKIT_MOCKSERVER_REST_PRINCIPALS_H_

#include "mockserver/rest/endpoint.h"

namespace tql::rest {

/// Passwords are not kept: a user of the world cannot log in.
StatusOr<Answer> CreateUser(const Request& request);
/// The path has the id of the user.
StatusOr<Answer> UpdateUser(const Request& request);
StatusOr<Answer> DeleteUser(const Request& request);
StatusOr<Answer> UpdateMail(const Request& request);

/// Makes the user of a trusted login with the parameters email, display_name and groups (or
/// group_identifiers), unless the world has a user of this name. The caller has no session.
Status CreateTrustedUser(const Caller& caller, const Params& params, std::string_view name);

/// Makes the users and groups those of a list.
StatusOr<Answer> SyncPrincipals(const Request& request);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_PRINCIPALS_H_
