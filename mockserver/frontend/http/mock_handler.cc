#include "mockserver/frontend/http/mock_handler.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "proto/base/json_writer.h"
#include "proto/base/text.h"
#include "proto/document/message_reader.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kRoot = testdouble::kControlPath;
constexpr std::string_view kOfNamespace = "/mock/namespaces/{name}";

/// Whether the page that sent the request comes from this server.
bool IsOwnOrigin(const HttpRequest& request, std::string_view origin) {
  const std::string own =
      (request.tls ? "https://" : "http://") + base::Lower(request.Header("Host"));
  return base::Lower(origin) == own;
}

HttpResponse JsonOf(const google::protobuf::Message& message, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.content_type = kJsonType;
  response.body = ToJson(message) + "\n";
  return response;
}

HttpResponse ErrorOf(const Status& status) {
  const bool busy = status.code() == StatusCode::kDeadlineExceeded;
  return ErrorResponse(busy ? 503 : HttpStatusOf(status.code()), status.message());
}

template <typename Message>
HttpResponse ResponseOf(const StatusOr<Message>& result) {
  return result.ok() ? JsonOf(*result) : ErrorOf(result.status());
}

/// Reads the body of a request; an empty one is an empty message.
template <typename Message>
StatusOr<Message> BodyOf(const HttpRequest& request) {
  Message message;
  if (std::ranges::all_of(request.body, base::IsBlank)) return message;
  if (Status status = document::ReadMessage(request.body, &message); !status.ok()) return status;
  return message;
}

/// Puts a parameter of the query string where the field of the request is: in the request itself or
/// in its match.
Status AddParameter(const std::string& name, std::string value, document::Node& request,
                    document::Node& match) {
  const auto* const own = mockpb::JournalRequest::descriptor()->FindFieldByName(name);
  const auto* const of_match = mockpb::Match::descriptor()->FindFieldByName(name);
  const auto* const field = own != nullptr ? own : of_match;
  if (field == nullptr || field->is_map() || name == "namespace" || name == "match") {
    return InvalidArgumentError("unknown parameter \"" + name + '"');
  }
  document::Node scalar;
  scalar.kind = document::Node::Kind::kScalar;
  scalar.text = std::move(value);
  document::Node& map = own != nullptr ? request : match;
  document::Node key = scalar;
  key.text = name;
  const auto there =
      std::ranges::find_if(map.entries, [&](const auto& entry) { return entry.key.text == name; });
  if (!field->is_repeated()) {
    if (there != map.entries.end()) {
      return InvalidArgumentError("the parameter \"" + name + "\" occurs twice");
    }
    map.entries.push_back({std::move(key), std::move(scalar)});
  } else if (there != map.entries.end()) {
    there->value.items.push_back(std::move(scalar));
  } else {
    document::Node list;
    list.kind = document::Node::Kind::kList;
    list.items.push_back(std::move(scalar));
    map.entries.push_back({std::move(key), std::move(list)});
  }
  return Status();
}

/// "kind=INSERT&after=17&wait=2s".
StatusOr<mockpb::JournalRequest> JournalRequestOf(std::string_view query) {
  document::Node request;
  document::Node match;
  request.kind = match.kind = document::Node::Kind::kMap;
  for (auto& [name, value] : FormValues(query)) {
    Status status = AddParameter(name, std::move(value), request, match);
    if (!status.ok()) return status;
  }
  mockpb::JournalRequest message;
  Status status = document::ReadMessage(request, &message);
  if (status.ok()) status = document::ReadMessage(match, message.mutable_match());
  if (!status.ok()) return status;
  return message;
}

}  // namespace

const MockHandler::Route MockHandler::kRoutes[] = {
    {"GET", "", "this description", false, &MockHandler::Describe},
    {"GET", "/namespaces", "all namespaces", false, &MockHandler::ListNamespaces},
    {"PUT", "/namespaces/{name}", "makes a fork, or resets one: {\"from\": \"main\"}", false,
     &MockHandler::PutNamespace},
    {"GET", "/namespaces/{name}", "one namespace", false, &MockHandler::GetNamespace},
    {"DELETE", "/namespaces/{name}", "removes a namespace", false, &MockHandler::DeleteNamespace},
    {"PUT", "/clock", "sets, moves, stops the time: {\"advance\": \"3600s\", \"frozen\": true}",
     true, &MockHandler::PutClock},
    {"GET", "/clock", "the time", true, &MockHandler::GetClock},
    {"PUT", "/plan", "replaces the plan", true, &MockHandler::PutPlan},
    {"POST", "/plan", "appends rules to the plan", true, &MockHandler::PostPlan},
    {"GET", "/plan", "the plan, with what its rules have seen and done", true,
     &MockHandler::GetPlan},
    {"DELETE", "/plan", "removes the plan", true, &MockHandler::DeletePlan},
    {"PUT", "/world", "replaces the users, Liveboards and other objects of the REST API", true,
     &MockHandler::PutWorld},
    {"GET", "/world", "the objects of the REST API", true, &MockHandler::GetWorld},
    {"GET", "/journal", "the journal: ?kind=INSERT&table=sales&after=17&wait=2s", true,
     &MockHandler::GetJournal},
    {"DELETE", "/journal", "empties the journal", true, &MockHandler::DeleteJournal},
    {"POST", "/verify", "verifies the journal and the plan: 200, or 409 with an explanation", true,
     &MockHandler::Verify},
};

Status MockHandler::CheckAccess(const HttpRequest& request) const {
  const std::string_view origin = request.Header("Origin");
  if (!origin.empty() && !IsOwnOrigin(request, origin)) {
    return PermissionDeniedError("a web page of another origin may not use the control interface");
  }
  return access_.Check(request.peer, request.Header("Authorization"));
}

void MockHandler::AddRoutes(Router& router) {
  for (const Route& route : kRoutes) {
    const auto handle = [this, &route](const HttpCall& call) { return Handle(route, call); };
    router.Add(std::string(route.method), std::string(kRoot) + std::string(route.path), handle);
    if (!route.of_namespace) continue;
    router.Add(std::string(route.method), std::string(kOfNamespace) + std::string(route.path),
               handle);
  }
}

std::optional<BodyAllowance> MockHandler::AllowanceOf(const HttpRequest& head) const {
  if (!testdouble::IsControlPath(head.path)) return std::nullopt;
  const Status access = CheckAccess(head);
  if (access.ok()) return BodyAllowance{.bytes = kMostBytes, .refusal = ""};
  return BodyAllowance{
      .bytes = 0, .status = HttpStatusOf(access.code()), .refusal = access.message()};
}

HttpResponse MockHandler::Handle(const Route& route, const HttpCall& call) {
  const service::CallContext context = ContextOf(call.request, clock_);
  HttpResponse response;
  const Status status = Guarded(service_, context, [&] {
    const std::string space =
        call.request.parameters.empty() ? std::string() : call.request.parameters.front();
    const Status access = CheckAccess(call.request);
    // The call may wait for a fork, an entry or a verification.
    call.client.RunWaiting(
        [&] { response = access.ok() ? (this->*route.handle)(call, space) : ErrorOf(access); });
    service_.Answered(context, response.status < 400
                                   ? Status()
                                   : Status(StatusCodeOfHttp(response.status), "refused"));
    return Status();
  });
  return status.ok() ? std::move(response) : ErrorOf(status);
}

HttpResponse MockHandler::Describe(const HttpCall& call, const std::string& /*space*/) {
  HttpResponse response;
  const bool html = call.request.Header("Accept").find("text/html") != std::string_view::npos;
  if (html) {
    response.content_type = "text/html; charset=utf-8";
    response.body =
        "<!DOCTYPE html><title>tqlmockd</title><h1>tqlmockd: control interface</h1>"
        "<p>Messages: mock_control.proto, as JSON or YAML. Below /mock they are about the "
        "namespace "
        "main, below /mock/namespaces/NAME about another.</p><table>";
  }
  base::JsonWriter json(&response.body);
  if (!html) {
    response.content_type = kJsonType;
    json.BeginObject().Key("service").String("tql.mock.v1.MockControl").Key("routes").BeginArray();
  }
  for (const Route& route : kRoutes) {
    const std::string path = std::string(kRoot) + std::string(route.path);
    if (html) {
      response.body += "<tr><td>" + std::string(route.method) + "<td><code>" + path +
                       "</code><td>" + std::string(route.summary);
      continue;
    }
    json.BeginObject();
    json.Key("method").String(route.method).Key("path").String(path);
    json.Key("summary").String(route.summary);
    json.EndObject();
  }
  html ? void(response.body += "</table>\n") : void(json.EndArray().EndObject());
  return response;
}

HttpResponse MockHandler::ListNamespaces(const HttpCall& /*call*/, const std::string& /*space*/) {
  return JsonOf(control_.ListNamespaces());
}

HttpResponse MockHandler::PutNamespace(const HttpCall& call, const std::string& space) {
  auto request = BodyOf<mockpb::Namespace>(call.request);
  if (!request.ok()) return ErrorOf(request.status());
  if (!request->name().empty() && request->name() != space) {
    return ErrorResponse(
        400, "name: the path has \"" + space + "\", the body \"" + request->name() + '"');
  }
  request->set_name(space);
  const auto put = control_.PutNamespace(*request);
  if (!put.ok()) return ErrorOf(put.status());
  return JsonOf(put->space, put->created ? 201 : 200);
}

HttpResponse MockHandler::GetNamespace(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.GetNamespace(space));
}

HttpResponse MockHandler::DeleteNamespace(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.DeleteNamespace(space));
}

HttpResponse MockHandler::PutClock(const HttpCall& call, const std::string& space) {
  mockpb::ClockRequest request;
  auto clock = BodyOf<mockpb::Clock>(call.request);
  if (!clock.ok()) return ErrorOf(clock.status());
  request.set_namespace_(space);
  *request.mutable_clock() = *std::move(clock);
  return ResponseOf(control_.SetClock(request));
}

HttpResponse MockHandler::GetClock(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.GetClock(space));
}

HttpResponse MockHandler::ChangePlan(const HttpCall& call, const std::string& space, bool append) {
  mockpb::PlanRequest request;
  auto plan = BodyOf<mockpb::Plan>(call.request);
  if (!plan.ok()) return ErrorOf(plan.status());
  request.set_namespace_(space);
  request.mutable_plan()->Swap(&*plan);
  request.set_append(append);
  return ResponseOf(control_.PutPlan(request));
}

HttpResponse MockHandler::PutPlan(const HttpCall& call, const std::string& space) {
  return ChangePlan(call, space, /*append=*/false);
}

HttpResponse MockHandler::PostPlan(const HttpCall& call, const std::string& space) {
  return ChangePlan(call, space, /*append=*/true);
}

HttpResponse MockHandler::GetPlan(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.GetPlan(space));
}

HttpResponse MockHandler::DeletePlan(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.DeletePlan(space));
}

HttpResponse MockHandler::PutWorld(const HttpCall& call, const std::string& space) {
  return ResponseOf(control_.PutWorld(space, call.request.body));
}

HttpResponse MockHandler::GetWorld(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.GetWorld(space));
}

HttpResponse MockHandler::GetJournal(const HttpCall& call, const std::string& space) {
  auto request = JournalRequestOf(call.request.query);
  if (!request.ok()) return ErrorOf(request.status());
  request->set_namespace_(space);
  return ResponseOf(control_.GetJournal(*request, [&] { return call.client.Gone(); }));
}

HttpResponse MockHandler::DeleteJournal(const HttpCall& /*call*/, const std::string& space) {
  return ResponseOf(control_.DeleteJournal(space));
}

HttpResponse MockHandler::Verify(const HttpCall& call, const std::string& space) {
  auto request = BodyOf<mockpb::VerifyRequest>(call.request);
  if (!request.ok()) return ErrorOf(request.status());
  request->set_namespace_(space);
  const auto result = control_.Verify(*request, [&] { return call.client.Gone(); });
  if (!result.ok()) return ErrorOf(result.status());
  return JsonOf(*result, result->ok() ? 200 : 409);
}

}  // namespace tql::frontend
