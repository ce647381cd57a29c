#include "mockserver/frontend/http/call_context.h"

#include <string_view>

#include "mockserver/frontend/http/forms.h"
#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kBearer = "Bearer ";

void Change(const service::HeadChanges& changes, HttpResponse& response) {
  const bool error = response.status >= 400;
  if (error && changes.status != 0) response.status = changes.status;
  if (error && !changes.body.empty()) {
    response.body = changes.body;
    response.content_type = changes.content_type;
  }
  const auto remove = [&](std::string_view name) {
    if (base::EqualsIgnoreCase(name, "Content-Type")) response.content_type.clear();
    std::erase_if(response.headers,
                  [&](const auto& header) { return base::EqualsIgnoreCase(header.first, name); });
  };
  for (const std::string& name : changes.remove) remove(name);
  for (const auto& [name, value] : changes.set) {
    remove(name);
    response.headers.emplace_back(name, value);
  }
}

}  // namespace

service::CallContext ContextOf(const HttpRequest& request, const engine::Clock& clock) {
  service::CallContext context;
  context.protocol = service::Protocol::kHttp;
  context.tls = request.tls;
  context.method = request.method;
  context.target = request.path;
  context.peer = request.peer;
  context.request_id = request.Header("X-Request-Id");
  context.header = [&request](std::string_view name) { return request.Header(name); };
  if (!request.space.empty()) context.space = request.space;
  if (const std::string_view space = request.Header(kNamespaceHeader); !space.empty()) {
    context.space = space;
  }
  const std::string_view authorization = request.Header("Authorization");
  context.token = base::StartsWithIgnoreCase(authorization, kBearer)
                      ? base::Trim(authorization.substr(kBearer.size()))
                      : CookieValue(request, kSessionCookie).value_or("");
  context.started = clock.Now();
  return context;
}

void ApplyControl(const service::CallContext& context, HttpResponse& response) {
  response.cut = context.cut;
  if (context.head) Change(*context.head, response);
}

}  // namespace tql::frontend
