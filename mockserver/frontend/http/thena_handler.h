// The routes of Thena's REST API, which has a port of its own.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_THENA_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_THENA_HANDLER_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/service/service.h"
#include "mockserver/space/namespaces.h"

namespace tql::frontend {

/// Every call needs the token. Errors have the body {"message":"...","statusCode":401}. Thread
/// safety: the routes may be called from any thread.
class ThenaHandler {
 public:
  /// The references must outlive the handler. The service is notified of each call. Each namespace
  /// has a world::WorldAttachment and a thena::WorkspaceAttachment.
  ThenaHandler(const space::Namespaces& namespaces, service::Service& service,
               const engine::Clock& clock, std::string token)
      : namespaces_(namespaces), service_(service), clock_(clock), token_(std::move(token)) {}

  /// Adds the routes, which refer to this handler. The router has no others.
  void AddRoutes(Router& router);

 private:
  struct Route;
  static const Route kRoutes[];

  HttpResponse Handle(const Route& route, std::optional<service::Evidence> evidence,
                      const HttpCall& http) const;
  HttpResponse Answer(const Route& route, const HttpRequest& request, std::string_view space) const;
  bool IsAuthorized(const HttpRequest& request) const;

  const space::Namespaces& namespaces_;
  service::Service& service_;
  const engine::Clock& clock_;
  const std::string token_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_THENA_HANDLER_H_
