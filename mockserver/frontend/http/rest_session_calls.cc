// The calls of the REST API that start and end sessions.
#include <openssl/crypto.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/login.h"
#include "mockserver/frontend/http/rest_handler.h"
#include "mockserver/rest/principals.h"
#include "mockserver/rest/session_info.h"
#include "mockserver/service/bearer_token.h"
#include "mockserver/space/name_guid.h"
#include "mockserver/world/attachment.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "tql/wire/http_status.h"

namespace tql::frontend {
namespace {

HttpResponse NoContent() {
  HttpResponse response;
  response.status = 204;
  return response;
}

/// Adds the cookies of a new session. The second one identifies the browser, and is never read.
void SetCookies(const HttpRequest& request, const std::string& token, HttpResponse& response) {
  SetSessionCookie(request, token, response);
  response.headers.emplace_back(
      "Set-Cookie", "clientId=" + space::NameGuid("client", token) + "; Path=/; Secure; HttpOnly");
}

bool IsSecret(std::string_view secret, std::string_view given) {
  return !secret.empty() && secret.size() == given.size() &&
         CRYPTO_memcmp(secret.data(), given.data(), secret.size()) == 0;
}

/// The org of an id or a name.
StatusOr<const worldpb::Org*> FindOrg(const rest::Caller& caller, std::string_view text) {
  const auto& orgs = caller.world->message().org();
  const auto found = std::ranges::find_if(orgs, [&](const worldpb::Org& org) {
    return std::to_string(org.id()) == text || org.name() == text;
  });
  if (found == orgs.end()) return InvalidArgumentError("unknown org");
  if (found->inactive()) {
    return PermissionDeniedError("the org " + found->name() + " is inactive");
  }
  if (!caller.IsMember(*found)) {
    return PermissionDeniedError("the user is not a member of the org " + found->name());
  }
  return &*found;
}

/// A text that may stand in a header of the response.
bool IsHeaderText(std::string_view text) { return std::ranges::none_of(text, base::IsControl); }

/// INVALID_ARGUMENT is a documented error.
int StatusOfSetUp(const Status& status) {
  return status.code() == StatusCode::kInvalidArgument ? 400 : HttpStatusOf(status.code());
}

}  // namespace

HttpResponse RestHandler::RunSessionCall(Call& call) {
  struct SessionCall {
    std::string_view path;
    HttpResponse (RestHandler::*handle)(Call& call);
  };
  constexpr SessionCall kCalls[] = {
      {"session/login", &RestHandler::Login},
      {"auth/session/login", &RestHandler::Login},
      {"session/logout", &RestHandler::Logout},
      {"auth/session/logout", &RestHandler::Logout},
      {"session/auth/token", &RestHandler::TrustedToken},
      {"session/login/token", &RestHandler::LoginWithToken},
      {"auth/token/full", &RestHandler::FullToken},
      {"auth/token/custom", &RestHandler::CustomToken},
      {"auth/token/object", &RestHandler::ObjectToken},
      {"auth/token/validate", &RestHandler::ValidateToken},
      {"auth/token/revoke", &RestHandler::RevokeToken},
      {"auth/session/token", &RestHandler::CurrentToken},
      {"session/orgs", &RestHandler::ChooseOrg},
  };
  const auto* const found = std::ranges::find(kCalls, call.endpoint.path, &SessionCall::path);
  return (this->*found->handle)(call);
}

Status RestHandler::SetUp(const Call& call, service::LoginResult& login) {
  const auto set_up = [&]() -> Status {
    for (const std::string_view name : {"rememberme", "remember_me"}) {
      TQL_ASSIGN_OR_RETURN(const bool remember, call.params.Bool(name, false));
      if (remember) sessions_.Remember(login.token);
    }
    for (const std::string_view name : {"orgid", "org_id", "org_identifier"}) {
      const std::string_view wanted = call.params.Text(name);
      if (wanted.empty()) continue;
      TQL_ASSIGN_OR_RETURN(const rest::Caller caller,
                           rest::CallerIn(namespaces_, login.session, *login.session.space));
      const auto org = FindOrg(caller, wanted);
      if (!org.ok())
        return Status(org.status().code(), std::string(name) + ": " + org.status().message());
      sessions_.ChooseOrg(login.token, (*org)->id());
    }
    TQL_ASSIGN_OR_RETURN(login.session, sessions_.Authenticate(login.token));
    return Status();
  };
  const Status status = set_up();
  if (!status.ok()) sessions_.Logout(login.token);
  return status;
}

HttpResponse RestHandler::Login(Call& call) {
  const HttpRequest& request = call.http.request;
  const auto credentials = CredentialsOf(request.body);
  if (!credentials.ok()) return Refuse(call, 400, credentials.status());
  auto login = service_.Login(call.context, *credentials);
  if (!login.ok()) return Error(call, HttpStatusOf(login.status().code()), login.status());
  if (const Status status = SetUp(call, *login); !status.ok()) {
    return Error(call, StatusOfSetUp(status), status);
  }
  HttpResponse response = NoContent();
  if (call.endpoint.family == rest::Family::kPrivate) {
    auto caller = rest::CallerIn(namespaces_, login->session, call.context.space);
    if (!caller.ok()) return Error(call, 401, caller.status());
    response.status = 200;
    response.content_type = kJsonType;
    response.body = rest::SessionInfo(*caller);
  }
  SetCookies(request, login->token, response);
  return response;
}

HttpResponse RestHandler::Logout(Call& call) {
  service_.Logout(call.context);
  HttpResponse response = NoContent();
  SetSessionCookie(call.http.request, std::nullopt, response);
  return response;
}

StatusOr<service::SessionStore::LoginResult> RestHandler::StartSession(const Call& call,
                                                                       const rest::Caller& caller,
                                                                       std::string_view user) {
  const std::string space(caller.space->name());
  if (sessions_.HasUser(user)) return sessions_.Trust(user, space);
  for (const std::string_view name : {"autocreate", "auto_create"}) {
    TQL_ASSIGN_OR_RETURN(const bool create, call.params.Bool(name, false));
    if (create) TQL_RETURN_IF_ERROR(rest::CreateTrustedUser(caller, call.params, user));
  }
  const auto world = caller.space->Find<world::WorldAttachment>()->Get();
  const world::Header* const found = world->FindName(world::Kind::kUser, user);
  if (found == nullptr) return InvalidArgumentError("username: unknown user");
  const world::Membership& membership = world->MembershipOf(*found);
  return sessions_.Trust(
      service::User{found->name, found->id,
                    membership.Has("DATAMANAGEMENT") || membership.is_administrator()},
      space);
}

RestHandler::Trusted RestHandler::Trust(Call& call) {
  const auto [user, space] = sessions_.Resolve(call.params.Text("username"), call.context.space);
  const auto caller = rest::CallerIn(namespaces_, std::nullopt, space);
  if (!caller.ok()) return {401, caller.status(), {}};
  const std::string& secret = caller->world->message().cluster().secret_key();
  if (secret.empty()) {
    return {500,
            InternalError("trusted authentication is not enabled: the world has no "
                          "cluster.secret_key"),
            {}};
  }
  if (call.params.Text("username").empty()) {
    return {400, InvalidArgumentError("username: expected the name of a user, found nothing"), {}};
  }
  if (!IsSecret(secret, call.params.Text("secret_key"))) {
    return {401, UnauthenticatedError("the secret_key is wrong"), {}};
  }
  const auto trusted = StartSession(call, *caller, user);
  if (!trusted.ok()) {
    return {StatusOfSetUp(trusted.status()), trusted.status(), {}};
  }
  service::LoginResult login{trusted->token, trusted->session};
  if (const Status status = SetUp(call, login); !status.ok()) {
    return {StatusOfSetUp(status), status, {}};
  }
  caller->audit->Add({.type = "LOGIN_SUCCESSFUL",
                      .description = "User login successful",
                      .user = login.session.user.get(),
                      .peer = call.context.peer,
                      .org = rest::OrgIdOf(namespaces_, login.session)},
                     *caller->space->environment());
  return {200, Status(), std::move(login)};
}

HttpResponse RestHandler::TrustedToken(Call& call) {
  return Served(call, [&] { return StartTrusted(call); });
}

HttpResponse RestHandler::StartTrusted(Call& call) {
  const std::string_view level = call.params.Text("access_level");
  if (!level.empty() && level != "FULL" && level != "REPORT_BOOK_VIEW") {
    return Refuse(call, 400,
                  InvalidArgumentError("access_level: expected FULL or REPORT_BOOK_VIEW"));
  }
  if (level == "REPORT_BOOK_VIEW" && call.params.Text("id").empty()) {
    return Refuse(call, 400, InvalidArgumentError("id: expected a guid, found nothing"));
  }
  const Trusted trusted = Trust(call);
  if (!trusted.status.ok()) return Refuse(call, trusted.http_status, trusted.status);
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = service::BearerTokenOf(trusted.login.token);
  return response;
}

HttpResponse RestHandler::LoginWithToken(Call& call) {
  return Served(call, [&] { return FollowToken(call); });
}

HttpResponse RestHandler::FollowToken(Call& call) {
  const std::string token(call.params.Text("auth_token"));
  const std::string_view redirect = call.params.Text("redirect_url");
  const StatusOr<bool> stays = call.params.Bool("no_url_redirection", false);
  if (!stays.ok()) return Refuse(call, 400, stays.status());
  if (!IsHeaderText(redirect)) {
    return Refuse(call, 400, InvalidArgumentError("redirect_url: expected a URL"));
  }
  const StatusOr<service::Session> session = sessions_.Authenticate(token);
  if (!session.ok()) return Refuse(call, 401, session.status());
  const std::string_view name = call.params.Text("username");
  if (!name.empty() && sessions_.Resolve(name, {}).user != session->user->name) {
    return Refuse(call, 401, UnauthenticatedError("the token is that of another user"));
  }
  HttpResponse response = NoContent();
  if (!*stays) {
    response.status = redirect.empty() ? 200 : 302;
    response.content_type = "text/html; charset=utf-8";
    response.body = "<!DOCTYPE html><title>tqlmockd</title><p>Logged in.</p>\n";
    if (!redirect.empty()) response.headers.emplace_back("Location", redirect);
  }
  SetCookies(call.http.request, service::SessionTokenOf(token).value_or(token), response);
  return response;
}

HttpResponse RestHandler::ChooseOrg(Call& call) {
  const auto org = FindOrg(call.caller, base::Trim(call.params.Text("orgid")));
  if (!org.ok()) return Refuse(call, StatusOfSetUp(org.status()), org.status());
  sessions_.ChooseOrg(call.context.token, (*org)->id());
  return NoContent();
}

}  // namespace tql::frontend
