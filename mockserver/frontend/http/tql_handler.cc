#include "mockserver/frontend/http/tql_handler.h"

#include <algorithm>
#include <optional>

#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/response_sink.h"
#include "proto/base/json_writer.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"

namespace tql::frontend {
namespace {

void AppendTokens(std::string_view token, bool first, std::string* out) {
  if (!first) out->push_back(',');
  base::AppendJsonString(token, out);
}

/// The request that a multipart body carries: the first part that is one as JSON, with the first
/// other file as its script where it has none itself.
StatusOr<pb::ExecuteSqlScriptRequest> ScriptOfParts(const std::vector<FormPart>& parts) {
  std::optional<pb::ExecuteSqlScriptRequest> request;
  const FormPart* script = nullptr;
  Status first_error;
  for (const FormPart& part : parts) {
    if (!request) {
      auto parsed = FromJson<pb::ExecuteSqlScriptRequest>(part.body);
      if (parsed.ok()) {
        request = *std::move(parsed);
        continue;
      }
      if (first_error.ok()) first_error = parsed.status();
    }
    if (script == nullptr && part.is_file) script = &part;
  }
  if (!request && script == nullptr) {
    return first_error.ok() ? InvalidArgumentError("the form has no part with a script")
                            : first_error;
  }
  if (!request) request.emplace();
  if (script != nullptr && request->script().empty()) {
    request->set_script(script->body.data(), script->body.size());
  }
  return *std::move(request);
}

StatusOr<pb::ExecuteSqlScriptRequest> ScriptOf(const HttpRequest& request) {
  if (const auto parts = MultipartParts(request.Header("Content-Type"), request.body)) {
    return ScriptOfParts(*parts);
  }
  return FromJson<pb::ExecuteSqlScriptRequest>(request.body);
}

}  // namespace

const TqlHandler::Route TqlHandler::kRoutes[] = {
    {"GET", "/healthz", false, &TqlHandler::Health},
    {"GET", "/mock/coverage", false, &TqlHandler::Coverage},

    {"POST", "/callosum/v1/session/login", false, &TqlHandler::Login},
    {"POST", "/callosum/v1/tspublic/v1/session/login", false, &TqlHandler::Login},
    {"POST", "/api/rest/2.0/auth/session/login", false, &TqlHandler::Login},
    {"POST", "/callosum/v1/session/logout", false, &TqlHandler::Logout},
    {"POST", "/callosum/v1/tspublic/v1/session/logout", false, &TqlHandler::Logout},
    {"POST", "/api/rest/2.0/auth/session/logout", false, &TqlHandler::Logout},

    {"GET", "/callosum/v1/session/isactive", true, &TqlHandler::EmptyObject},
    {"GET", "/callosum/v1/session/info", true, &TqlHandler::SessionInfo},
    {"GET", "/callosum/v1/tspublic/v1/session/info", true, &TqlHandler::SessionInfo},
    {"GET", "/callosum/v1/session/orgs", true, &TqlHandler::EmptyObject},
    {"GET", "/callosum/v1/tspublic/v1/session/orgs", true, &TqlHandler::EmptyObject},
    {"GET", "/api/rest/2.0/auth/session/user", true, &TqlHandler::CurrentUser},
    {"GET", "/api/rest/2.0/system", true, &TqlHandler::SystemInfo},
    {"GET", "/api/rest/2.0/system/config-overrides", true, &TqlHandler::EmptyObject},
    {"POST", "/api/rest/2.0/orgs/search", true, &TqlHandler::EmptyList},
    {"POST", "/api/rest/2.0/roles/search", true, &TqlHandler::EmptyList},

    {"POST", "/ts_dataservice/v1/public/tql/query", true, &TqlHandler::Query},
    {"POST", "/ts_dataservice/v1/public/tql/script", true, &TqlHandler::Script},
    {"GET", "/ts_dataservice/v1/public/tql/tokens/static", true, &TqlHandler::StaticTokens},
    {"GET", "/ts_dataservice/v1/public/tql/tokens/dynamic", true, &TqlHandler::DynamicTokens},
    {"GET", "/ts_tqlservice/v1/public/schema_version", true, &TqlHandler::SchemaVersion},
};

TqlHandler::TqlHandler(service::TqlService& service, const engine::Clock& clock,
                       std::stop_token stop, WireVariant variant)
    : service_(service), clock_(clock), stop_(std::move(stop)), variant_(std::move(variant)) {
  static_tokens_ = "{\"tokens\":[";
  bool first = true;
  for (const std::string& token : service_.StaticTokens()) {
    AppendTokens(token, std::exchange(first, false), &static_tokens_);
  }
  static_tokens_ += "]}";
}

std::optional<BodyAllowance> TqlHandler::AllowanceOf(const HttpRequest& head) const {
  const auto token = CookieValue(head.Header("Cookie"), kSessionCookie);
  const auto session = service_.sessions().Authenticate(token.value_or(std::string_view()));
  if (session.ok()) return std::nullopt;
  const bool login = std::any_of(std::begin(kRoutes), std::end(kRoutes), [&](const Route& route) {
    return route.path == head.path && !route.needs_session;
  });
  BodyAllowance allowance{.bytes = kStrangersBytes, .refusal = ""};
  if (!login) {
    allowance.status = HttpStatusOf(session.status().code());
    allowance.refusal = session.status().message();
  }
  return allowance;
}

void TqlHandler::Handle(const HttpRequest& request, const std::string& peer,
                        ResponseWriter& writer) {
  // An answer to HEAD is that to GET without its body, which the writer leaves out.
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const Route& route : kRoutes) {
    if (route.path != request.path) continue;
    if (route.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    service::Session session;
    if (route.needs_session) {
      const auto token = CookieValue(request.Header("Cookie"), kSessionCookie);
      auto live = service_.sessions().Authenticate(token.value_or(std::string_view()));
      if (!live.ok()) return SendStatus(live.status(), writer);
      session = *std::move(live);
    }
    return (this->*route.handle)(
        Call{request, peer, route.needs_session ? &session : nullptr, writer});
  }
  if (allowed.empty()) return writer.SendError(404, "there is nothing at this path");
  writer.AddHeader("Allow", allowed);
  writer.SendError(405, "this path takes " + allowed);
}

void TqlHandler::SendStatus(const Status& status, ResponseWriter& writer) {
  if (writer.started()) return;  // too late for a status: the answer stays without its end
  writer.SendError(HttpStatusOf(status.code()), status.message());
}

storage::Cancellation TqlHandler::CancellationOf(const Call& call) const {
  storage::Cancellation cancellation;
  cancellation.stop = stop_;
  cancellation.client_gone = [&writer = call.writer] { return writer.ClientGone(); };
  return cancellation;
}

void TqlHandler::Health(const Call& call) {
  call.writer.Send(200, kJsonType, "{\"status\":\"ok\"}");
}

void TqlHandler::EmptyObject(const Call& call) { call.writer.Send(200, kJsonType, "{}"); }
void TqlHandler::EmptyList(const Call& call) { call.writer.Send(200, kJsonType, "[]"); }

void TqlHandler::Query(const Call& call) {
  const auto request = FromJson<pb::ExecuteQueryRequest>(call.request.body);
  if (!request.ok()) return call.writer.SendError(400, request.status().message());
  HttpResponseSink sink(call.writer, clock_, variant_);
  const Status status = service_.Query(*call.session, *request, sink, CancellationOf(call));
  if (!status.ok()) SendStatus(status, call.writer);
}

void TqlHandler::Script(const Call& call) {
  const auto request = ScriptOf(call.request);
  if (!request.ok()) return call.writer.SendError(400, request.status().message());
  HttpResponseSink sink(call.writer, clock_, variant_);
  const Status status = service_.RunScript(*call.session, *request, sink, CancellationOf(call));
  if (!status.ok()) SendStatus(status, call.writer);
}

/// Whether the user may have tokens. Without the privilege the answer is 401, not 403: the vendor's
/// client reads only that as "No Authorization to run tql."
bool TqlHandler::MayHaveTokens(const Call& call) {
  const Status status = service::CheckPrivilege(*call.session);
  if (!status.ok()) call.writer.SendError(401, status.message());
  return status.ok();
}

void TqlHandler::StaticTokens(const Call& call) {
  if (!MayHaveTokens(call)) return;
  call.writer.Send(200, kJsonType, static_tokens_);
}

void TqlHandler::DynamicTokens(const Call& call) {
  if (!MayHaveTokens(call)) return;
  constexpr std::size_t kChunkBytes = 64 * 1024;
  std::string buffer = "{\"server_schema_version\":\"" + std::to_string(service_.SchemaVersion()) +
                       "\",\"tokens\":[";
  if (!call.writer.Start(200, kJsonType)) return;
  bool first = true;
  service_.VisitDynamicTokens([&](std::string_view token) {
    AppendTokens(token, std::exchange(first, false), &buffer);
    if (buffer.size() < kChunkBytes) return true;
    const bool written = call.writer.Write(buffer);
    buffer.clear();
    return written;
  });
  buffer += "]}";
  if (call.writer.Write(buffer)) call.writer.Finish();
}

void TqlHandler::SchemaVersion(const Call& call) {
  call.writer.Send(200, kJsonType,
                   "{\"context\":{\"server_schema_version\":\"" +
                       std::to_string(service_.SchemaVersion()) + "\"}}");
}

}  // namespace tql::frontend
