#include "mockserver/frontend/http/call_context.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

class FilterOutput : public service::BodyOutput {
 public:
  explicit FilterOutput(BodyWriter& body) : body_(body) {}
  bool Write(std::string_view bytes) override { return body_.Write(bytes); }
  bool Flush() override { return body_.Flush(); }
  void End(const net::Cut& cut) override { body_.End(cut); }
  bool Gone() override { return body_.Gone(); }

 private:
  BodyWriter& body_;
};

/// Passes what a response writes through a filter.
class FilteredWriter : public BodyWriter {
 public:
  FilteredWriter(service::BodyFilter& filter, BodyWriter& body)
      : filter_(filter), body_(body), output_(body) {}
  bool Write(std::string_view piece) override {
    return piece.empty() || filter_.Pass(piece, output_);
  }
  bool Flush() override { return body_.Flush(); }
  void LimitWrites(std::chrono::steady_clock::time_point deadline) override {
    body_.LimitWrites(deadline);
  }
  void End(const net::Cut& cut) override { body_.End(cut); }
  bool Gone() override { return body_.Gone(); }

 private:
  service::BodyFilter& filter_;
  BodyWriter& body_;
  FilterOutput output_;
};

/// Changes the body while it is sent.
void Filter(std::shared_ptr<service::CallBodyFilter> filter, HttpResponse& response) {
  if (response.status == 204 || response.status == 304) return;  // no body
  response.stream =
      [filter = std::move(filter), made = std::move(response.stream),
       whole = std::move(response.body)](BodyWriter& body) -> std::optional<HttpResponse> {
    FilterOutput output(body);
    if (!filter->Begin(output)) return std::nullopt;
    if (!filter->replaces()) {
      FilteredWriter writer(*filter, body);
      if (made) {
        if (std::optional<HttpResponse> instead = made(writer)) return instead;
      } else if (!writer.Write(whole)) {
        return std::nullopt;
      }
    }
    filter->Finish(output);
    return std::nullopt;
  };
  response.body.clear();
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
  if (context.body && context.body->replaces()) {
    response = {};
    response.content_type = kJsonType;
  }
  if (context.head) Change(*context.head, response);
  if (context.body) Filter(context.body, response);
}

}  // namespace tql::frontend
