#include "client/src/grpc_session.h"

#include <grpc/grpc.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <pthread.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "client/src/grpc_errors.h"
#include "proto/base/file.h"

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

/// Lets gRPC process events of an idle connection. gRPC notices only after seconds that a
/// connection without calls was closed. A call that is sent over a closed connection fails and may
/// not be retried, so poll the connection before it is used again.
void PollConnection(grpc::Channel& channel) {
  for (int i = 0; i < kPolls && channel.GetState(false) == GRPC_CHANNEL_READY; ++i) {
    const gpr_timespec look = gpr_time_from_millis(kPollTime.count(), GPR_TIMESPAN);
    channel.WaitForStateChange(GRPC_CHANNEL_READY,
                               gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), look));
  }
}

}  // namespace

std::atomic<bool> GrpcForkGuard::used_{false};
std::atomic<bool> GrpcForkGuard::up_at_fork_{false};
std::atomic<bool> GrpcForkGuard::unusable_{false};
const int GrpcForkGuard::registered_ = pthread_atfork(Prepare, nullptr, InChild);

Status GrpcForkGuard::Check() {
  if (!unusable_) return {};
  return FailedPreconditionError(
      "gRPC was in use before fork() and does not work in the child: use gRPC in only one "
      "process, connect over HTTP in the child, or start the child with exec()");
}

void GrpcForkGuard::Prepare() { up_at_fork_ = used_ || grpc_is_initialized() != 0; }

StatusOr<std::shared_ptr<GrpcSession>> GrpcSession::Make(const Url& url, const Options& options) {
  if (Status status = GrpcForkGuard::Check(); !status.ok()) return status;
  StatusOr<std::vector<Url>> hosts = HostsOf(url, options);
  if (!hosts.ok()) return hosts.status();
  const ProxyRules rules(options);
  std::vector<std::optional<Proxy>> proxies;
  for (const Url& host : *hosts) {
    StatusOr<std::optional<Proxy>> proxy = rules.For(host);
    if (!proxy.ok()) return proxy.status();
    proxies.push_back(*std::move(proxy));
  }
  GrpcForkGuard::Use();
  auto credentials = CredentialsOf(url, options.tls);
  if (!credentials.ok()) return credentials.status();
  return std::shared_ptr<GrpcSession>(
      new GrpcSession(*hosts, proxies, options, *std::move(credentials)));
}

GrpcSession::GrpcSession(const std::vector<Url>& hosts,
                         const std::vector<std::optional<Proxy>>& proxies, const Options& options,
                         std::shared_ptr<grpc::ChannelCredentials> credentials)
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

std::shared_ptr<grpc::Channel> GrpcSession::Channel(std::size_t at) {
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

std::size_t GrpcSession::current() {
  const base::MutexLock lock(mutex_);
  return current_;
}

void GrpcSession::set_current(std::size_t at) {
  const base::MutexLock lock(mutex_);
  current_ = at;
}

std::string GrpcSession::token() {
  const base::MutexLock lock(mutex_);
  return token_;
}

void GrpcSession::set_token(std::string token) {
  const base::MutexLock lock(mutex_);
  token_ = std::move(token);
}

GrpcCall::GrpcCall(GrpcSession& session, std::size_t at, const CallLimits& limits)
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

void GrpcCall::Cancel() {
  if (GrpcForkGuard::is_unusable()) return;  // a stop request in a child of fork()
  cancelled_ = true;
  context_.TryCancel();
}

GrpcAttempt GrpcCall::End(const grpc::Status& status) const {
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

bool GrpcCall::MayBeSent(StatusCode code) const {
  // peer() is the target's name until a response arrives or the connection of the call ends.
  if (context_.peer() != host_.target) return true;
  if (code == StatusCode::kUnavailable) return false;
  // The call ended on this side. It was not sent if it still waited for a connection.
  return began_ready_ || channel_->GetState(false) != GRPC_CHANNEL_CONNECTING;
}

std::chrono::milliseconds GrpcCall::RetryAfter() const {
  const auto& trailers = context_.GetServerTrailingMetadata();
  const auto it = trailers.find("grpc-retry-pushback-ms");
  std::int64_t ms = 0;
  if (it == trailers.end()) return {};
  const char* const end = it->second.data() + it->second.size();
  const auto [stop, error] = std::from_chars(it->second.data(), end, ms);
  if (error != std::errc() || stop != end) return {};
  return std::clamp(std::chrono::milliseconds(ms), std::chrono::milliseconds(0), kLongestWait);
}

}  // namespace tql
