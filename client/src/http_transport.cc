// The HTTP transport: the service's paths, the session cookie, JSON.
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "client/src/http_call.h"
#include "client/src/http_result_stream.h"
#include "client/src/messages.h"
#include "client/src/process_bound_stream.h"
#include "client/src/retry_transport.h"
#include "tql/client.h"
#include "tql/wire/json.h"

namespace tql {
namespace {

constexpr std::string_view kTql = "/ts_dataservice/v1/public/tql/";

class HttpTransport : public Transport {
 public:
  explicit HttpTransport(std::shared_ptr<HttpSession> session) : session_(std::move(session)) {}

  Status Login(const LoginParams& params) override {
    HttpRequest request =
        Request("POST", "/callosum/v1/session/login",
                "username=" + FormEncode(params.user) + "&password=" + FormEncode(params.password),
                params.limits);
    request.content_type = "application/x-www-form-urlencoded";
    StatusOr<SmallAnswer> answer = Call(*session_, std::move(request), params.limits);
    if (!answer) return answer.status();
    if (session_->Open(answer->head)) return {};
    return InternalError("the response to the login has no session");
  }

  Status Logout(const LogoutParams& params) override {
    StatusOr<SmallAnswer> answer =
        Call(*session_, Request("POST", "/callosum/v1/session/logout", "", params.limits),
             params.limits);
    // After any other error the session may still exist, and a retry needs its cookie.
    if (!answer && !answer.status().needs_login()) return answer.status();
    session_->Close();
    return answer.status();
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start("query", RequestJson(params), params.limits);
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start("script", RequestJson(params), params.limits);
  }

  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    const char* kind = params.kind == TokenKind::kStatic ? "tokens/static" : "tokens/dynamic";
    StatusOr<SmallAnswer> answer =
        Call(*session_, Request("GET", std::string(kTql) + kind, "", params.limits), params.limits);
    if (!answer) return answer.status();
    auto message = FromJson<pb::DynamicAutocompleteResponse>(answer->body);
    if (!message)
      return InternalError("invalid response to the request for tokens: " +
                           message.status().message());
    Tokens tokens;
    tokens.tokens.assign(message->tokens().begin(), message->tokens().end());
    if (message->has_server_schema_version()) {
      tokens.server_schema_version = message->server_schema_version();
    }
    return tokens;
  }

  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    StatusOr<SmallAnswer> answer = Call(
        *session_, Request("GET", "/ts_tqlservice/v1/public/schema_version", "", params.limits),
        params.limits);
    if (!answer) return answer.status();
    auto message = FromJson<pb::ExecuteQueryRequest>(answer->body);  // a message with a context
    if (!message || !message->context().has_server_schema_version()) {
      return InternalError("the response has no valid schema version");
    }
    return message->context().server_schema_version();
  }

 private:
  static HttpRequest Request(std::string method, std::string path, std::string body,
                             const CallLimits& limits) {
    HttpRequest request{std::move(method), std::move(path), {}, {}, std::move(body)};
    request.headers = {{"Accept", "application/json, */*"}, {"X-Requested-By", "ThoughtSpot"}};
    if (!request.body.empty()) request.content_type = "application/json";
    if (limits.trace) request.headers.emplace_back("X-Request-Id", limits.trace->call.request_id);
    return request;
  }

  StatusOr<std::unique_ptr<ResultStream>> Start(std::string_view what, std::string body,
                                                const CallLimits& limits) {
    auto stream = std::make_unique<HttpResultStream>(
        session_, Request("POST", std::string(kTql) + std::string(what), std::move(body), limits),
        limits);
    if (Status status = stream->Begin(limits.note); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::make_unique<ProcessBoundStream>(std::move(stream)));
  }

  const std::shared_ptr<HttpSession> session_;  // streams may outlive the transport
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeHttpTransport(const Url& url, const Options& options) {
  StatusOr<std::shared_ptr<HttpSession>> session = MakeHttpSession(url, options);
  if (!session) return session.status();
  return MakeRetryTransport(std::make_shared<HttpTransport>(*std::move(session)), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
