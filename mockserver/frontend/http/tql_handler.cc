#include "mockserver/frontend/http/tql_handler.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/response_sink.h"
#include "proto/base/json_writer.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"

namespace tql::frontend {
namespace {

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

TqlHandler::TqlHandler(service::Service& service, const engine::Clock& clock, WireVariant variant)
    : service_(service), clock_(clock), variant_(std::move(variant)) {}

service::CallContext TqlHandler::ContextOf(const HttpRequest& request,
                                           const std::string& peer) const {
  service::CallContext context;
  context.protocol = service::Protocol::kHttp;
  context.method = request.method;
  context.target = request.path;
  context.peer = peer;
  context.request_id = request.Header("X-Request-Id");
  context.header = [&request](std::string_view name) { return request.Header(name); };
  context.token = CookieValue(request.Header("Cookie"), kSessionCookie).value_or("");
  context.started = clock_.Now();
  return context;
}

std::optional<BodyAllowance> TqlHandler::AllowanceOf(const HttpRequest& head) const {
  service::CallContext context = ContextOf(head, {});
  const Status status = service_.Authenticate(context);
  if (status.ok()) return std::nullopt;
  const bool login = std::any_of(std::begin(kRoutes), std::end(kRoutes), [&](const Route& route) {
    return route.path == head.path && !route.needs_session;
  });
  BodyAllowance allowance{.bytes = kStrangersBytes, .refusal = ""};
  if (!login) {
    allowance.status = HttpStatusOf(status.code());
    allowance.refusal = status.message();
  }
  return allowance;
}

void TqlHandler::Handle(const HttpRequest& request, const std::string& peer,
                        ResponseWriter& writer) {
  service::CallContext context = ContextOf(request, peer);
  context.client_gone = [&writer] { return writer.ClientGone(); };
  const Call call{request, context, writer};
  const Route* const route = Find(call);
  if (route == nullptr) return;
  if (route->needs_session) {
    if (Status status = service_.Authenticate(context); !status.ok()) {
      return Refuse(call, HttpStatusOf(status.code()), status);
    }
  }
  (this->*route->handle)(call);
}

/// The route of the request; null when there is none, which is answered.
const TqlHandler::Route* TqlHandler::Find(const Call& call) {
  // An answer to HEAD is that to GET without its body, which the writer leaves out.
  const std::string_view method = call.request.method == "HEAD" ? "GET" : call.request.method;
  std::string allowed;
  for (const Route& route : kRoutes) {
    if (route.path != call.request.path) continue;
    if (route.method == method) return &route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) {
    Refuse(call, 404, NotFoundError("there is nothing at this path"));
  } else {
    call.writer.AddHeader("Allow", allowed);
    Refuse(call, 405, UnimplementedError("this path takes " + allowed));
  }
  return nullptr;
}

void TqlHandler::SendStatus(const Status& status, ResponseWriter& writer) {
  if (writer.started()) return;  // too late for a status: the answer stays without its end
  writer.SendError(HttpStatusOf(status.code()), status.message());
}

void TqlHandler::Send(const Call& call, std::string_view json) {
  call.writer.Send(200, kJsonType, json);
  service_.Answered(call.context, Status());
}

void TqlHandler::Refuse(const Call& call, int http_status, const Status& status) {
  call.writer.SendError(http_status, status.message());
  service_.Answered(call.context, status);
}

void TqlHandler::Health(const Call& call) { Send(call, "{\"status\":\"ok\"}"); }
void TqlHandler::EmptyObject(const Call& call) { Send(call, "{}"); }
void TqlHandler::EmptyList(const Call& call) { Send(call, "[]"); }

void TqlHandler::Query(const Call& call) {
  auto request = FromJson<pb::ExecuteQueryRequest>(call.request.body);
  if (!request.ok()) return Refuse(call, 400, request.status());
  Run(service_.Query(call.context, *std::move(request)), call);
}

void TqlHandler::Script(const Call& call) {
  auto request = ScriptOf(call.request);
  if (!request.ok()) return Refuse(call, 400, request.status());
  Run(service_.RunScript(call.context, *std::move(request)), call);
}

void TqlHandler::Run(StatusOr<std::unique_ptr<service::AdmittedCall>> admitted, const Call& call) {
  if (!admitted.ok()) return SendStatus(admitted.status(), call.writer);
  HttpResponseSink sink(call.writer, clock_, variant_);
  const Status status = (*admitted)->Run(sink);
  if (!status.ok()) SendStatus(status, call.writer);
}

void TqlHandler::StaticTokens(const Call& call) { Tokens(pb::GetTokensRequest::STATIC, call); }
void TqlHandler::DynamicTokens(const Call& call) { Tokens(pb::GetTokensRequest::DYNAMIC, call); }

void TqlHandler::Tokens(pb::GetTokensRequest::Kind kind, const Call& call) {
  pb::GetTokensRequest request;
  request.set_kind(kind);
  const StatusOr<service::TokenList> list = service_.Tokens(call.context, request);
  if (list.status().code() == StatusCode::kPermissionDenied) {
    // Not 403: the vendor's client reads only 401 as "No Authorization to run tql."
    return call.writer.SendError(401, list.status().message());
  }
  if (!list.ok()) return SendStatus(list.status(), call.writer);
  std::string json = "{";
  if (list->schema_version) {
    json += "\"server_schema_version\":\"" + std::to_string(*list->schema_version) + "\",";
  }
  json += "\"tokens\":[";
  bool first = true;
  if (!call.writer.Start(200, kJsonType)) return;
  list->VisitPieces([&](std::span<const std::string> piece) {
    for (const std::string& token : piece) {
      if (!std::exchange(first, false)) json += ',';
      base::AppendJsonString(token, &json);
    }
    const bool written = call.writer.Write(json);
    json.clear();
    return written;
  });
  if (call.writer.Write("]}")) call.writer.Finish();
}

void TqlHandler::SchemaVersion(const Call& call) {
  const StatusOr<std::int64_t> version = service_.SchemaVersion(call.context);
  if (!version.ok()) return SendStatus(version.status(), call.writer);
  call.writer.Send(
      200, kJsonType,
      "{\"context\":{\"server_schema_version\":\"" + std::to_string(*version) + "\"}}");
}

}  // namespace tql::frontend
