// TQL over HTTP: the paths, the session cookie, JSON.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "client/src/block_queue.h"
#include "client/src/http_connection.h"
#include "client/src/messages.h"
#include "client/src/retry_transport.h"
#include "tql/client.h"
#include "tql/wire/error_body.h"
#include "tql/wire/http_status.h"
#include "tql/wire/json.h"
#include "tql/wire/response_decoder.h"

namespace tql {
namespace {

constexpr std::size_t kMostErrorText = 4096;
constexpr std::size_t kMostSmallBody = std::size_t{64} << 20;
constexpr std::string_view kTql = "/ts_dataservice/v1/public/tql/";

// The parts that streams share with their transport, and may keep beyond it.
struct Shared {
  std::vector<Url> hosts;  // one or more
  Options options;
  std::mutex mutex;
  std::size_t host = 0;                               // that calls go to
  std::string session;                                // the value of JSESSIONID
  std::vector<std::unique_ptr<HttpConnection>> idle;  // to that host

  // Sends to the host that answered last; to the next one when nothing can be sent there because it
  // cannot be connected to.
  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel) {
    std::string failures;
    std::size_t at = Host();
    for (std::size_t tried = 1;; ++tried) {
      std::unique_ptr<HttpConnection> connection = Take(at);
      const Status status = connection->Send(request, receiver, deadline, cancel);
      const bool reached = status.ok() || connection->connected();
      const bool elsewhere = !reached && status.code() == StatusCode::kUnavailable;
      if (!elsewhere || hosts.size() == 1) {
        Give(std::move(connection), at, reached);
        return status;
      }
      failures += (failures.empty() ? "" : "; ") + status.message();
      if (tried == hosts.size()) return UnavailableError(std::move(failures));
      at = (at + 1) % hosts.size();
    }
  }

  std::size_t Host() {
    std::lock_guard lock(mutex);
    return host;
  }
  std::unique_ptr<HttpConnection> Take(std::size_t at) {
    {
      std::lock_guard lock(mutex);
      if (at == host && !idle.empty()) {
        std::unique_ptr<HttpConnection> connection = std::move(idle.back());
        idle.pop_back();
        return connection;
      }
    }
    return HttpConnection::Make(hosts[at], options);
  }
  void Give(std::unique_ptr<HttpConnection> connection, std::size_t at, bool reached) {
    std::lock_guard lock(mutex);
    if (reached && at != host) {
      host = at;
      idle.clear();
    }
    if (at == host && idle.size() < options.idle_connections) idle.push_back(std::move(connection));
  }

  HttpRequest Request(std::string method, std::string path, std::string body,
                      const CallLimits& limits) {
    HttpRequest request{std::move(method), std::move(path), {}, {}, std::move(body)};
    request.headers = {{"Accept", "application/json, */*"}, {"X-Requested-By", "ThoughtSpot"}};
    if (!request.body.empty()) request.content_type = "application/json";
    if (limits.trace) request.headers.emplace_back("X-Request-Id", limits.trace->call.request_id);
    std::lock_guard lock(mutex);
    if (!session.empty()) request.headers.emplace_back("Cookie", "JSESSIONID=" + session);
    return request;
  }
};

Status HttpError(int http_status, std::string text) {
  StatusCode code = StatusCodeOfHttp(http_status);
  if (code == StatusCode::kOk) code = StatusCode::kUnknown;
  if (std::optional<std::string> told = MessageOfErrorBody(text)) text = *std::move(told);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  std::string message = "HTTP status " + std::to_string(http_status);
  return Status(code, text.empty() ? message : message + ": " + text);
}

bool IsSuccess(int http_status) { return http_status >= 200 && http_status < 300; }

// An answer that is small enough to be held.
struct SmallAnswer {
  HttpHead head;
  std::string body;
};

StatusOr<SmallAnswer> Call(Shared& shared, const HttpRequest& request, const CallLimits& limits) {
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
  Status status = shared.Send(request, receiver, limits.deadline, cancel);
  if (too_long) {
    return InternalError("the answer has more than " + std::to_string(kMostSmallBody >> 20) +
                         " MiB, which no answer of this kind has");
  }
  if (!status.ok()) return status;
  if (!IsSuccess(answer.head.status)) {
    return HttpError(answer.head.status, answer.body.substr(0, kMostErrorText));
  }
  return answer;
}

// A query or script while its answer arrives: a thread receives bytes, the caller decodes them.
class HttpResultStream : public ResultStream {
 public:
  HttpResultStream(std::shared_ptr<Shared> shared, HttpRequest request, const CallLimits& limits)
      : shared_(std::move(shared)),
        request_(std::move(request)),
        deadline_(limits.deadline),
        on_stop_(limits.stop, [this] { Cancel(); }),
        receiver_([this] { Receive(); }) {}

  ~HttpResultStream() override {
    Cancel();
    receiver_.join();
  }

  // Waits until the answer has begun as it should.
  Status Begin() {
    std::unique_lock lock(mutex_);
    begun_.wait(lock, [&] { return http_status_ != 0; });
    if (IsSuccess(http_status_)) return {};
    lock.unlock();
    receiver_done_.wait(false);
    if (!failure_.ok()) return failure_;
    return HttpError(http_status_, std::move(error_text_));
  }

  StatusOr<ResultEvent> Next() override;

  void Cancel() override {
    cancel_.Set();
    blocks_.Close();
  }

 private:
  void Receive();
  void SetHead(int http_status) {
    std::lock_guard lock(mutex_);
    if (http_status_ == 0) http_status_ = http_status;
    begun_.notify_all();
  }
  StatusOr<ResultEvent> Fail(Status status) {
    status_ = std::move(status);
    return status_;
  }
  Status Feed();
  Status DecoderError() const;

  const std::shared_ptr<Shared> shared_;
  const HttpRequest request_;
  const Deadline deadline_;
  CancelSignal cancel_;
  BlockQueue blocks_;
  std::mutex mutex_;
  std::condition_variable begun_;
  int http_status_ = 0;  // -1: the request failed before an answer
  std::string error_text_;
  Status failure_;
  std::atomic<bool> receiver_done_{false};

  ResponseDecoder decoder_;
  bool complete_ = false;  // whether the last response object said so, or asked something
  bool ended_ = false;
  Status status_;
  std::stop_callback<std::function<void()>> on_stop_;
  std::thread receiver_;
};

void HttpResultStream::Receive() {
  bool success = false;
  HttpReceiver receiver;
  receiver.head = [&](const HttpHead& head) {
    success = IsSuccess(head.status);
    SetHead(head.status);
    return true;
  };
  receiver.body = [&](const char* data, std::size_t size) {
    if (success) return blocks_.Push({data, size}, deadline_);
    error_text_.append(data, std::min(size, kMostErrorText - error_text_.size()));
    return error_text_.size() < kMostErrorText;
  };
  Status status = shared_->Send(request_, receiver, deadline_, cancel_);
  if (!status.ok() && status.code() != StatusCode::kDeadlineExceeded && !cancel_.is_set() &&
      std::chrono::steady_clock::now() >= deadline_) {
    status = DeadlineExceededError("the call took too long");
  }
  failure_ = http_status_ == 0 ? status : Status();
  SetHead(-1);
  blocks_.Finish(std::move(status));
  receiver_done_.store(true);
  receiver_done_.notify_all();
}

Status HttpResultStream::Feed() {
  if (cancel_.is_set()) return CancelledError("the call was cancelled");
  StatusOr<std::optional<std::string>> block = blocks_.Pop();
  if (!block) return block.status();
  if (*block) {
    decoder_.Feed(**std::move(block));
  } else {
    decoder_.Finish();
  }
  return {};
}

Status HttpResultStream::DecoderError() const {
  const Status& status = decoder_.status();
  const bool garbage = status.code() == StatusCode::kInvalidArgument;
  return Status(garbage ? StatusCode::kInternal : status.code(),
                "the answer cannot be understood: " + status.message());
}

StatusOr<ResultEvent> HttpResultStream::Next() {
  using Event = ResponseDecoder::Event;
  if (!status_.ok()) return status_;
  if (ended_) return ResultEvent(StreamEnd{});
  for (;;) {
    const Event event = decoder_.Next();
    if (event == Event::kRow) return ResultEvent(decoder_.row());
    const bool outside = event == Event::kNeedMore || event == Event::kStatementEnd ||
                         event == Event::kScriptComplete || event == Event::kEnd;
    if (!outside) complete_ = event == Event::kQuestion;  // which ends an answer by itself
    switch (event) {
      case Event::kNeedMore:
        if (Status status = Feed(); !status.ok()) return Fail(std::move(status));
        break;
      case Event::kRequest:
        return ResultEvent(StatementBegin{decoder_.request().query().statement()});
      case Event::kContext:
        return ResultEvent(FromMessage(decoder_.context()));
      case Event::kQuestion:
        return ResultEvent(FromMessage(decoder_.question()));
      case Event::kProgress:
        return ResultEvent(FromMessage(decoder_.progress()));
      case Event::kHeader:
        return ResultEvent(FromMessage(decoder_.table()));
      case Event::kMessage:
        return ResultEvent(FromMessage(decoder_.message()));
      case Event::kStatementEnd:
        if (decoder_.complete()) complete_ = true;
        if (decoder_.complete()) return ResultEvent(StatementEnd{});
        break;
      case Event::kEnd:
        if (!complete_) return Fail(DataLossError("the answer ended before its statement did"));
        ended_ = true;
        return ResultEvent(StreamEnd{});
      case Event::kError:
        return Fail(DecoderError());
      case Event::kScriptComplete:
      case Event::kRow:
        break;
    }
  }
}

std::string FormEncode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

// The value of JSESSIONID in a Set-Cookie header; empty when it is none, or none that may be sent.
std::string SessionOf(std::string_view cookie) {
  constexpr std::string_view kName = "JSESSIONID=";
  if (!cookie.starts_with(kName)) return {};
  cookie.remove_prefix(kName.size());
  cookie = cookie.substr(0, cookie.find(';'));
  const bool clean = std::ranges::all_of(cookie, [](char c) { return c > ' ' && c < 0x7f; });
  return clean && cookie.size() <= 4096 ? std::string(cookie) : std::string();
}

class HttpTransport : public Transport {
 public:
  HttpTransport(Url url, Options options) : shared_(std::make_shared<Shared>()) {
    for (const HostPort& place : url.more_hosts) {
      Url& next = shared_->hosts.emplace_back(url);
      next.host = place.host;
      next.port = place.port;
    }
    shared_->hosts.insert(shared_->hosts.begin(), std::move(url));
    shared_->options = std::move(options);
  }

  Status Login(const LoginParams& params) override {
    HttpRequest request = shared_->Request(
        "POST", "/callosum/v1/session/login",
        "username=" + FormEncode(params.user) + "&password=" + FormEncode(params.password),
        params.limits);
    request.content_type = "application/x-www-form-urlencoded";
    StatusOr<SmallAnswer> answer = Call(*shared_, request, params.limits);
    if (!answer) return answer.status();
    std::string session;
    for (const std::string& cookie : answer->head.set_cookies) {
      if (std::string value = SessionOf(cookie); !value.empty()) session = std::move(value);
    }
    if (session.empty()) return InternalError("the service answered the login without a session");
    std::lock_guard lock(shared_->mutex);
    shared_->session = std::move(session);
    return {};
  }

  Status Logout(const LogoutParams& params) override {
    StatusOr<SmallAnswer> answer =
        Call(*shared_, shared_->Request("POST", "/callosum/v1/session/logout", "", params.limits),
             params.limits);
    // Until the service has answered the session goes on, and another try needs its cookie.
    if (!answer && !answer.status().needs_login()) return answer.status();
    std::lock_guard lock(shared_->mutex);
    shared_->session.clear();
    return answer.status();
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start("query", ToJson(ToMessage(params)), params.limits);
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start("script", ToJson(ToMessage(params)), params.limits);
  }

  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    const char* kind = params.kind == TokenKind::kStatic ? "tokens/static" : "tokens/dynamic";
    StatusOr<SmallAnswer> answer =
        Call(*shared_, shared_->Request("GET", std::string(kTql) + kind, "", params.limits),
             params.limits);
    if (!answer) return answer.status();
    auto message = FromJson<pb::DynamicAutocompleteResponse>(answer->body);
    if (!message)
      return InternalError("the tokens cannot be understood: " + message.status().message());
    Tokens tokens;
    tokens.tokens.assign(message->tokens().begin(), message->tokens().end());
    if (message->has_server_schema_version()) {
      tokens.server_schema_version = message->server_schema_version();
    }
    return tokens;
  }

  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    StatusOr<SmallAnswer> answer =
        Call(*shared_,
             shared_->Request("GET", "/ts_tqlservice/v1/public/schema_version", "", params.limits),
             params.limits);
    if (!answer) return answer.status();
    auto message = FromJson<pb::ExecuteQueryRequest>(answer->body);  // it has a context, too
    if (!message || !message->context().has_server_schema_version()) {
      return InternalError("the schema version cannot be understood");
    }
    return message->context().server_schema_version();
  }

 private:
  StatusOr<std::unique_ptr<ResultStream>> Start(std::string_view what, std::string body,
                                                const CallLimits& limits) {
    auto stream = std::make_unique<HttpResultStream>(
        shared_,
        shared_->Request("POST", std::string(kTql) + std::string(what), std::move(body), limits),
        limits);
    if (Status status = stream->Begin(); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::move(stream));
  }

  const std::shared_ptr<Shared> shared_;
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeHttpTransport(const Url& url, const Options& options) {
  if (url.host.empty() || url.port == 0) return InvalidArgumentError("URL: the host is missing");
  Url all = url;
  for (const std::string& text : options.hosts) {
    StatusOr<HostPort> place = HostPort::Parse(text, url.tls);
    if (!place) return place.status();
    all.more_hosts.push_back(*std::move(place));
  }
  return MakeRetryTransport(std::make_shared<HttpTransport>(std::move(all), options), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
