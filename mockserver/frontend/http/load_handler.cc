#include "mockserver/frontend/http/load_handler.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/login.h"
#include "mockserver/frontend/http/neighbor_call.h"
#include "mockserver/frontend/http/request_head.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/load/coverage.h"
#include "mockserver/load/errors.h"
#include "mockserver/net/listener.h"
#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/document/message_reader.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tqlkit/load.pb.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kRoot = "/ts_dataservice/v1/public";
constexpr std::string_view kNoNode = "none";

HttpResponse Text(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

/// `failure` is the documented status of the call's own errors.
HttpResponse ErrorOf(const Status& status, int failure = 400) {
  switch (status.code()) {
    case StatusCode::kNotFound:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kInvalidArgument:
      return Text(failure, status.message());
    default:
      return Text(HttpStatusOf(status.code()), status.message());
  }
}

/// Reads a header that is a number; nullopt without it.
StatusOr<std::optional<std::uint64_t>> NumberOf(const HttpRequest& request, const char* header) {
  const std::string_view text = request.Header(header);
  if (text.empty()) return std::optional<std::uint64_t>();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return InvalidArgumentError(std::string(header) + ": " + Found(text) + ", expected a number.");
  }
  return std::optional(number);
}

/// Whether the data are compressed. Of a form only its parts could be, and none says so.
StatusOr<bool> IsGzip(const HttpRequest& request, bool form) {
  const std::string_view encoding = request.Header("Content-Encoding");
  const std::string_view type = request.Header("Content-Type");
  const bool plain = encoding.empty() || base::EqualsIgnoreCase(encoding, "identity");
  const bool gzip =
      base::EqualsIgnoreCase(encoding, "gzip") || base::EqualsIgnoreCase(encoding, "x-gzip");
  if ((!plain && !gzip) || (gzip && form)) {
    return UnimplementedError(
        "Content-Encoding: " + Found(encoding) +
        (form ? ", expected a form without compression." : ", expected gzip or none."));
  }
  return gzip || base::EqualsIgnoreCase(type, "application/gzip") ||
         base::EqualsIgnoreCase(type, "application/x-gzip");
}

/// Splits "HOST:PORT" or "HOST"; an IPv6 address keeps its brackets.
pb::LoadNodeAddress AddressOf(std::string_view text, int default_port) {
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != text.npos && text.find(']', colon) == text.npos;
  pb::LoadNodeAddress address;
  address.set_host(std::string(text.substr(0, has_port ? colon : text.npos)));
  int port = default_port;
  if (has_port) std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  address.set_port(port);
  return address;
}

/// Whether the request is an upload, whose body has no maximum size.
bool IsUpload(const HttpRequest& head) {
  const std::string loads = std::string(kRoot) + "/loads/";
  return head.method == "POST" && head.path.starts_with(loads) &&
         head.path.find('/', loads.size()) == head.path.npos;
}

/// How the real service's call is known.
std::optional<service::Evidence> EvidenceOf(std::string_view method, std::string_view path) {
  for (const load::CallCoverage& call : load::CallsCovered()) {
    if (call.method == method && call.path == path) return call.evidence;
  }
  return std::nullopt;
}

bool IsLoadPath(std::string_view path) {
  if (!path.starts_with(kRoot)) return false;
  path.remove_prefix(kRoot.size());
  return path.starts_with("/loads") || path.starts_with("/session") || path == "/ping";
}

}  // namespace

bool IsLoadNode(std::string_view text) {
  return text.empty() || text == kNoNode || net::ParseEndpoint(text).ok();
}

const LoadHandler::Route LoadHandler::kRoutes[] = {
    {"GET", "/ts_dataservice/v1/public/ping", false, &LoadHandler::Ping},
    {"POST", "/ts_dataservice/v1/public/session", false, &LoadHandler::Login},
    {"GET", "/ts_dataservice/v1/public/sessions", true, &LoadHandler::Sessions},
    {"POST", "/ts_dataservice/v1/public/loads", true, &LoadHandler::Start},
    {"GET", "/ts_dataservice/v1/public/loads", true, &LoadHandler::Loads},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}", true, &LoadHandler::Upload,
     BodyMode::kStreamed},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}", true, &LoadHandler::LoadStatus},
    // Once printed so in the vendor's reference.
    {"GET", "/ts_dataservice/v1/loads/{cycle}", true, &LoadHandler::LoadStatus},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}/commit", true, &LoadHandler::Commit},
    {"POST", "/ts_dataservice/v1/public/loads/{cycle}/cancel", true, &LoadHandler::Cancel},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}/input_summary", true,
     &LoadHandler::InputSummary},
    {"GET", "/ts_dataservice/v1/public/loads/{cycle}/bad_records_file", true,
     &LoadHandler::BadRecords},
};

void LoadHandler::AddRoutes(Router& router) {
  for (const Route& route : kRoutes) {
    const auto evidence = EvidenceOf(route.method, route.path);
    router.Add(
        std::string(route.method), route.path,
        [this, &route, evidence](const HttpCall& http) { return Handle(route, evidence, http); },
        route.body);
  }
  router.AddErrors([](const HttpRequest& request, int status,
                      std::string_view message) -> std::optional<HttpResponse> {
    if (!IsLoadPath(request.path)) return std::nullopt;
    return Text(status, std::string(message));
  });
}

std::optional<BodyAllowance> LoadHandler::AllowanceOf(const HttpRequest& head) const {
  if (!IsLoadPath(head.path)) return std::nullopt;
  // The handler refuses an upload without a session before it reads any of it.
  if (IsUpload(head)) return BodyAllowance{.bytes = std::string::npos, .refusal = ""};
  service::CallContext context = ContextOf(head, clock_);
  const bool known = service_.Authenticate(context).ok();
  return BodyAllowance{.bytes = known ? options_.max_request_bytes : kStrangersBytes,
                       .refusal = ""};
}

Status LoadHandler::Authorize(service::CallContext& context, load::Owner* owner) {
  if (!service_.Authenticate(context).ok()) return load::errors::NotLoggedIn();
  if (!context.session->user->can_manage_data) return load::errors::NoPrivilege();
  *owner = {context.session->user->name, *context.session->space};
  return Status();
}

HttpResponse LoadHandler::Handle(const Route& route, std::optional<service::Evidence> evidence,
                                 const HttpCall& http) {
  service::CallContext context = ContextOf(http.request, clock_);
  context.evidence = evidence;
  context.client_gone = [&client = http.client] { return client.Gone(); };
  context.run_waiting = [&client = http.client](const auto& wait) { client.RunWaiting(wait); };
  if (route.handle == &LoadHandler::Start) {
    context.unknown_keys = [&body = http.request.body] {
      return document::UnknownKeys(body, *pb::LoadParams::descriptor());
    };
    context.parameters = [&body = http.request.body] { return load::ParametersOf(body); };
  }
  const auto answer = [&] {
    Call call{http, context, {}, {}};
    if (!http.request.parameters.empty()) call.cycle = http.request.parameters.front();
    const Status allowed = route.needs_session ? Authorize(context, &call.owner) : Status();
    return allowed.ok() ? (this->*route.handle)(call) : ErrorOf(allowed);
  };
  const auto error = [](const Status& status) { return ErrorOf(status); };
  if (route.handle != &LoadHandler::Login) {
    return ServeNeighbor(service_, service::Neighbor::kLoad, context, answer, error);
  }
  // A login is a call of its own, which the service knows.
  HttpResponse response;
  const Status status = Guarded(service_, context, [&] {
    response = answer();
    return Status();
  });
  if (!status.ok()) response = error(status);
  ApplyControl(context, response);
  return response;
}

HttpResponse LoadHandler::Ping(const Call& /*call*/) { return Text(200, "Ping Received."); }

HttpResponse LoadHandler::Login(const Call& call) {
  const auto credentials = CredentialsOf(call.http.request.body);
  if (!credentials.ok()) {
    service_.Answered(call.context, credentials.status());
    return ErrorOf(credentials.status());
  }
  const auto login = service_.Login(call.context, *credentials);
  if (login.status().code() == StatusCode::kUnauthenticated) {
    return ErrorOf(load::errors::NotLoggedIn());
  }
  if (!login.ok()) return ErrorOf(login.status());
  HttpResponse response = Text(200, "");
  SetSessionCookie(call.http.request, login->token, response);
  return response;
}

/// The vendor has not published the form of the response.
HttpResponse LoadHandler::Sessions(const Call& call) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (const service::Session& session : sessions_.SessionsOf(call.owner.space)) {
    json.BeginObject().Key("session").Integer(session.number);
    json.Key("user").String(session.user->name).EndObject();
  }
  json.EndArray();
  return Text(200, std::move(body));
}

HttpResponse LoadHandler::Start(const Call& call) {
  const HttpRequest& request = call.http.request;
  StatusOr<load::LoadParams> params = load::ParseLoadParams(request.body);
  if (!params.ok()) return ErrorOf(load::errors::InvalidParams(request.body, params.status()));
  const auto cycle = loads_.Start(call.owner, *std::move(params));
  if (!cycle.ok()) return ErrorOf(cycle.status());
  pb::StartLoadResponse response;
  const std::string_view node = options_.node.empty() ? request.host : options_.node;
  if (!node.empty() && node != kNoNode) {
    *response.mutable_node_address() = AddressOf(node, request.tls ? 443 : 80);
  }
  response.set_cycle_id((*cycle)->id());
  return Text(202, ToJson(response));
}

HttpResponse LoadHandler::Upload(const Call& call) {
  const HttpRequest& request = call.http.request;
  const auto chunk = NumberOf(request, "X-ts-chunk-id");
  if (!chunk.ok()) return ErrorOf(chunk.status());
  const bool form = FormTypeOf(request.Header("Content-Type")).is_form;
  const StatusOr<bool> gzip = IsGzip(request, form);
  if (!gzip.ok()) return Text(415, gzip.status().message());
  const auto writer = loads_.BeginUpload(call.owner, call.cycle, *chunk, *gzip);
  if (!writer.ok()) return ErrorOf(writer.status());
  Status stored;
  const BodyReader::Receive receive = [&](std::string_view piece) {
    stored = (*writer)->Append(piece);
    return stored.ok();
  };
  const auto begin = [&](const FormPart& /*part*/) {
    (*writer)->BeginText();
    return true;
  };
  const bool read = form ? call.http.body.ReadForm(begin, receive) : call.http.body.Read(receive);
  if (stored.ok() && read) stored = (*writer)->Finish();
  if (!stored.ok()) return ErrorOf(stored);
  if (!read) return Text(400, "The upload is incomplete.");
  return Text(202, "Upload Complete.");
}

HttpResponse LoadHandler::Commit(const Call& call) {
  const auto chunks = NumberOf(call.http.request, "X-ts-chunks");
  if (!chunks.ok()) return ErrorOf(chunks.status());
  const Status status = loads_.Commit(call.owner, call.cycle, *chunks);
  return status.ok() ? Text(202, "Commit load cycle request made.") : ErrorOf(status, 500);
}

HttpResponse LoadHandler::Cancel(const Call& call) {
  const auto cycle = loads_.Find(call.owner, call.cycle);
  if (!cycle) return ErrorOf(load::errors::UnknownCycle(call.cycle));
  cycle->Cancel();
  return Text(200, "");
}

HttpResponse LoadHandler::LoadStatus(const Call& call) {
  const auto cycle = loads_.Find(call.owner, call.cycle);
  if (!cycle) return ErrorOf(load::errors::UnknownCycle(call.cycle));
  return Text(200, cycle->StatusJson(/*with_result=*/!options_.late_status));
}

HttpResponse LoadHandler::InputSummary(const Call& call) {
  const auto cycle = loads_.Find(call.owner, call.cycle);
  if (!cycle) return ErrorOf(load::errors::UnknownCycle(call.cycle));
  return Text(200, cycle->params().summary);
}

HttpResponse LoadHandler::BadRecords(const Call& call) {
  const auto cycle = loads_.Find(call.owner, call.cycle);
  const auto records = cycle ? cycle->BadRecords() : nullptr;
  if (!records) return ErrorOf(load::errors::NoBadRecords(call.cycle), 500);
  HttpResponse response = Text(200, "");
  response.stream = [records](BodyWriter& body) -> std::optional<HttpResponse> {
    std::string block(std::size_t{64} << 10, '\0');
    for (std::uint64_t offset = 0;;) {
      const StatusOr<std::size_t> got = records->Read(offset, block.data(), block.size());
      if (!got.ok()) return ErrorOf(got.status());
      if (*got == 0 || !body.Write(std::string_view(block).substr(0, *got))) return std::nullopt;
      offset += *got;
    }
  };
  return response;
}

HttpResponse LoadHandler::Loads(const Call& call) {
  std::string body;
  base::JsonWriter json(&body);
  json.BeginArray();
  for (const auto& cycle : loads_.CyclesOf(call.owner.space)) {
    json.BeginObject().Key("Cycle_id").String(cycle->id());
    json.Key("Status").String(cycle->StatusName());
    json.Key("BadRecordsUrl")
        .String(std::string(kRoot) + "/loads/" + cycle->id() + "/bad_records_file");
    json.EndObject();
  }
  json.EndArray();
  return Text(200, std::move(body));
}

}  // namespace tql::frontend
