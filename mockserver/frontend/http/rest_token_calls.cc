// The calls of REST v2 about tokens.
#include <string>
#include <utility>

#include "mockserver/frontend/http/rest_handler.h"
#include "mockserver/rest/audit_log.h"
#include "mockserver/rest/objects.h"
#include "mockserver/service/bearer_token.h"
#include "proto/base/json_writer.h"
#include "tql/wire/http_status.h"

namespace tql::frontend {
namespace {

/// The token in the form that clients get.
std::string BearerOf(std::string_view token) {
  return service::SessionTokenOf(token) ? std::string(token) : service::BearerTokenOf(token);
}

void WriteTimes(const rest::Caller& caller, const service::Session& session,
                base::JsonWriter& json) {
  const auto now = caller.space->environment()->clock.WallTime();
  json.Key("creation_time_in_millis").Integer(rest::MillisecondsOf(now));
  json.Key("expiration_time_in_millis").Integer(rest::MillisecondsOf(session.expires));
}

/// `object` is the id of the object that the token is for; empty for a token for everything.
void WriteScope(const worldpb::Org& org, std::string_view object, base::JsonWriter& json) {
  json.Key("scope").BeginObject().Key("access_type");
  json.String(object.empty() ? "FULL" : "REPORT_BOOK_VIEW").Key("org_id").Integer(org.id());
  json.Key("metadata_id");
  object.empty() ? json.Raw("null") : json.String(object);
  json.EndObject();
}

HttpResponse Json(std::string body) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.body = std::move(body);
  return response;
}

std::string TokenJson(const rest::Caller& caller, const worldpb::Org& org, std::string_view token,
                      const service::Session& session, std::string_view object) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("token").String(BearerOf(token));
  WriteTimes(caller, session, json);
  WriteScope(org, object, json);
  json.Key("valid_for_user_id").String(session.user->guid);
  json.Key("valid_for_username").String(session.user->name).EndObject();
  return body;
}

}  // namespace

worldpb::Org RestHandler::OrgOf(const service::Session& session) const {
  const auto caller = rest::CallerIn(namespaces_, session, *session.space);
  return caller.ok() && caller->user != nullptr ? caller->org() : worldpb::Org();
}

HttpResponse RestHandler::TokenResponse(const Call& call, std::string_view token,
                                        const service::Session& session) {
  return Json(TokenJson(call.caller, OrgOf(session), token, session, {}));
}

HttpResponse RestHandler::ObjectTokenResponse(const Call& call, std::string_view token,
                                              const service::Session& session) {
  return Json(
      TokenJson(call.caller, OrgOf(session), token, session, call.params.Text("object_id")));
}

HttpResponse RestHandler::CustomTokenResponse(const Call& call, std::string_view token,
                                              const service::Session& session) {
  const worldpb::Org org = OrgOf(session);
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject().Key("id").Raw("null").Key("token").String(BearerOf(token));
  json.Key("org").BeginObject().Key("id").Integer(org.id()).Key("name").String(org.name());
  json.EndObject().Key("user").BeginObject().Key("id").String(session.user->guid);
  json.Key("name").String(session.user->name).EndObject();
  WriteTimes(call.caller, session, json);
  json.EndObject();
  return Json(std::move(body));
}

HttpResponse RestHandler::StartWithToken(Call& call, RespondWithToken respond) {
  if (call.params.Find("password") == nullptr && call.params.Find("secret_key") != nullptr) {
    return Served(call, [&] {
      const Trusted trusted = Trust(call);
      if (!trusted.status.ok()) return Refuse(call, trusted.http_status, trusted.status);
      return (this->*respond)(call, trusted.login.token, trusted.login.session);
    });
  }
  pb::LoginRequest request;
  request.set_username(std::string(call.params.Text("username")));
  request.set_password(std::string(call.params.Text("password")));
  if (request.username().empty()) {
    return Refuse(call, 400,
                  InvalidArgumentError("username: expected the name of a user, found nothing"));
  }
  auto login = service_.Login(call.context, request);
  if (!login.ok()) return Error(call, HttpStatusOf(login.status().code()), login.status());
  if (const Status status = SetUp(call, *login); !status.ok()) {
    const bool invalid = status.code() == StatusCode::kInvalidArgument;
    return Error(call, invalid ? 400 : HttpStatusOf(status.code()), status);
  }
  return (this->*respond)(call, login->token, login->session);
}

HttpResponse RestHandler::FullToken(Call& call) {
  return StartWithToken(call, &RestHandler::TokenResponse);
}

HttpResponse RestHandler::ObjectToken(Call& call) {
  if (call.params.Text("object_id").empty()) {
    return Refuse(call, 400, InvalidArgumentError("object_id: expected a guid, found nothing"));
  }
  return StartWithToken(call, &RestHandler::ObjectTokenResponse);
}

HttpResponse RestHandler::CustomToken(Call& call) {
  const std::string_view option = call.params.Text("persist_option");
  if (option != "REPLACE" && option != "APPEND" && option != "NONE" && option != "RESET") {
    return Refuse(
        call, 400,
        InvalidArgumentError("persist_option: expected REPLACE, APPEND, NONE or RESET, found " +
                             (option.empty() ? std::string("nothing") : "another text")));
  }
  return StartWithToken(call, &RestHandler::CustomTokenResponse);
}

HttpResponse RestHandler::CurrentToken(Call& call) {
  return TokenResponse(call, call.context.token, *call.context.session);
}

HttpResponse RestHandler::ValidateToken(Call& call) {
  const std::string_view token = call.params.Text("token");
  if (token.empty()) {
    return Refuse(call, 400, InvalidArgumentError("token: expected a token, found nothing"));
  }
  const StatusOr<service::Session> session = sessions_.Authenticate(token);
  if (!session.ok()) return Refuse(call, 401, session.status());
  std::string body;
  base::JsonWriter json(&body);
  json.BeginObject();
  WriteTimes(call.caller, *session, json);
  WriteScope(OrgOf(*session), {}, json);
  json.Key("valid_for_user_id").String(session->user->guid);
  json.Key("token_type").String("Bearer").EndObject();
  return Json(std::move(body));
}

HttpResponse RestHandler::RevokeToken(Call& call) {
  const std::string_view identifier = call.params.Text("user_identifier");
  const std::string* const given = call.params.Find("token");
  const rest::Caller& caller = call.caller;
  for (const std::string_view name : {"user_identifier", "token"}) {
    if (call.params.Find(name) == nullptr || !call.params.Text(name).empty()) continue;
    return Refuse(call, 400,
                  InvalidArgumentError(std::string(name) + ": expected a text, found nothing"));
  }
  const std::string token(given == nullptr ? call.context.token : std::string_view(*given));
  const StatusOr<service::Session> session = sessions_.Authenticate(token);
  if (!session.ok() || *session->space != *call.context.session->space) {
    return Refuse(call, 400, InvalidArgumentError("token: expected the token of a session"));
  }
  const service::User& user = *session->user;
  if (!identifier.empty() && identifier != user.name && identifier != user.guid) {
    return Refuse(call, 400,
                  InvalidArgumentError("user_identifier: the token is that of another user"));
  }
  if (user.name != caller.user->name && !caller.membership().is_administrator()) {
    return Refuse(call, 403,
                  PermissionDeniedError("token: another user's needs the privilege "
                                        "ADMINISTRATION"));
  }
  sessions_.Logout(token);
  HttpResponse response;
  response.status = 204;
  return response;
}

}  // namespace tql::frontend
