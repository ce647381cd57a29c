// The HTTP transport: the service's paths, the session cookie, JSON.
#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/src/hosts.h"
#include "client/src/http_errors.h"
#include "client/src/http_result_stream.h"
#include "client/src/http_session.h"
#include "client/src/messages.h"
#include "client/src/process_bound_stream.h"
#include "client/src/retry_transport.h"
#include "proto/base/text.h"
#include "tql/client.h"
#include "tql/wire/json.h"

namespace tql {
namespace {

// Limit on responses that are held in memory as a whole.
constexpr std::size_t kMostSmallBody = std::size_t{64} << 20;
constexpr std::string_view kTql = "/ts_dataservice/v1/public/tql/";

// A response that is held in memory as a whole.
struct SmallAnswer {
  HttpHead head;
  std::string body;
};

// Sends a request and reads its whole response. Error responses and web pages become errors.
StatusOr<SmallAnswer> Call(HttpSession& session, HttpRequest request, const CallLimits& limits) {
  CancelSignal cancel;
  std::stop_callback on_stop(limits.stop, [&] { cancel.Set(); });
  SmallAnswer answer;
  bool too_long = false;
  HttpReceiver receiver;
  receiver.head = [&](const HttpHead& head) {
    answer.head = head;
    return true;
  };
  receiver.body = [&](const char* data, std::size_t size) {
    too_long = answer.body.size() + size > kMostSmallBody;
    if (!too_long) answer.body.append(data, size);
    return !too_long;
  };
  bool sent = false;
  Status status = session.Send(std::move(request), receiver, limits.deadline, cancel, sent);
  if (limits.note) *limits.note = {!sent, RetryAfterOf(answer.head)};
  if (too_long) {
    return InternalError("the response has more than " + std::to_string(kMostSmallBody >> 20) +
                         " MiB, the limit for responses of this kind");
  }
  if (!status.ok()) return status;
  if (!IsSuccess(answer.head.status) || IsPage(answer.head, answer.body)) {
    return HttpError(answer.head, answer.body.substr(0, kMostErrorText));
  }
  return answer;
}

// Percent-encodes for application/x-www-form-urlencoded.
std::string FormEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (base::IsLetter(c) || base::IsDigit(c)) {
      out += c;
    } else {
      out += '%';
      base::AppendHex(c, &out, base::kUpperHex);
    }
  }
  return out;
}

class HttpTransport : public Transport {
 public:
  HttpTransport(std::vector<Url> hosts, const Options& options, HttpConnectionPool::Factory make)
      : session_(std::make_shared<HttpSession>(std::move(hosts), options, std::move(make))) {}

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
  StatusOr<std::vector<Url>> hosts = HostsOf(url, options);
  if (!hosts) return hosts.status();
  const ProxyRules proxies(options);
  for (const Url& host : *hosts) {
    if (const auto proxy = proxies.For(host); !proxy) return proxy.status();
  }
  const auto make = [proxies](const Url& host, const Options& its_options) {
    return HttpConnection::Make(host, its_options, *proxies.For(host));
  };
  return MakeRetryTransport(std::make_shared<HttpTransport>(*std::move(hosts), options, make),
                            options.retry, SystemRetryEnvironment());
}

}  // namespace tql
