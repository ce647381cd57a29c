// The gRPC transport: tql_service.proto, with the session token in the metadata. The only file of
// the client that uses the gRPC library.
#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
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
#include "proto/base/mutex.h"
#include "tql/client.h"
#include "tql/wire/row_message.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql {
namespace {

constexpr const char* kSessionMetadata = "tql-session";
constexpr const char* kRequestIdMetadata = "x-request-id";
/// gRPC's timers use a cached clock, so they may fire early by about this much.
constexpr std::chrono::milliseconds kClockSlack{20};

/// After this time without a call, the next call checks whether the connection still exists, by
/// polling it kPolls times for kPollTime.
constexpr std::chrono::milliseconds kIdleTime{200};
constexpr int kPolls = 2;
constexpr std::chrono::milliseconds kPollTime{1};

/// Limit on the pause that a service may ask for.
constexpr std::chrono::milliseconds kLongestWait = std::chrono::hours(24);

/// How much of a response gRPC buffers before it is read.
constexpr int kReadAheadBytes = 1 << 20;
constexpr std::size_t kMostCertificateBytes = std::size_t{16} << 20;

using Stub = pb::TqlService::Stub;

/// gRPC's threads and epoll set do not survive fork(). If gRPC was initialised in the parent, using
/// it in the child hangs or disturbs the parent's connections. So all gRPC calls of the child are
/// rejected, no matter which code of the parent used gRPC.
class ForkGuard {
 public:
  /// FAILED_PRECONDITION in a process whose parent had initialised gRPC.
  static Status Check() {
    if (!unusable_) return {};
    return FailedPreconditionError(
        "gRPC was in use before fork() and does not work in the child: use gRPC in only one "
        "process, connect over HTTP in the child, or start the child with exec()");
  }
  static bool is_unusable() { return unusable_; }
  /// Records that this process uses gRPC.
  static void Use() { used_ = true; }

 private:
  static void Prepare() { up_at_fork_ = used_ || grpc_is_initialized() != 0; }
  static void InChild() { unusable_ = unusable_ || up_at_fork_; }

  static inline std::atomic<bool> used_{false};
  static inline std::atomic<bool> up_at_fork_{false};
  static inline std::atomic<bool> unusable_{false};
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

/// Configures a tunnel through a proxy. gRPC's own proxy rules differ from ours and are switched
/// off; the channel's target is the proxy, and these arguments, which gRPC's rules would set, make
/// it send CONNECT.
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
  // The timeout of an attempt to connect is the larger of the two.
  const auto patience =
      static_cast<int>(std::clamp<std::int64_t>(options.connect_timeout.count(), 1, 1 << 30));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, patience);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, patience);
  // Otherwise gRPC buffers an unlimited part of the response for a slow reader.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kReadAheadBytes);
  // Retries are the task of RetryTransport, for all transports.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // A new channel must not inherit the backoff of a failed one.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

/// The channels and the session token. Shared with streams, which may outlive the transport.
class Session {
 public:
  /// `proxies` has the proxy of each host.
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
    std::shared_ptr<grpc::Channel> channel = nullptr;  // created on demand
    Deadline last_used = {};
  };
  /// Only `url` and `target` may be read without the mutex; they are constant.
  const Host& host(std::size_t at) const { return hosts_[at]; }
  std::size_t hosts() const { return hosts_.size(); }
  std::chrono::milliseconds connect_timeout() const { return connect_timeout_; }

  /// Returns the channel of a host. A channel that failed to connect is replaced, because gRPC
  /// would wait before it connects again; here each call connects immediately.
  std::shared_ptr<grpc::Channel> Channel(std::size_t at) {
    base::MutexLock lock(mutex_);
    Host& host = hosts_[at];
    const Deadline now = std::chrono::steady_clock::now();
    const bool was_idle = now - std::exchange(host.last_used, now) >= kIdleTime;
    if (host.channel && was_idle) {
      const std::shared_ptr<grpc::Channel> channel = host.channel;
      lock.unlock();
      PollConnection(*channel);
      lock.lock();
    }
    if (!host.channel || host.channel->GetState(false) == GRPC_CHANNEL_TRANSIENT_FAILURE) {
      host.channel = grpc::CreateCustomChannel(host.target, credentials_, host.arguments);
    }
    return host.channel;
  }

  /// The index of the host that answered last.
  std::size_t current() {
    const base::MutexLock lock(mutex_);
    return current_;
  }
  void set_current(std::size_t at) {
    const base::MutexLock lock(mutex_);
    current_ = at;
  }
  std::string token() {
    const base::MutexLock lock(mutex_);
    return token_;
  }
  void set_token(std::string token) {
    const base::MutexLock lock(mutex_);
    token_ = std::move(token);
  }

 private:
  /// Lets gRPC process events of an idle connection. gRPC notices only after seconds that a
  /// connection without calls was closed. A call that is sent over a closed connection fails and
  /// may not be retried, so poll the connection before it is used again.
  static void PollConnection(grpc::Channel& channel) {
    for (int i = 0; i < kPolls && channel.GetState(false) == GRPC_CHANNEL_READY; ++i) {
      const gpr_timespec look = gpr_time_from_millis(kPollTime.count(), GPR_TIMESPAN);
      channel.WaitForStateChange(GRPC_CHANNEL_READY,
                                 gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), look));
    }
  }

  const std::chrono::milliseconds connect_timeout_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::vector<Host> hosts_;
  base::Mutex mutex_;  // guards the channels, last_used and the following members
  std::size_t current_ TQL_GUARDED_BY(mutex_) = 0;
  std::string token_ TQL_GUARDED_BY(mutex_);
};

/// The result of an attempt at one host.
struct Attempt {
  Status status;
  FailureNote note;
};

/// The client context of a gRPC call, with the deadline, cancellation and session of the call.
class Call {
 public:
  /// A call to the host with index `at`.
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
    if (ForkGuard::is_unusable()) return;  // a stop request in a child of fork()
    cancelled_ = true;
    context_.TryCancel();
  }

  /// Converts the status of the ended call.
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
  /// Whether the request was, or may have been, sent. gRPC does not report it.
  bool MayBeSent(StatusCode code) const {
    // peer() is the target's name until a response arrives or the connection of the call ends.
    if (context_.peer() != host_.target) return true;
    if (code == StatusCode::kUnavailable) return false;
    // The call ended on this side. It was not sent if it still waited for a connection.
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
  const bool began_ready_;  // whether a connection existed when the call started
  const Deadline connect_until_;
  grpc::ClientContext context_;
  std::atomic<bool> cancelled_{false};
  std::stop_callback<std::function<void()>> on_stop_;
};

/// Executes `attempt` for the host that answered last, then for the other hosts in turn, until one
/// can be connected to.
template <typename AttemptAt>
Status TryHosts(Session& session, const CallLimits& limits, AttemptAt attempt) {
  return tql::TryHosts(session.current(), session.hosts(), [&](std::size_t at) {
    const Attempt result = attempt(at);
    const bool sent = !result.note.nothing_sent;
    if (sent) session.set_current(at);
    if (limits.note) *limits.note = result.note;
    return HostAttempt{result.status, sent};
  });
}

class GrpcResultStream : public MessageStream {
 public:
  using Reader = grpc::ClientReader<grpc::ByteBuffer>;

  explicit GrpcResultStream(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  ~GrpcResultStream() override {
    if (!call_) return;
    call_->Cancel();
    if (!finished_) (void)reader_->Finish();
  }

  /// Starts a call of a method with streamed responses, and waits for the first message.
  Status Begin(const CallLimits& limits, const char* method,
               const google::protobuf::Message& request) {
    return TryHosts(*session_, limits, [&](std::size_t at) {
      reader_.reset();
      finished_ = false;
      call_ = std::make_unique<Call>(*session_, at, limits);
      reader_.reset(Start(*call_->channel(), call_->context(), method, request));
      has_first_ = reader_->Read(&buffer_);
      return has_first_ ? Attempt() : Finish();
    });
  }

  void Cancel() override { call_->Cancel(); }

 private:
  /// What the generated stub does, with the bytes of the responses instead of messages: to decode
  /// rows from them takes less than half of the time. grpc::internal is what generated code uses.
  static Reader* Start(grpc::Channel& channel, grpc::ClientContext* context, const char* method,
                       const google::protobuf::Message& request) {
    const grpc::internal::RpcMethod rpc(method, grpc::internal::RpcMethod::SERVER_STREAMING);
    return grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(&channel, rpc, context,
                                                                         request);
  }

  StatusOr<bool> Receive(Received& received) override {
    if (!std::exchange(has_first_, false) && (finished_ || !reader_->Read(&buffer_))) {
      if (Status status = Finish().status; !status.ok()) return status;
      return false;
    }
    if (!buffer_.DumpToSingleSlice(&bytes_).ok() ||
        !SplitResponse({reinterpret_cast<const char*>(bytes_.begin()), bytes_.size()},
                       received.message, received.rows)) {
      return InternalError("the response has a message that is not an ExecuteQueryResponse");
    }
    return true;
  }
  Attempt Finish() {
    if (!std::exchange(finished_, true)) result_ = call_->End(reader_->Finish());
    return result_;
  }

  const std::shared_ptr<Session> session_;
  std::unique_ptr<Call> call_;
  std::unique_ptr<Reader> reader_;
  grpc::ByteBuffer buffer_;
  grpc::Slice bytes_;  // of the last message, to which its rows point
  bool has_first_ = false;
  bool finished_ = false;
  Attempt result_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  ~GrpcTransport() override {
    if (ForkGuard::is_unusable()) KeepUntilExit(session_);
  }

  Status Login(const LoginParams& params) override {
    const auto response = Send<pb::LoginResponse>(&Stub::Login, ToMessage(params), params.limits);
    if (!response.ok()) return response.status();
    if (response->session_token().empty()) {
      return InternalError("the response to the login has no session");
    }
    session_->set_token(response->session_token());
    return {};
  }

  Status Logout(const LogoutParams& params) override {
    const auto response =
        Send<pb::LogoutResponse>(&Stub::Logout, pb::LogoutRequest(), params.limits);
    // After any other error the session may still exist, and a retry needs its token.
    if (!response.ok() && !response.status().needs_login()) return response.status();
    session_->set_token({});
    return response.status();
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start(params.limits, "/tql.v1.TqlService/Query", ToMessage(params));
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start(params.limits, "/tql.v1.TqlService/RunScript", ToMessage(params));
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
    if (Status status = ForkGuard::Check(); !status.ok()) return status;
    Response response;
    Status status = TryHosts(*session_, limits, [&](std::size_t at) {
      Call call(*session_, at, limits);
      const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(call.channel());
      return call.End((*stub.*method)(call.context(), request, &response));
    });
    if (!status.ok()) return status;
    return response;
  }

  StatusOr<std::unique_ptr<ResultStream>> Start(const CallLimits& limits, const char* method,
                                                const google::protobuf::Message& request) {
    if (Status status = ForkGuard::Check(); !status.ok()) return status;
    auto stream = std::make_unique<GrpcResultStream>(session_);
    if (Status status = stream->Begin(limits, method, request); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::make_unique<ProcessBoundStream>(std::move(stream)));
  }

  const std::shared_ptr<Session> session_;
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options) {
  if (Status status = ForkGuard::Check(); !status.ok()) return status;
  StatusOr<std::vector<Url>> hosts = HostsOf(url, options);
  if (!hosts.ok()) return hosts.status();
  const ProxyRules rules(options);
  std::vector<std::optional<Proxy>> proxies;
  for (const Url& host : *hosts) {
    StatusOr<std::optional<Proxy>> proxy = rules.For(host);
    if (!proxy.ok()) return proxy.status();
    proxies.push_back(*std::move(proxy));
  }
  ForkGuard::Use();
  auto credentials = CredentialsOf(url, options.tls);
  if (!credentials.ok()) return credentials.status();
  auto session = std::make_shared<Session>(*hosts, proxies, options, *std::move(credentials));
  return MakeRetryTransport(std::make_shared<GrpcTransport>(std::move(session)), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
