#include "tql/mock_control.h"

#include <algorithm>
#include <utility>

#include "client/src/duration.h"
#include "client/src/grpc_control.h"
#include "client/src/http_call.h"
#include "client/src/http_errors.h"
#include "tql/wire/error_body.h"

namespace tql {
namespace {

constexpr std::string_view kRoot = "/mock";
constexpr std::string_view kService = "tql.mock.v1.MockControl";
constexpr int kConflict = 409;  // a verification that fails

}  // namespace

// Hidden, because the version script exports MockControl::*.
struct __attribute__((visibility("hidden"))) MockControl::State {
  std::shared_ptr<HttpSession> session;  // null over gRPC
  std::shared_ptr<GrpcControl> grpc;     // null over HTTP
  std::string origin;
  std::string token;
  std::chrono::milliseconds timeout;

  CallLimits Limits() const {
    CallLimits limits;
    limits.deadline = std::chrono::steady_clock::now() + std::min(timeout, kLongestTime);
    return limits;
  }
  Status NotAMockServer(const std::string& found) const {
    return FailedPreconditionError(
        origin + " is not tqlmockd, or its control interface is closed: " + found);
  }

  StatusOr<SmallAnswer> Send(std::string_view method, std::string_view path,
                             std::string_view body) const {
    HttpRequest request{
        std::string(method), std::string(kRoot) + std::string(path), {}, {}, std::string(body)};
    request.headers = {{"Accept", "application/json"}};
    if (!request.body.empty()) request.content_type = "application/yaml";
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    return CallAnyStatus(*session, std::move(request), Limits());
  }
};

StatusOr<MockControl> MockControl::Connect(const Url& url, const Options& options,
                                           std::string token) {
  if (!std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return InvalidArgumentError("the token of the control interface has invalid characters");
  }
  auto state =
      std::make_shared<State>(State{nullptr, nullptr, url.Origin(), token, options.call_timeout});
  if (url.protocol == Protocol::kGrpc) {
    StatusOr<std::shared_ptr<GrpcControl>> grpc = MakeGrpcControl(url, options, std::move(token));
    if (!grpc) return grpc.status();
    state->grpc = *std::move(grpc);
    return MockControl(std::move(state));
  }
  StatusOr<std::shared_ptr<HttpSession>> session = MakeHttpSession(url, options);
  if (!session) return session.status();
  state->session = *std::move(session);
  StatusOr<SmallAnswer> description = state->Send("GET", "", "");
  if (!description) return description.status();
  const Status refused = HttpError(description->head, description->body.substr(0, kMostErrorText));
  if (refused.code() == StatusCode::kPermissionDenied || refused.needs_login()) return refused;
  const bool describes = description->body.find(kService) != std::string::npos;
  if (!IsSuccess(description->head.status) || !describes) {
    return state->NotAMockServer("it answers GET /mock with " + refused.message());
  }
  return MockControl(std::move(state));
}

StatusOr<std::string> MockControl::Call(std::string_view method, std::string_view path,
                                        std::string_view body) const {
  if (!state_->session) return FailedPreconditionError("Call() needs a URL of HTTP or HTTPS");
  StatusOr<SmallAnswer> answer = state_->Send(method, path, body);
  if (!answer) return answer.status();
  const bool verified = answer->head.status == kConflict && !MessageOfErrorBody(answer->body);
  if (IsSuccess(answer->head.status) || verified) return std::move(answer->body);
  return HttpError(answer->head, answer->body.substr(0, kMostErrorText));
}

StatusOr<std::string> MockControl::CallRpc(std::string_view method,
                                           std::string_view request) const {
  if (!state_->grpc) return FailedPreconditionError("CallRpc() needs a URL of gRPC");
  StatusOr<std::string> answer = state_->grpc->Call(method, request, state_->Limits());
  if (answer.status().code() != StatusCode::kUnimplemented) return answer;
  return state_->NotAMockServer(answer.status().message());
}

}  // namespace tql
