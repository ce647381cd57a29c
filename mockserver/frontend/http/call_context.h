// The context of a call over HTTP.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_CALL_CONTEXT_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_CALL_CONTEXT_H_

#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/http/http_message.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// The cookie with the session token.
inline constexpr std::string_view kSessionCookie = "JSESSIONID";

/// The header with the namespace to log in to.
inline constexpr std::string_view kNamespaceHeader = "X-TQL-Mock-Namespace";

/// The context of a call that begins now. The request must outlive it.
service::CallContext ContextOf(const HttpRequest& request, const engine::Clock& clock);

/// Applies to the response what wrappers of the service have set in the context.
void ApplyControl(const service::CallContext& context, HttpResponse& response);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_CALL_CONTEXT_H_
