// What clients read about their session.
#ifndef TQLKIT_MOCKSERVER_REST_SESSION_INFO_H_
#define TQLKIT_MOCKSERVER_REST_SESSION_INFO_H_

#include <string>
#include <string_view>

#include "mockserver/rest/caller.h"

namespace tql::rest {

/// The object of session/info, which a private login returns, too. The caller has a session.
std::string SessionInfo(const Caller& caller);

/// The address of a user, or one that clients accept: its domain has a dot.
std::string MailOf(const worldpb::User& user);

}  // namespace tql::rest

#endif  // TQLKIT_MOCKSERVER_REST_SESSION_INFO_H_
