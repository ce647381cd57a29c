// The endpoints of the TQL service over HTTP: logins, queries, scripts, tokens, and the calls that
// clients make before and after them.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/frontend/http/wire_variant.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// Carries the session's token.
inline constexpr std::string_view kSessionCookie = "JSESSIONID";

/// What a client that is not logged in may send: enough for a login.
inline constexpr std::size_t kStrangersBytes = std::size_t{64} << 10;

/// Thread safety: its routes may be called from any number of threads.
class TqlHandler {
 public:
  /// `service` and `clock` outlive the handler.
  TqlHandler(service::Service& service, const engine::Clock& clock, WireVariant variant = {});

  /// kStrangersBytes for a client that is not logged in; nothing for one that is.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;
  /// Adds the service's routes, which use the handler.
  void AddRoutes(Router& router);
  /// Tells the service of a request that no route answered, and with which HTTP status.
  void Unrouted(const HttpRequest& request, int http_status);

 private:
  struct Call {
    HttpRequest& request;
    std::shared_ptr<service::CallContext> context;  // with the session where one is asked for
  };
  struct Route {
    std::string_view method;
    std::string_view path;
    bool needs_session;
    HttpResponse (TqlHandler::*handle)(const Call&);
    BodyMode body = BodyMode::kWhole;
  };
  static const Route kRoutes[];

  HttpResponse Health(const Call& call);
  HttpResponse Coverage(const Call& call);
  HttpResponse Login(const Call& call);
  HttpResponse Logout(const Call& call);
  HttpResponse SessionInfo(const Call& call);
  HttpResponse CurrentUser(const Call& call);
  HttpResponse SystemInfo(const Call& call);
  HttpResponse EmptyObject(const Call& call);
  HttpResponse EmptyList(const Call& call);
  HttpResponse Query(const Call& call);
  HttpResponse Script(const Call& call);
  HttpResponse StaticTokens(const Call& call);
  HttpResponse DynamicTokens(const Call& call);
  HttpResponse SchemaVersion(const Call& call);

  HttpResponse Handle(const Route& route, const HttpCall& http);
  service::CallContext ContextOf(const HttpRequest& request) const;
  /// Runs what the service admitted, while its answer is sent, or answers why it did not.
  HttpResponse Run(StatusOr<std::unique_ptr<service::AdmittedCall>> admitted, const Call& call);
  HttpResponse Tokens(pb::GetTokensRequest::Kind kind, const Call& call);
  // What the handler answers by itself, and tells the service of.
  HttpResponse Answer(const Call& call, std::string json);
  HttpResponse Refuse(const Call& call, int http_status, const Status& status);

  service::Service& service_;
  const engine::Clock& clock_;
  const WireVariant variant_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
