// The calls of TqlHandler around logins, including the information that clients request first.
#include <string>
#include <utility>

#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "proto/base/json_writer.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tqlkit/tql_service.pb.h"

namespace tql::frontend {
namespace {

/// The release that the mock reports; clients read its first three numbers.
constexpr std::string_view kRelease = "9.0.0.cl-100";
constexpr std::string_view kClusterName = "tqlmockd";
constexpr std::string_view kClusterGuid = "00000000-0000-4000-8000-000000000001";
constexpr std::string_view kEmailConfig =
    R"({"welcomeEmailConfig":{"getStartedLink":"https://localhost/"}})";
constexpr std::string_view kSystemUserGuid = "00000000-0000-4000-8000-000000000002";
constexpr std::string_view kSuperUserGuid = "00000000-0000-4000-8000-000000000003";
constexpr std::string_view kAdministratorGuid = "00000000-0000-4000-8000-000000000004";

/// Reads name and password from a JSON object or a form, regardless of the Content-Type.
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

std::string PrivilegesOf(const service::User& user) {
  return user.can_manage_data ? "[\"ADMINISTRATION\",\"DATAMANAGEMENT\"]" : "[]";
}

/// Returns an address that clients accept: its domain has a dot, and its local part has only valid
/// characters. example.com is reserved for such uses.
std::string EmailOf(const service::User& user) {
  constexpr std::size_t kMostLocalPart = 64;  // RFC 5321
  std::string local = user.name.substr(0, kMostLocalPart);
  for (char& c : local) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '_') c = '-';
  }
  return local + "@example.com";
}

/// Writes the members of a JSON object in the given order.
class JsonObject {
 public:
  JsonObject() { json_.BeginObject(); }
  JsonObject& Add(std::string_view key, std::string_view value) {
    json_.Key(key).String(value);
    return *this;
  }
  JsonObject& AddRaw(std::string_view key, std::string_view json) {
    json_.Key(key).Raw(json);
    return *this;
  }
  std::string Text() {
    json_.EndObject();
    return std::move(text_);
  }

 private:
  std::string text_;
  base::JsonWriter json_{&text_};
};

/// The session information, which a login returns and clients request later.
std::string SessionInfoOf(const service::User& user) {
  return JsonObject()
      .Add("userGUID", user.guid)
      .Add("userName", user.name)
      .Add("userDisplayName", user.name)
      .Add("userEmail", EmailOf(user))
      .AddRaw("privileges", PrivilegesOf(user))
      .Add("releaseVersion", kRelease)
      .Add("apiVersion", "v1")
      .Add("locale", "en_US")
      .Add("timezone", "UTC")
      .AddRaw("canChangePassword", "false")
      .AddRaw("isSystemUser", "false")
      .AddRaw("dateFormat", R"({"formatPattern":"yyyy-MM-dd"})")
      .AddRaw("timeFormat", R"({"formatPattern":"HH:mm:ss"})")
      .AddRaw("dateTimeFormat", R"({"formatPattern":"yyyy-MM-dd HH:mm:ss"})")
      .AddRaw("integerFormat", "{}")
      .AddRaw("decimalFormat", "{}")
      .AddRaw("clientState", R"({"preferences":{},"tips":{}})")
      .AddRaw("configInfo", JsonObject()
                                .AddRaw("isSaas", "false")
                                .Add("selfClusterName", kClusterName)
                                .Add("selfClusterId", kClusterGuid)
                                .AddRaw("emailConfig", kEmailConfig)
                                .Text())
      .Text();
}

/// The answer of a login or a logout, which sets the client's cookie. A cookie set over TLS is
/// Secure.
HttpResponse WithCookie(const HttpRequest& request, std::string json, const std::string& cookie) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.headers.emplace_back(
      "Set-Cookie", std::string(kSessionCookie) + "=" + cookie + (request.tls ? "; Secure" : ""));
  response.body = std::move(json);
  return response;
}

}  // namespace

HttpResponse TqlHandler::Login(const Call& call) {
  const auto credentials = CredentialsOf(call.request.body);
  if (!credentials.ok()) return Refuse(call, 400, credentials.status());
  const auto login = service_.Login(*call.context, *credentials);
  if (!login.ok()) {
    return ErrorResponse(HttpStatusOf(login.status().code()), login.status().message());
  }
  return WithCookie(call.request, SessionInfoOf(*login->session.user),
                    login->token + "; Path=/; HttpOnly; SameSite=Lax");
}

HttpResponse TqlHandler::Logout(const Call& call) {
  service_.Logout(*call.context);
  return WithCookie(call.request, "{}", "; Path=/; Max-Age=0");
}

HttpResponse TqlHandler::SessionInfo(const Call& call) {
  return Answer(call, SessionInfoOf(*call.context->session->user));
}

HttpResponse TqlHandler::CurrentUser(const Call& call) {
  const service::User& user = *call.context->session->user;
  return Answer(call, JsonObject()
                          .Add("id", user.guid)
                          .Add("name", user.name)
                          .Add("display_name", user.name)
                          .AddRaw("privileges", PrivilegesOf(user))
                          .Add("email", EmailOf(user))
                          .AddRaw("current_org", R"({"id":0,"name":"Primary"})")
                          .Text());
}

HttpResponse TqlHandler::SystemInfo(const Call& call) {
  return Answer(call, JsonObject()
                          .Add("id", kClusterGuid)
                          .Add("name", kClusterName)
                          .Add("release_version", kRelease)
                          .Add("time_zone", "UTC")
                          .Add("type", "SOFTWARE")
                          .Add("tsadmin_user_id", kAdministratorGuid)
                          .Add("system_user_id", kSystemUserGuid)
                          .Add("super_user_id", kSuperUserGuid)
                          .Text());
}

}  // namespace tql::frontend
