#include "mockserver/frontend/http/login.h"

#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "tql/wire/json.h"

namespace tql::frontend {

StatusOr<pb::LoginRequest> CredentialsOf(std::string_view body) {
  const std::size_t start = body.find_first_not_of(" \t\r\n");
  if (start != body.npos && body[start] == '{') return FromJson<pb::LoginRequest>(body);
  pb::LoginRequest login;
  const auto name = FormValue(body, "username");
  const auto password = FormValue(body, "password");
  if (!name || !password) {
    return InvalidArgumentError(
        "a login needs username and password, as a form or as a JSON object");
  }
  login.set_username(*name);
  login.set_password(*password);
  return login;
}

void SetSessionCookie(const HttpRequest& request, const std::optional<std::string>& token,
                      HttpResponse& response) {
  std::string cookie = std::string(kSessionCookie) + "=";
  cookie += token ? *token + "; Path=/; HttpOnly; SameSite=Lax" : "; Path=/; Max-Age=0";
  if (request.tls) cookie += "; Secure";
  response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

}  // namespace tql::frontend
