// The routes of the REST API, v1 and v2: sessions, and the endpoints of rest/endpoint.h.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REST_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REST_HANDLER_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/rest/caller.h"
#include "mockserver/rest/endpoint.h"
#include "mockserver/rest/params.h"
#include "mockserver/service/service.h"
#include "mockserver/space/namespaces.h"

namespace tql::frontend {

/// Thread safety: the routes may be called from any thread.
class RestHandler {
 public:
  struct Options {
    /// Whether documented rules hold that clients often ignore: X-Requested-By for calls that
    /// change something, and the id of listvizheaders.
    bool strict = false;
    /// Whether a call may log in by itself, with "Authorization: Basic".
    bool basic = false;
  };
  /// All but the options must outlive the handler. `sessions` starts the sessions of trusted
  /// clients; `service` is notified of each call.
  RestHandler(const space::Namespaces& namespaces, service::Service& service,
              service::SessionStore& sessions, const engine::Clock& clock, Options options)
      : namespaces_(namespaces),
        service_(service),
        sessions_(sessions),
        clock_(clock),
        options_(options) {}

  /// Adds the routes, which refer to this handler.
  void AddRoutes(Router& router);
  /// The maximum size of the body of a request to these routes; nullopt for other paths.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;

 private:
  struct Call {
    const HttpCall& http;
    service::CallContext& context;
    const rest::Endpoint& endpoint;
    rest::Params params = {};
    rest::Caller caller = {};
    Status no_session = {};  // an error if no session was found where the endpoint needs one
    bool is_served = false;  // by Service::Serve
    Status refusal = {};     // of a served call
  };
  HttpResponse Handle(const rest::Endpoint& endpoint, const HttpCall& http);
  HttpResponse Answer(Call& call);
  /// Has the service serve a call that is not a login or logout.
  HttpResponse Served(Call& call, const std::function<HttpResponse()>& answer);
  HttpResponse Run(Call& call);
  /// Finds the session if the endpoint needs one. Sets the caller also if it returns an error.
  Status FindCaller(Call& call);
  /// Reads the parameters, and checks what the endpoint requires. Returns the HTTP status of the
  /// error.
  int Prepare(Call& call, Status* error);
  /// Logs in with "Authorization: Basic" if the call has no session. Returns the session's token.
  StatusOr<std::string> LoginBasic(Call& call);
  HttpResponse Error(const Call& call, int http_status, const Status& status);
  /// The response to a refused call, of which the service is notified.
  HttpResponse Refuse(Call& call, int http_status, const Status& status);

  /// Runs a call that the table of endpoints leaves to this class.
  HttpResponse RunSessionCall(Call& call);
  /// Gives the session of a login the org and the lifetime that it asks for. An error ends the
  /// session.
  Status SetUp(const Call& call, service::LoginResult& login);
  HttpResponse Login(Call& call);
  HttpResponse Logout(Call& call);
  HttpResponse TrustedToken(Call& call);
  HttpResponse StartTrusted(Call& call);
  HttpResponse LoginWithToken(Call& call);
  HttpResponse FollowToken(Call& call);
  HttpResponse FullToken(Call& call);
  HttpResponse ObjectToken(Call& call);
  HttpResponse CustomToken(Call& call);
  HttpResponse CurrentToken(Call& call);
  HttpResponse ValidateToken(Call& call);
  HttpResponse RevokeToken(Call& call);
  HttpResponse ChooseOrg(Call& call);

  struct Trusted {
    int http_status = 200;
    Status status;
    service::LoginResult login;
  };
  /// Starts the session of a trusted user: one who may log in, or a user of the world, who is made
  /// if the call asks for it.
  StatusOr<service::SessionStore::LoginResult> StartSession(const Call& call,
                                                            const rest::Caller& caller,
                                                            std::string_view user);
  /// Starts a session with the secret key of the world.
  Trusted Trust(Call& call);
  /// Logs in with a password or the secret key, and answers with what `respond` makes of it.
  using RespondWithToken = HttpResponse (RestHandler::*)(const Call& call, std::string_view token,
                                                         const service::Session& session);
  HttpResponse StartWithToken(Call& call, RespondWithToken respond);
  HttpResponse TokenResponse(const Call& call, std::string_view token,
                             const service::Session& session);
  HttpResponse ObjectTokenResponse(const Call& call, std::string_view token,
                                   const service::Session& session);
  HttpResponse CustomTokenResponse(const Call& call, std::string_view token,
                                   const service::Session& session);
  /// The org of a session.
  worldpb::Org OrgOf(const service::Session& session) const;

  const space::Namespaces& namespaces_;
  service::Service& service_;
  service::SessionStore& sessions_;
  const engine::Clock& clock_;
  const Options options_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REST_HANDLER_H_
