#include "mockserver/frontend/http/rest_handler.h"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/http/call_context.h"
#include "mockserver/frontend/http/forms.h"
#include "mockserver/frontend/http/tql_handler.h"
#include "mockserver/rest/parameters.h"
#include "proto/base/text.h"
#include "tql/wire/http_status.h"

namespace tql::frontend {
namespace {

using rest::Access;
using rest::Endpoint;
using rest::Family;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostListBytes = std::size_t{10} << 20;  // of user/sync
constexpr std::string_view kPrefixes[] = {"/callosum/", "/tspublic/", "/api/rest/", "/prism/"};

bool IsRestPath(std::string_view path) {
  return std::ranges::any_of(kPrefixes, [&](auto prefix) { return path.starts_with(prefix); });
}

HttpResponse ResponseOf(rest::Answer answer) {
  HttpResponse response;
  response.status = answer.status;
  response.content_type = std::move(answer.content_type);
  response.body = std::move(answer.body);
  if (!answer.stream) return response;
  response.stream =
      [stream = std::move(answer.stream)](BodyWriter& body) -> std::optional<HttpResponse> {
    stream([&](std::string_view piece) { return body.Write(piece); });
    return std::nullopt;
  };
  return response;
}

/// The name and password of "Authorization: Basic"; nullopt for another header.
std::optional<std::pair<std::string, std::string>> BasicOf(std::string_view authorization) {
  constexpr std::string_view kBasic = "Basic ";
  constexpr std::size_t kMost = 16'384;  // more than the longest name and password
  if (!base::StartsWithIgnoreCase(authorization, kBasic)) return std::nullopt;
  const std::string_view text = base::Trim(authorization.substr(kBasic.size()));
  if (text.size() > kMost || text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  for (int padding = 0; padding < 2 && text.ends_with("=") && bytes.ends_with('\0'); ++padding) {
    bytes.pop_back();
  }
  const std::size_t colon = bytes.find(':');
  if (colon == bytes.npos) return std::nullopt;
  return std::pair(bytes.substr(0, colon), bytes.substr(colon + 1));
}

/// Those of the query, and of the form or the JSON object in the body.
Status ReadParams(const HttpRequest& request, rest::Params* params) {
  for (auto& [name, value] : FormValues(request.query)) {
    params->Add(std::move(name), std::move(value));
  }
  if (request.form) {
    for (const FormPart& part : *request.form) params->Add(part.name, part.body);
    return Status();
  }
  const std::string_view body = base::Trim(request.body);
  if (body.starts_with('{')) return params->AddJson(body);
  for (auto& [name, value] : FormValues(body)) params->Add(std::move(name), std::move(value));
  return Status();
}

/// INVALID_ARGUMENT and INTERNAL are documented errors of endpoints.
int HttpStatusOfError(const Status& status) {
  if (status.code() == StatusCode::kInvalidArgument) return 400;
  if (status.code() == StatusCode::kInternal) return 500;
  return HttpStatusOf(status.code());
}

}  // namespace

void RestHandler::AddRoutes(Router& router) {
  router.AddErrors([this](const HttpRequest& request, int status,
                          std::string_view message) -> std::optional<HttpResponse> {
    if (!IsRestPath(request.path)) return std::nullopt;
    auto caller = rest::CallerIn(namespaces_, std::nullopt, space::kMain);
    if (!caller.ok()) return std::nullopt;
    const bool v2 = request.path.starts_with("/api/rest/2.0/");
    return ResponseOf(
        rest::ErrorAnswer(v2 ? Family::kV2 : Family::kPublic, status, message, *caller));
  });
  for (const auto endpoints : {rest::V1Endpoints(), rest::V2Endpoints()}) {
    for (const Endpoint& endpoint : endpoints) {
      const auto handle = [this, &endpoint](const HttpCall& http) {
        return Handle(endpoint, http);
      };
      for (const std::string& path : rest::PathsOf(endpoint)) {
        router.Add(std::string(endpoint.method), path, handle, BodyMode::kForm);
        router.Add(std::string(endpoint.method), path + "/", handle, BodyMode::kForm);
      }
    }
  }
}

std::optional<BodyAllowance> RestHandler::AllowanceOf(const HttpRequest& head) const {
  if (!IsRestPath(head.path)) return std::nullopt;
  service::CallContext context = ContextOf(head, clock_);
  const bool known = service_.Authenticate(context).ok();
  const bool has_list = head.path.find("/user/sync") != std::string_view::npos;
  const std::size_t most = has_list ? kMostListBytes : kMostBytes;
  return BodyAllowance{.bytes = known ? most : kStrangersBytes, .refusal = ""};
}

HttpResponse RestHandler::Handle(const Endpoint& endpoint, const HttpCall& http) {
  service::CallContext context = ContextOf(http.request, clock_);
  context.evidence = endpoint.evidence;
  // Strict mode asks for them before the call is served. A body that cannot be read is its error.
  const auto params = [&request = http.request] {
    rest::Params read;
    (void)ReadParams(request, &read);
    return read;
  };
  context.unknown_keys = [&, params] { return rest::UnknownParameters(endpoint, params()); };
  context.parameters = [&, params] { return rest::KnownParameters(endpoint, params()); };
  context.client_gone = [&client = http.client] { return client.Gone(); };
  context.run_waiting = [&client = http.client](const auto& wait) { client.RunWaiting(wait); };
  HttpResponse response;
  const Status status = Guarded(service_, context, [&] {
    Call call{.http = http, .context = context, .endpoint = endpoint};
    response = Answer(call);
    return Status();
  });
  if (!status.ok()) {
    response = ErrorResponse(HttpStatusOf(status.code()), status.message());
  }
  ApplyControl(context, response);
  return response;
}

HttpResponse RestHandler::Answer(Call& call) {
  StatusOr<std::string> basic = LoginBasic(call);
  if (!basic.ok()) {
    // The service has logged the login.
    auto caller = rest::CallerIn(namespaces_, std::nullopt, space::kMain);
    call.caller = *std::move(caller);
    return Error(call, HttpStatusOf(basic.status().code()), basic.status());
  }
  call.no_session = FindCaller(call);
  // The service knows a login or logout as a call of its own.
  const bool is_login =
      call.endpoint.handle == nullptr && call.endpoint.access == Access::kEverybody;
  HttpResponse response = is_login ? Run(call) : Served(call, [&] { return Run(call); });
  if (!basic->empty()) sessions_.Logout(*basic);
  return response;
}

HttpResponse RestHandler::Served(Call& call, const std::function<HttpResponse()>& answer) {
  HttpResponse response;
  call.is_served = true;
  const Status status = service_.Serve(call.context, service::Neighbor::kRest, [&] {
    response = answer();
    return call.refusal;
  });
  return status == call.refusal ? response : Error(call, HttpStatusOf(status.code()), status);
}

HttpResponse RestHandler::Run(Call& call) {
  Status error;
  const int http_status = Prepare(call, &error);
  if (!error.ok()) return Refuse(call, http_status, error);
  if (call.endpoint.handle == nullptr) return RunSessionCall(call);
  auto answer = call.endpoint.handle(
      {.caller = call.caller, .params = call.params, .path = call.http.request.parameters});
  if (!answer.ok()) return Refuse(call, HttpStatusOfError(answer.status()), answer.status());
  return ResponseOf(*std::move(answer));
}

Status RestHandler::FindCaller(Call& call) {
  const bool needs_session = call.endpoint.access != Access::kEverybody;
  Status error = needs_session ? service_.Authenticate(call.context) : Status();
  const bool known = error.ok();
  auto caller = rest::CallerIn(namespaces_, known ? call.context.session : std::nullopt,
                               known ? call.context.space : space::kMain);
  if (!caller.ok()) {
    if (known) error = caller.status();
    caller = rest::CallerIn(namespaces_, std::nullopt, space::kMain);
  }
  call.caller = *std::move(caller);
  call.caller.peer = call.context.peer;
  call.caller.strict = options_.strict;
  return error;
}

int RestHandler::Prepare(Call& call, Status* error) {
  const HttpRequest& request = call.http.request;
  *error = call.no_session;
  if (!error->ok()) return HttpStatusOf(error->code());
  if (options_.strict && call.endpoint.method != "GET" && call.endpoint.family != Family::kV2 &&
      request.Header("X-Requested-By").empty()) {
    *error = InvalidArgumentError("the header X-Requested-By is missing");
    return 400;
  }
  if (call.endpoint.access == Access::kAdministrator &&
      !call.caller.membership().is_administrator()) {
    *error = PermissionDeniedError("the call needs the privilege ADMINISTRATION");
    return call.endpoint.unprivileged;
  }
  *error = ReadParams(request, &call.params);
  return 400;
}

StatusOr<std::string> RestHandler::LoginBasic(Call& call) {
  if (!options_.basic || !call.context.token.empty()) return std::string();
  const auto basic = BasicOf(call.http.request.Header("Authorization"));
  if (!basic) return std::string();
  pb::LoginRequest request;
  request.set_username(basic->first);
  request.set_password(basic->second);
  const auto login = service_.Login(call.context, request);
  if (!login.ok()) return login.status();
  return login->token;
}

HttpResponse RestHandler::Error(const Call& call, int http_status, const Status& status) {
  return ResponseOf(
      rest::ErrorAnswer(call.endpoint.family, http_status, status.message(), call.caller));
}

HttpResponse RestHandler::Refuse(Call& call, int http_status, const Status& status) {
  if (call.is_served) {
    call.refusal = status;
  } else {
    service_.Answered(call.context, status);
  }
  return Error(call, http_status, status);
}

}  // namespace tql::frontend
