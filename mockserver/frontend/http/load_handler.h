// The routes of the tsload service: sessions of its own login, load cycles, uploads.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOAD_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOAD_HANDLER_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/load/load_service.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// All responses are text/plain, also those with JSON, as the vendor documents. Thread safety: the
/// routes may be called from any thread.
class LoadHandler {
 public:
  struct Options {
    /// The node_address in the response to the start of a load: "HOST:PORT", "none", or empty for
    /// the address that the client has used.
    std::string node;
    /// Whether a load has a status only when it is done, for clients that read a status as the end.
    bool late_status = false;
    std::size_t max_request_bytes = 0;  // of a body that is not an upload
  };

  /// The services and the clock must outlive the handler. `service` is for sessions, and is
  /// notified of each call.
  LoadHandler(load::LoadService& loads, service::Service& service,
              const service::SessionStore& sessions, const engine::Clock& clock, Options options)
      : loads_(loads),
        service_(service),
        sessions_(sessions),
        clock_(clock),
        options_(std::move(options)) {}

  /// Adds the routes, which refer to this handler.
  void AddRoutes(Router& router);
  /// The maximum size of the body of a request to these routes; nullopt for other paths.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;

 private:
  struct Call {
    const HttpCall& http;
    service::CallContext& context;
    std::string cycle;  // of the path
    load::Owner owner;  // with a session
  };
  struct Route {
    std::string_view method;
    std::string_view path;
    bool needs_session;
    HttpResponse (LoadHandler::*handle)(const Call& call);
    BodyMode body = BodyMode::kWhole;
  };
  static const Route kRoutes[];

  HttpResponse Handle(const Route& route, std::optional<service::Evidence> evidence,
                      const HttpCall& http);
  Status Authorize(service::CallContext& context, load::Owner* owner);

  HttpResponse Ping(const Call& call);
  HttpResponse Login(const Call& call);
  HttpResponse Sessions(const Call& call);
  HttpResponse Start(const Call& call);
  HttpResponse Upload(const Call& call);
  HttpResponse Commit(const Call& call);
  HttpResponse Cancel(const Call& call);
  HttpResponse LoadStatus(const Call& call);
  HttpResponse InputSummary(const Call& call);
  HttpResponse BadRecords(const Call& call);
  HttpResponse Loads(const Call& call);

  load::LoadService& loads_;
  service::Service& service_;
  const service::SessionStore& sessions_;
  const engine::Clock& clock_;
  const Options options_;
};

/// Whether the text is a value of LoadHandler::Options::node.
bool IsLoadNode(std::string_view text);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_LOAD_HANDLER_H_
