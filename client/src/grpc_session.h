// Channels and calls of gRPC: what the transport and the control interface share. With
// grpc_transport.cc and grpc_control.cc the only files of the client that use the gRPC library.
#ifndef TQLKIT_CLIENT_SRC_GRPC_SESSION_H_
#define TQLKIT_CLIENT_SRC_GRPC_SESSION_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "client/src/hosts.h"
#include "client/src/proxy.h"
#include "proto/base/mutex.h"
#include "tql/options.h"
#include "tql/transport.h"
#include "tql/url.h"

namespace tql {

/// gRPC's threads and epoll set do not survive fork(). If gRPC was initialised in the parent, using
/// it in the child hangs or disturbs the parent's connections. So all gRPC calls of the child are
/// rejected, no matter which code of the parent used gRPC.
class GrpcForkGuard {
 public:
  /// FAILED_PRECONDITION in a process whose parent had initialised gRPC.
  static Status Check();
  static bool is_unusable() { return unusable_; }
  /// Records that this process uses gRPC.
  static void Use() { used_ = true; }

 private:
  static void Prepare();
  static void InChild() { unusable_ = unusable_ || up_at_fork_; }

  static std::atomic<bool> used_;
  static std::atomic<bool> up_at_fork_;
  static std::atomic<bool> unusable_;
  static const int registered_;
};

/// The channels and the session token. Shared with streams, which may outlive the transport.
class GrpcSession {
 public:
  /// The hosts of `url`. Errors: those of MakeGrpcTransport.
  static StatusOr<std::shared_ptr<GrpcSession>> Make(const Url& url, const Options& options);

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
  std::shared_ptr<grpc::Channel> Channel(std::size_t at);

  /// The index of the host that answered last.
  std::size_t current();
  void set_current(std::size_t at);
  std::string token();
  void set_token(std::string token);

 private:
  /// `proxies` has the proxy of each host.
  GrpcSession(const std::vector<Url>& hosts, const std::vector<std::optional<Proxy>>& proxies,
              const Options& options, std::shared_ptr<grpc::ChannelCredentials> credentials);

  const std::chrono::milliseconds connect_timeout_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::vector<Host> hosts_;
  base::Mutex mutex_;  // guards the channels, last_used and the following members
  std::size_t current_ TQL_GUARDED_BY(mutex_) = 0;
  std::string token_ TQL_GUARDED_BY(mutex_);
};

/// The result of an attempt at one host.
struct GrpcAttempt {
  Status status;
  FailureNote note;
};

/// The client context of a gRPC call, with the deadline, cancellation and session of the call.
class GrpcCall {
 public:
  /// A call to the host with index `at`.
  GrpcCall(GrpcSession& session, std::size_t at, const CallLimits& limits);
  grpc::ClientContext* context() { return &context_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  void Cancel();
  /// Converts the status of the ended call.
  GrpcAttempt End(const grpc::Status& status) const;

 private:
  /// Whether the request was, or may have been, sent. gRPC does not report it.
  bool MayBeSent(StatusCode code) const;
  std::chrono::milliseconds RetryAfter() const;

  const GrpcSession::Host& host_;
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
Status TryHosts(GrpcSession& session, const CallLimits& limits, AttemptAt attempt) {
  return TryHosts(session.current(), session.hosts(), [&](std::size_t at) {
    const GrpcAttempt result = attempt(at);
    const bool sent = !result.note.nothing_sent;
    if (sent) session.set_current(at);
    if (limits.note) *limits.note = result.note;
    return HostAttempt{result.status, sent};
  });
}

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_GRPC_SESSION_H_
