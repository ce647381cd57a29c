// The routes of the TQL service over HTTP: queries, scripts, tokens, and what describes the server.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/frontend/http/wire_variant.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// Maximum size of the body of a client that is not logged in: enough for a login.
inline constexpr std::size_t kStrangersBytes = std::size_t{64} << 10;

/// Thread safety: the routes may be called from any thread.
class TqlHandler {
 public:
  /// `service` and `clock` must outlive the handler.
  TqlHandler(service::Service& service, const engine::Clock& clock, WireVariant variant = {});

  /// Returns a limit of kStrangersBytes if the client is not logged in, otherwise nullopt.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;
  /// Makes the page at / name the URL of Thena's port. To be called before the routes are.
  void ShowThena(std::string url) { thena_url_ = std::move(url); }
  /// Adds the routes of the service, which refer to this handler.
  void AddRoutes(Router& router);
  /// Notifies the service of a request that no route handled, with the HTTP status of its response.
  void Unrouted(const HttpRequest& request, int http_status);

 private:
  struct Call {
    HttpRequest& request;
    std::shared_ptr<service::CallContext> context;  // with the session, if the route requires one
  };
  struct Route {
    std::string_view method;
    std::string_view path;
    /// How the real service's call is known; nullopt: the mock server alone has it.
    std::optional<service::Evidence> evidence;
    bool needs_session;
    HttpResponse (TqlHandler::*handle)(const Call&);
    BodyMode body = BodyMode::kWhole;
  };
  static const Route kRoutes[];
  static std::span<const Route> Routes();

  HttpResponse Home(const Call& call);
  HttpResponse Health(const Call& call);
  HttpResponse Coverage(const Call& call);
  static std::string CoverageJson();
  HttpResponse Query(const Call& call);
  HttpResponse Script(const Call& call);
  HttpResponse StaticTokens(const Call& call);
  HttpResponse DynamicTokens(const Call& call);
  HttpResponse SchemaVersion(const Call& call);

  HttpResponse Handle(const Route& route, const HttpCall& http);
  /// Returns a response that runs the admitted call while it is sent, or the error if it was
  /// rejected.
  HttpResponse Run(StatusOr<std::unique_ptr<service::AdmittedCall>> admitted, const Call& call);
  HttpResponse Tokens(pb::GetTokensRequest::Kind kind, const Call& call);
  // Responses of the handler itself, of which it notifies the service.
  HttpResponse Answer(const Call& call, std::string json);
  HttpResponse Refuse(const Call& call, int http_status, const Status& status);

  service::Service& service_;
  const engine::Clock& clock_;
  const WireVariant variant_;
  std::string thena_url_;  // empty: off
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
