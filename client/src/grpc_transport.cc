// TQL over gRPC: tql_service.proto, the session token in the metadata. The only file that knows the
// gRPC library.
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/src/fork.h"
#include "client/src/grpc_errors.h"
#include "client/src/hosts.h"
#include "client/src/message_stream.h"
#include "client/src/messages.h"
#include "client/src/process_bound_stream.h"
#include "client/src/proxy.h"
#include "client/src/retry_transport.h"
#include "proto/base/file.h"
#include "tql/client.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql {
namespace {

constexpr const char* kSessionMetadata = "tql-session";
constexpr const char* kRequestIdMetadata = "x-request-id";
/// gRPC's timers count from a clock that it does not always look at.
constexpr std::chrono::milliseconds kClockSlack{20};

/// How long a connection is not used before a call looks whether it still is one, and how often and
/// long: little beside the rest.
constexpr std::chrono::milliseconds kRest{200};
constexpr int kLooks = 2;
constexpr std::chrono::milliseconds kLook{1};

/// What a service may ask to be left alone for.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24);

/// What arrives of an answer before it is read.
constexpr int kReadAheadBytes = 1 << 20;
constexpr std::size_t kMostCertificateBytes = std::size_t{16} << 20;

using Stub = pb::TqlService::Stub;

/// gRPC's threads and its epoll set do not survive fork(): a child that uses a library that was up
/// in its parent hangs, or disturbs the parent's connections. The child's gRPC calls are therefore
/// refused until it ends, whichever code of the parent used the library.
class ForkedLibrary {
 public:
  /// FAILED_PRECONDITION in a process whose parent had gRPC up.
  static Status Check() {
    if (!lost_) return {};
    return FailedPreconditionError(
        "gRPC was in use before fork() and does not work in the child: use gRPC in one process "
        "alone, connect over HTTP in the child, or start the child with exec()");
  }
  static bool is_lost() { return lost_; }
  /// This process uses gRPC from now on.
  static void Use() { used_ = true; }

 private:
  static void Prepare() { up_at_fork_ = used_ || grpc_is_initialized() != 0; }
  static void InChild() { lost_ = lost_ || up_at_fork_; }

  static inline std::atomic<bool> used_{false};
  static inline std::atomic<bool> up_at_fork_{false};
  static inline std::atomic<bool> lost_{false};
  static inline const int registered_ = pthread_atfork(Prepare, nullptr, InChild);
};

StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const Url& url,
                                                                  const TlsOptions& tls) {
  if (!url.tls) return grpc::InsecureChannelCredentials();
  if (tls.insecure) {
    namespace experimental = grpc::experimental;
    experimental::TlsChannelCredentialsOptions options;
    options.set_verify_server_certs(false);
    options.set_check_call_host(false);
    options.set_certificate_verifier(std::make_shared<experimental::NoOpCertificateVerifier>());
    return experimental::TlsCredentials(options);
  }
  grpc::SslCredentialsOptions options;
  if (!tls.ca_file.empty()) {
    StatusOr<std::string> roots = base::ReadFile(tls.ca_file, kMostCertificateBytes);
    if (!roots.ok()) {
      return InvalidArgumentError("the file of trusted certificates cannot be read: " +
                                  tls.ca_file + ": " + roots.status().message());
    }
    options.pem_root_certs = *std::move(roots);
  }
  return grpc::SslCredentials(options);
}

std::string TargetOf(const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "ipv6:[" + host + "]" : "dns:///" + host) + ":" + std::to_string(port);
}

/// gRPC's own rules for proxies differ from those of HTTP, so the proxy is the target and these are
/// the arguments by which gRPC's rules would ask for a tunnel through it.
void SetTunnel(const Proxy& proxy, const std::string& authority,
               grpc::ChannelArguments& arguments) {
  arguments.SetString("grpc.http_connect_server", authority);
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, authority);
  if (proxy.authorization.empty()) return;
  arguments.SetString("grpc.http_connect_headers", "Proxy-Authorization:" + proxy.authorization);
}

grpc::ChannelArguments ArgumentsOf(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(options.application);
  arguments.SetMaxReceiveMessageSize(kMostGrpcMessageBytes);
  // One attempt may take the longer of the two.
  const auto patience =
      static_cast<int>(std::clamp<std::int64_t>(options.connect_timeout.count(), 1, 1 << 30));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, patience);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, patience);
  // Otherwise gRPC reads ahead of a slow reader whatever the network brings.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kReadAheadBytes);
  // What is tried again is decided in one place for all transports.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A channel made anew is not to inherit the wait of one that failed.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

/// The channels and the session, which streams may keep beyond their transport.
class Session {
 public:
  /// `proxies`: of each host.
  Session(const std::vector<Url>& hosts, const std::vector<std::optional<Proxy>>& proxies,
          const Options& options, std::shared_ptr<grpc::ChannelCredentials> credentials)
      : connect_timeout_(options.connect_timeout), credentials_(std::move(credentials)) {
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const Url& url = hosts[i];
      const std::optional<Proxy>& proxy = proxies[i];
      Host host{url, ArgumentsOf(options), TargetOf(url.host, url.port)};
      if (proxy) {
        host.target = TargetOf(proxy->host, proxy->port);
        SetTunnel(*proxy, AuthorityOf(url), host.arguments);
      }
      hosts_.push_back(std::move(host));
    }
  }

  struct Host {
    Url url;
    grpc::ChannelArguments arguments;
    std::string target;                                // the service or its proxy
    std::shared_ptr<grpc::Channel> channel = nullptr;  // made when it is needed
    Deadline last_used = {};
  };
  /// Neither the URL nor the target of a host changes.
  const Host& host(std::size_t at) const { return hosts_[at]; }
  std::size_t hosts() const { return hosts_.size(); }
  std::chrono::milliseconds connect_timeout() const { return connect_timeout_; }

  /// gRPC waits after a failure before it connects again; here each call tries at once.
  std::shared_ptr<grpc::Channel> Channel(std::size_t at) {
    std::unique_lock lock(mutex_);
    Host& host = hosts_[at];
    const Deadline now = std::chrono::steady_clock::now();
    const bool rested = now - std::exchange(host.last_used, now) >= kRest;
    if (host.channel && rested) {
      const std::shared_ptr<grpc::Channel> channel = host.channel;
      lock.unlock();
      LookAt(*channel);
      lock.lock();
    }
    if (!host.channel || host.channel->GetState(false) == GRPC_CHANNEL_TRANSIENT_FAILURE) {
      host.channel = grpc::CreateCustomChannel(host.target, credentials_, host.arguments);
    }
    return host.channel;
  }

  /// The host that answered last.
  std::size_t current() {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void set_current(std::size_t at) {
    const std::lock_guard lock(mutex_);
    current_ = at;
  }
  std::string token() {
    const std::lock_guard lock(mutex_);
    return token_;
  }
  void set_token(std::string token) {
    const std::lock_guard lock(mutex_);
    token_ = std::move(token);
  }

 private:
  /// gRPC hears of the end of a connection that no call uses only every few seconds. A call that is
  /// sent over one that has ended is lost, and may not be tried again; so before it is used again
  /// the connection is polled, for as long as the news that wait in its socket take.
  static void LookAt(grpc::Channel& channel) {
    for (int i = 0; i < kLooks && channel.GetState(false) == GRPC_CHANNEL_READY; ++i) {
      const gpr_timespec look = gpr_time_from_millis(kLook.count(), GPR_TIMESPAN);
      channel.WaitForStateChange(GRPC_CHANNEL_READY,
                                 gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), look));
    }
  }

  const std::chrono::milliseconds connect_timeout_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::vector<Host> hosts_;
  std::mutex mutex_;  // of all channels, and of what follows
  std::size_t current_ = 0;
  std::string token_;
};

/// How an attempt at one host ended.
struct Attempt {
  Status status;
  FailureNote note;
};

/// What gRPC keeps of a call, with the limits and the session of ours.
class Call {
 public:
  /// To the host at this place.
  Call(Session& session, std::size_t at, const CallLimits& limits)
      : host_(session.host(at)),
        channel_(session.Channel(at)),
        began_ready_(channel_->GetState(true) == GRPC_CHANNEL_READY),
        connect_until_(std::chrono::steady_clock::now() + session.connect_timeout()),
        on_stop_(limits.stop, [this] { Cancel(); }) {
    if (limits.deadline != Deadline::max()) {
      const auto left = limits.deadline - std::chrono::steady_clock::now();
      const std::int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
      context_.set_deadline(
          gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(ns, GPR_TIMESPAN)));
    }
    if (const std::string token = session.token(); !token.empty()) {
      context_.AddMetadata(kSessionMetadata, token);
    }
    if (limits.trace) context_.AddMetadata(kRequestIdMetadata, limits.trace->call.request_id);
  }
  grpc::ClientContext* context() { return &context_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  void Cancel() {
    if (ForkedLibrary::is_lost()) return;  // a stop that was requested in a child
    cancelled_ = true;
    context_.TryCancel();
  }

  /// Once the call has ended.
  Attempt End(const grpc::Status& status) const {
    if (status.ok()) return {};
    GrpcFailure failure;
    failure.code = static_cast<StatusCode>(status.error_code());
    failure.message = status.error_message();
    failure.sent = MayBeSent(failure.code);
    failure.cancelled = cancelled_;
    failure.connect_time_over = std::chrono::steady_clock::now() + kClockSlack >= connect_until_;
    const FailureNote note{!failure.sent, RetryAfter()};
    return {FromGrpc(std::move(failure), host_.url), note};
  }

 private:
  bool MayBeSent(StatusCode code) const {
    // The peer of a call is the name that was to be found until its answer or its connection ends.
    if (context_.peer() != host_.target) return true;
    if (code == StatusCode::kUnavailable) return false;
    // It ended on our side, and only one that waits for a connection was not sent.
    return began_ready_ || channel_->GetState(false) != GRPC_CHANNEL_CONNECTING;
  }
  std::chrono::milliseconds RetryAfter() const {
    const auto& trailers = context_.GetServerTrailingMetadata();
    const auto it = trailers.find("grpc-retry-pushback-ms");
    std::int64_t ms = 0;
    if (it == trailers.end()) return {};
    const char* const end = it->second.data() + it->second.size();
    const auto [stop, error] = std::from_chars(it->second.data(), end, ms);
    if (error != std::errc() || stop != end) return {};
    return std::clamp(std::chrono::milliseconds(ms), std::chrono::milliseconds(0), kLongestWait);
  }

  const Session::Host& host_;
  const std::shared_ptr<grpc::Channel> channel_;
  const bool began_ready_;  // over a connection that was there; otherwise it is being made
  const Deadline connect_until_;
  grpc::ClientContext context_;
  std::atomic<bool> cancelled_{false};
  std::stop_callback<std::function<void()>> on_stop_;
};

/// `attempt` at the host that answered last, then at the others as long as nothing can be sent
/// because they cannot be connected to.
template <typename AttemptAt>
Status AtSomeHost(Session& session, const CallLimits& limits, AttemptAt attempt) {
  std::string failures;
  std::size_t at = session.current();
  for (std::size_t tried = 1;; ++tried) {
    const Attempt result = attempt(at);
    const bool sent = !result.note.nothing_sent;
    if (sent) session.set_current(at);
    if (limits.note) *limits.note = result.note;
    const bool elsewhere = !sent && result.status.code() == StatusCode::kUnavailable;
    if (!elsewhere || session.hosts() == 1) return result.status;
    failures += (failures.empty() ? "" : "; ") + result.status.message();
    if (tried == session.hosts()) return UnavailableError(std::move(failures));
    at = (at + 1) % session.hosts();
  }
}

class GrpcResultStream : public MessageStream {
 public:
  using Reader = grpc::ClientReader<pb::ExecuteQueryResponse>;

  explicit GrpcResultStream(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  ~GrpcResultStream() override {
    if (!call_) return;
    call_->Cancel();
    if (!finished_) (void)reader_->Finish();
  }

  /// `start` makes the reader. Returns when the answer begins.
  template <typename Start>
  Status Begin(const CallLimits& limits, Start start) {
    return AtSomeHost(*session_, limits, [&](std::size_t at) {
      reader_.reset();
      finished_ = false;
      call_ = std::make_unique<Call>(*session_, at, limits);
      const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(call_->channel());
      reader_ = start(*stub, call_->context());
      first_there_ = reader_->Read(&first_);
      return first_there_ ? Attempt() : Finish();
    });
  }

  void Cancel() override { call_->Cancel(); }

 private:
  StatusOr<bool> Receive(pb::ExecuteQueryResponse& message) override {
    if (std::exchange(first_there_, false)) {
      message.Swap(&first_);
      return true;
    }
    if (!finished_ && reader_->Read(&message)) return true;
    if (Status status = Finish().status; !status.ok()) return status;
    return false;
  }
  Attempt Finish() {
    if (!std::exchange(finished_, true)) result_ = call_->End(reader_->Finish());
    return result_;
  }

  const std::shared_ptr<Session> session_;
  std::unique_ptr<Call> call_;
  std::unique_ptr<Reader> reader_;
  pb::ExecuteQueryResponse first_;
  bool first_there_ = false;
  bool finished_ = false;
  Attempt result_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  ~GrpcTransport() override {
    if (ForkedLibrary::is_lost()) KeepUntilExit(session_);
  }

  Status Login(const LoginParams& params) override {
    const auto response = Send<pb::LoginResponse>(&Stub::Login, ToMessage(params), params.limits);
    if (!response.ok()) return response.status();
    if (response->session_token().empty()) {
      return InternalError("the service answered the login without a session");
    }
    session_->set_token(response->session_token());
    return {};
  }

  Status Logout(const LogoutParams& params) override {
    const auto response =
        Send<pb::LogoutResponse>(&Stub::Logout, pb::LogoutRequest(), params.limits);
    // Until the service has answered the session goes on, and another try needs its token.
    if (!response.ok() && !response.status().needs_login()) return response.status();
    session_->set_token({});
    return response.status();
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start(params.limits, [&](Stub& stub, grpc::ClientContext* context) {
      return stub.Query(context, ToMessage(params));
    });
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start(params.limits, [&](Stub& stub, grpc::ClientContext* context) {
      return stub.RunScript(context, ToMessage(params));
    });
  }

  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    const auto response =
        Send<pb::GetTokensResponse>(&Stub::GetTokens, ToMessage(params), params.limits);
    if (!response.ok()) return response.status();
    return FromMessage(*response);
  }

  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    const auto response = Send<pb::GetSchemaVersionResponse>(
        &Stub::GetSchemaVersion, pb::GetSchemaVersionRequest(), params.limits);
    if (!response.ok()) return response.status();
    return FromMessage(*response);
  }

 private:
  template <typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  template <typename Response, typename Request>
  StatusOr<Response> Send(Method<Request, Response> method, const Request& request,
                          const CallLimits& limits) {
    if (Status status = ForkedLibrary::Check(); !status.ok()) return status;
    Response response;
    Status status = AtSomeHost(*session_, limits, [&](std::size_t at) {
      Call call(*session_, at, limits);
      const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(call.channel());
      return call.End((*stub.*method)(call.context(), request, &response));
    });
    if (!status.ok()) return status;
    return response;
  }

  template <typename StartCall>
  StatusOr<std::unique_ptr<ResultStream>> Start(const CallLimits& limits, StartCall start) {
    if (Status status = ForkedLibrary::Check(); !status.ok()) return status;
    auto stream = std::make_unique<GrpcResultStream>(session_);
    if (Status status = stream->Begin(limits, start); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::make_unique<ProcessBoundStream>(std::move(stream)));
  }

  const std::shared_ptr<Session> session_;
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options) {
  if (Status status = ForkedLibrary::Check(); !status.ok()) return status;
  StatusOr<std::vector<Url>> hosts = HostsOf(url, options);
  if (!hosts.ok()) return hosts.status();
  const ProxyRules rules(options);
  std::vector<std::optional<Proxy>> proxies;
  for (const Url& host : *hosts) {
    StatusOr<std::optional<Proxy>> proxy = rules.For(host);
    if (!proxy.ok()) return proxy.status();
    proxies.push_back(*std::move(proxy));
  }
  ForkedLibrary::Use();
  auto credentials = CredentialsOf(url, options.tls);
  if (!credentials.ok()) return credentials.status();
  auto session = std::make_shared<Session>(*hosts, proxies, options, *std::move(credentials));
  return MakeRetryTransport(std::make_shared<GrpcTransport>(std::move(session)), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
