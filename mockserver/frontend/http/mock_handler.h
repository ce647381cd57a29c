// The routes of the control interface: /mock and what is below it.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_MOCK_HANDLER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_MOCK_HANDLER_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/service/service.h"
#include "mockserver/testdouble/control.h"

namespace tql::frontend {

/// Requests have the messages of mock_control.proto as JSON or YAML, responses as JSON. Thread
/// safety: the routes may be called from any thread.
class MockHandler {
 public:
  /// The maximum size of a plan or of another request.
  static constexpr std::size_t kMostBytes = std::size_t{10} << 20;

  /// All but the access must outlive the handler. `service` is notified of each call.
  MockHandler(testdouble::Control& control, service::Service& service, const engine::Clock& clock,
              testdouble::ControlAccess access)
      : control_(control), service_(service), clock_(clock), access_(std::move(access)) {}

  /// Adds the routes, which refer to this handler.
  void AddRoutes(Router& router);
  /// The maximum size of the body of a request to these routes; nullopt for other paths.
  std::optional<BodyAllowance> AllowanceOf(const HttpRequest& head) const;

 private:
  struct Route {
    std::string_view method;
    std::string_view path;
    std::string_view summary;  // shown by GET /mock
    bool of_namespace;         // the path exists below /mock and below /mock/namespaces/{name}
    HttpResponse (MockHandler::*handle)(const HttpCall& call, const std::string& space);
  };
  static const Route kRoutes[];

  HttpResponse Handle(const Route& route, const HttpCall& call);
  Status CheckAccess(const HttpRequest& request) const;

  HttpResponse Describe(const HttpCall& call, const std::string& space);
  HttpResponse ListNamespaces(const HttpCall& call, const std::string& space);
  HttpResponse PutNamespace(const HttpCall& call, const std::string& space);
  HttpResponse GetNamespace(const HttpCall& call, const std::string& space);
  HttpResponse DeleteNamespace(const HttpCall& call, const std::string& space);
  HttpResponse PutClock(const HttpCall& call, const std::string& space);
  HttpResponse GetClock(const HttpCall& call, const std::string& space);
  HttpResponse PutPlan(const HttpCall& call, const std::string& space);
  HttpResponse PostPlan(const HttpCall& call, const std::string& space);
  HttpResponse GetPlan(const HttpCall& call, const std::string& space);
  HttpResponse DeletePlan(const HttpCall& call, const std::string& space);
  HttpResponse PutWorld(const HttpCall& call, const std::string& space);
  HttpResponse GetWorld(const HttpCall& call, const std::string& space);
  HttpResponse GetJournal(const HttpCall& call, const std::string& space);
  HttpResponse DeleteJournal(const HttpCall& call, const std::string& space);
  HttpResponse Verify(const HttpCall& call, const std::string& space);
  HttpResponse ChangePlan(const HttpCall& call, const std::string& space, bool append);

  testdouble::Control& control_;
  service::Service& service_;
  const engine::Clock& clock_;
  const testdouble::ControlAccess access_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_MOCK_HANDLER_H_
