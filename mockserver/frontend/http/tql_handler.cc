#include "mockserver/frontend/http/tql_handler.h"

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/response_sink.h"
#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/document/message_reader.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"

namespace tql::frontend {
namespace {

/// Returns the request of a multipart body: the first part that is a request as JSON. If it has no
/// script, the first other file is the script.
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
    if (script == nullptr && !part.filename.empty()) script = &part;
  }
  if (!request && script == nullptr) {
    return first_error.ok() ? InvalidArgumentError("the form has no part with a script")
                            : first_error;
  }
  if (!request) request.emplace();
  if (script != nullptr && request->script().empty()) {
    request->set_script(script->body);
  }
  return *std::move(request);
}

StatusOr<pb::ExecuteSqlScriptRequest> ScriptOf(const HttpRequest& request) {
  if (request.form) return ScriptOfParts(*request.form);
  return FromJson<pb::ExecuteSqlScriptRequest>(request.body);
}

HttpResponse JsonResponse(std::string json) {
  HttpResponse response;
  response.content_type = kJsonType;
  response.body = std::move(json);
  return response;
}

/// Returns the response for an error of the service.
HttpResponse StatusResponse(const Status& status) {
  return ErrorResponse(HttpStatusOf(status.code()), status.message());
}

}  // namespace

using enum service::Evidence;

const TqlHandler::Route TqlHandler::kRoutes[] = {
    {"GET", "/", std::nullopt, false, &TqlHandler::Home},
    {"GET", "/healthz", std::nullopt, false, &TqlHandler::Health},
    {"GET", "/mock/coverage", std::nullopt, false, &TqlHandler::Coverage},

    {"POST", "/ts_dataservice/v1/public/tql/query", kDocumented, true, &TqlHandler::Query},
    {"POST", "/ts_dataservice/v1/public/tql/script", kDocumented, true, &TqlHandler::Script,
     BodyMode::kForm},
    {"GET", "/ts_dataservice/v1/public/tql/tokens/static", kDocumented, true,
     &TqlHandler::StaticTokens},
    {"GET", "/ts_dataservice/v1/public/tql/tokens/dynamic", kDocumented, true,
     &TqlHandler::DynamicTokens},
    {"GET", "/ts_tqlservice/v1/public/schema_version", kDocumented, true,
     &TqlHandler::SchemaVersion},
};

std::span<const TqlHandler::Route> TqlHandler::Routes() { return kRoutes; }

TqlHandler::TqlHandler(service::Service& service, const engine::Clock& clock, WireVariant variant)
    : service_(service), clock_(clock), variant_(std::move(variant)) {}

void TqlHandler::AddRoutes(Router& router) {
  for (const Route& route : kRoutes) {
    router.Add(
        std::string(route.method), route.path,
        [this, &route](const HttpCall& http) { return Handle(route, http); }, route.body);
  }
}

std::optional<BodyAllowance> TqlHandler::AllowanceOf(const HttpRequest& head) const {
  service::CallContext context = ContextOf(head, clock_);
  const Status status = service_.Authenticate(context);
  if (status.ok()) return std::nullopt;
  return BodyAllowance{.bytes = kStrangersBytes,
                       .status = HttpStatusOf(status.code()),
                       .refusal = std::string(status.message())};
}

HttpResponse TqlHandler::Handle(const Route& route, const HttpCall& http) {
  // Shared with the answer, which is written after the handler has returned.
  const auto context = std::make_shared<service::CallContext>(ContextOf(http.request, clock_));
  context->evidence = route.evidence;
  context->client_gone = [&client = http.client] { return client.Gone(); };
  context->run_waiting = [&client = http.client](const auto& wait) { client.RunWaiting(wait); };
  const Call call{http.request, context};
  HttpResponse response;
  const Status status = Guarded(service_, *context, [&] {
    const Status live = route.needs_session ? service_.Authenticate(*context) : Status();
    response =
        live.ok() ? (this->*route.handle)(call) : Refuse(call, HttpStatusOf(live.code()), live);
    return Status();
  });
  if (!status.ok()) response = StatusResponse(status);
  ApplyControl(*context, response);
  return response;
}

void TqlHandler::Unrouted(const HttpRequest& request, int http_status) {
  const StatusCode code = http_status == 404   ? StatusCode::kNotFound
                          : http_status == 405 ? StatusCode::kUnimplemented
                                               : StatusCode::kInvalidArgument;
  service_.Answered(ContextOf(request, clock_),
                    Status(code, "HTTP " + std::to_string(http_status)));
}

HttpResponse TqlHandler::Answer(const Call& call, std::string json) {
  const Status status = service_.Other(*call.context);
  return status.ok() ? JsonResponse(std::move(json)) : StatusResponse(status);
}

HttpResponse TqlHandler::Refuse(const Call& call, int http_status, const Status& status) {
  service_.Answered(*call.context, status);
  return ErrorResponse(http_status, status.message());
}

HttpResponse TqlHandler::Health(const Call& call) { return Answer(call, R"({"status":"ok"})"); }

HttpResponse TqlHandler::Query(const Call& call) {
  auto request = FromJson<pb::ExecuteQueryRequest>(call.request.body);
  if (!request.ok()) return Refuse(call, 400, request.status());
  call.context->unknown_keys = [&body = call.request.body] {
    return document::UnknownKeys(body, *pb::ExecuteQueryRequest::descriptor());
  };
  return Run(service_.Query(*call.context, *std::move(request)), call);
}

HttpResponse TqlHandler::Script(const Call& call) {
  auto request = ScriptOf(call.request);
  if (!request.ok()) return Refuse(call, 400, request.status());
  call.context->unknown_keys = [&request = call.request] {
    if (request.form) return std::vector<std::string>();
    return document::UnknownKeys(request.body, *pb::ExecuteSqlScriptRequest::descriptor());
  };
  return Run(service_.RunScript(*call.context, *std::move(request)), call);
}

HttpResponse TqlHandler::Run(StatusOr<std::unique_ptr<service::AdmittedCall>> admitted,
                             const Call& call) {
  if (!admitted.ok()) return StatusResponse(admitted.status());
  HttpResponse response;
  response.content_type = variant_.content_type;
  // The context outlives the admitted call.
  response.stream = [this, context = call.context,
                     running = std::shared_ptr<service::AdmittedCall>(*std::move(admitted))](
                        BodyWriter& body) -> std::optional<HttpResponse> {
    const Status status = Guarded(service_, *context, [&] {
      HttpResponseSink sink(body, clock_, variant_, context->answer_bytes);
      return running->Run(sink);
    });
    if (!status.ok()) return StatusResponse(status);
    return std::nullopt;
  };
  return response;
}

HttpResponse TqlHandler::StaticTokens(const Call& call) {
  return Tokens(pb::GetTokensRequest::STATIC, call);
}
HttpResponse TqlHandler::DynamicTokens(const Call& call) {
  return Tokens(pb::GetTokensRequest::DYNAMIC, call);
}

HttpResponse TqlHandler::Tokens(pb::GetTokensRequest::Kind kind, const Call& call) {
  pb::GetTokensRequest request;
  request.set_kind(kind);
  StatusOr<service::TokenList> tokens = service_.Tokens(*call.context, request);
  if (tokens.status().code() == StatusCode::kPermissionDenied) {
    // Not 403: the vendor's client reads only 401 as "No Authorization to run tql."
    return ErrorResponse(401, tokens.status().message());
  }
  if (!tokens.ok()) return StatusResponse(tokens.status());
  HttpResponse response;
  response.content_type = kJsonType;
  response.stream = [list = *std::move(tokens)](BodyWriter& body) -> std::optional<HttpResponse> {
    std::string json = "{";
    if (list.schema_version) {
      json += "\"server_schema_version\":\"" + std::to_string(*list.schema_version) + "\",";
    }
    json += "\"tokens\":[";
    bool first = true;
    list.VisitPieces([&](std::span<const std::string> piece) {
      for (const std::string& token : piece) {
        if (!std::exchange(first, false)) json += ',';
        base::AppendJsonString(token, &json);
      }
      const bool written = body.Write(json);
      json.clear();
      return written;
    });
    body.Write("]}");
    return std::nullopt;
  };
  return response;
}

HttpResponse TqlHandler::SchemaVersion(const Call& call) {
  const StatusOr<std::int64_t> version = service_.SchemaVersion(*call.context);
  if (!version.ok()) return StatusResponse(version.status());
  return JsonResponse("{\"context\":{\"server_schema_version\":\"" + std::to_string(*version) +
                      "\"}}");
}

}  // namespace tql::frontend
