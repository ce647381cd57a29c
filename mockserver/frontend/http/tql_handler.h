// The endpoints of the TQL service over HTTP: logins, queries, scripts, tokens, and the calls that
// clients make before and after them.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/request_parser.h"
#include "mockserver/frontend/http/response_writer.h"
#include "mockserver/frontend/http/wire_variant.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// Carries the session's token.
inline constexpr std::string_view kSessionCookie = "JSESSIONID";

/// What a client that is not logged in may send: enough for a login.
inline constexpr std::size_t kStrangersBytes = std::size_t{64} << 10;

/// Thread safety: Handle may be called from any number of threads.
class TqlHandler {
 public:
  /// `service` and `clock` outlive the handler.
  TqlHandler(service::Service& service, const engine::Clock& clock, WireVariant variant = {});

  /// kStrangersBytes for a client that is not logged in; nothing for one that is.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;
  /// Answers one request. Unknown paths are 404, known ones with another method 405.
  void Handle(const HttpRequest& request, const std::string& peer, ResponseWriter& writer);

 private:
  struct Call {
    const HttpRequest& request;
    service::CallContext& context;  // with the session where one is asked for
    ResponseWriter& writer;
  };
  struct Route {
    std::string_view method;
    std::string_view path;
    bool needs_session;
    void (TqlHandler::*handle)(const Call&);
  };
  static const Route kRoutes[];

  void Health(const Call& call);
  void Coverage(const Call& call);
  void Login(const Call& call);
  void Logout(const Call& call);
  void SessionInfo(const Call& call);
  void CurrentUser(const Call& call);
  void SystemInfo(const Call& call);
  void EmptyObject(const Call& call);
  void EmptyList(const Call& call);
  void Query(const Call& call);
  void Script(const Call& call);
  void StaticTokens(const Call& call);
  void DynamicTokens(const Call& call);
  void SchemaVersion(const Call& call);

  const Route* Find(const Call& call);
  service::CallContext ContextOf(const HttpRequest& request, const std::string& peer) const;
  /// Runs what the service admitted, or answers why it did not.
  void Run(StatusOr<std::unique_ptr<service::AdmittedCall>> admitted, const Call& call);
  void Tokens(pb::GetTokensRequest::Kind kind, const Call& call);
  /// Answers a status that the service gave.
  static void SendStatus(const Status& status, ResponseWriter& writer);
  // What the handler answers by itself, and tells the service of.
  void Send(const Call& call, std::string_view json);
  void Refuse(const Call& call, int http_status, const Status& status);

  service::Service& service_;
  const engine::Clock& clock_;
  const WireVariant variant_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_TQL_HANDLER_H_
