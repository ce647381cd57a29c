// Session tokens in the form in which the REST API gives them to clients.
#ifndef TQLKIT_MOCKSERVER_SERVICE_BEARER_TOKEN_H_
#define TQLKIT_MOCKSERVER_SERVICE_BEARER_TOKEN_H_

#include <optional>
#include <string>
#include <string_view>

namespace tql::service {

/// Returns the token of a session, 64 hexadecimal digits, as unpadded base64 of the text of a hash:
/// "$shiro1$SHA-256$500000$SALT$HASH". The hash is the token.
std::string BearerTokenOf(std::string_view session_token);

/// Returns the session token of such a text, or nullopt for any other text.
std::optional<std::string> SessionTokenOf(std::string_view bearer_token);

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_BEARER_TOKEN_H_
