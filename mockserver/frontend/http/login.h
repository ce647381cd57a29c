// What the logins of all services have in common.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOGIN_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOGIN_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/http_message.h"
#include "tql/status.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.pb.h"

namespace tql::frontend {

/// Reads name and password from a JSON object or a form, regardless of the Content-Type.
StatusOr<pb::LoginRequest> CredentialsOf(std::string_view body);

/// Adds the cookie with the token of a new session; nullopt: the session has ended. A cookie set
/// over TLS is Secure.
void SetSessionCookie(const HttpRequest& request, const std::optional<std::string>& token,
                      HttpResponse& response);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOGIN_H_
