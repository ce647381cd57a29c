// The object userContent of a user: preferences, properties and activity.
#ifndef TQLKIT_MOCKSERVER_REST_USER_CONTENT_H_
#define TQLKIT_MOCKSERVER_REST_USER_CONTENT_H_

#include <string>

#include "mockserver/world/world.h"
#include "proto/document/document.h"
#include "tql/status.h"

namespace tql::rest {

/// The object as JSON: the documented defaults, and what the world has of it.
std::string UserContent(const worldpb::User& user);

/// Merges an object with the form of userContent into that of a user, whose mail is a field.
/// INVALID_ARGUMENT for another form.
Status MergeUserContent(const document::Node& content, worldpb::User& user);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_USER_CONTENT_H_
