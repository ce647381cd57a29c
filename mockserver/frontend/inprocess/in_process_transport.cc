#include "mockserver/frontend/inprocess/in_process_transport.h"

#include <string>
#include <thread>
#include <utility>

#include "client/src/messages.h"
#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/inprocess/in_process_stream.h"
#include "mockserver/frontend/messages/message_calls.h"
#include "proto/base/mutex.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kPeer = "in-process";

service::CallContext ContextOf(std::string_view name, std::string_view token,
                               const engine::Clock& clock) {
  service::CallContext context;
  context.target = name;
  context.peer = kPeer;
  context.token = token;
  context.started = clock.Now();
  return context;
}

/// A call without a stream, too short to be cut by a server that stops.
class ShortCall : private CallGate::Call {
 public:
  explicit ShortCall(CallGate& gate) : gate_(gate), entered_(gate.Enter(*this).ok()) {}
  ~ShortCall() override {
    if (entered_) gate_.Leave(*this);
  }
  ShortCall(const ShortCall&) = delete;
  ShortCall& operator=(const ShortCall&) = delete;

  Status Check(const CallLimits& limits) const {
    if (!entered_) return UnavailableError("the server has stopped");
    if (limits.stop.stop_requested()) return CancelledError("the call was cancelled");
    if (std::chrono::steady_clock::now() >= limits.deadline) {
      return DeadlineExceededError("the call took too long");
    }
    return Status();
  }

  /// Ends the call early. Returns its status.
  Status End(const net::Cut& cut, const CallLimits& limits) const {
    constexpr std::chrono::milliseconds kPause{5};
    while (cut.how == net::Cut::How::kStall && !(cut.released && cut.released())) {
      if (Status status = Check(limits); !status.ok()) return status;
      std::this_thread::sleep_for(kPause);
    }
    return UnavailableError("the connection was closed before the response ended");
  }

 private:
  void Cut() override {}

  CallGate& gate_;
  const bool entered_;
};

class InProcessTransport : public Transport {
 public:
  InProcessTransport(service::Service& service, const engine::Clock& clock,
                     std::shared_ptr<CallGate> gate, std::size_t max_request_bytes,
                     std::string space)
      : calls_(service, clock),
        clock_(clock),
        gate_(std::move(gate)),
        max_request_bytes_(max_request_bytes),
        space_(std::move(space)) {}

  Status Login(const LoginParams& params) override {
    return Short("Login", {}, params.limits, [&](service::CallContext& context) {
      context.space = space_;
      auto response = calls_.Login(context, ToMessage(params));
      if (!response.ok()) return response.status();
      const base::MutexLock lock(mutex_);
      token_ = std::move(*response->mutable_session_token());
      return Status();
    });
  }

  Status Logout(const LogoutParams& params) override {
    return Short("Logout", token(), params.limits, [&](service::CallContext& context) {
      calls_.service().Logout(context);
      const base::MutexLock lock(mutex_);
      token_.clear();
      return Status();
    });
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start("Query", &MessageCalls::Query, ToMessage(params), params.limits);
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start("RunScript", &MessageCalls::RunScript, ToMessage(params), params.limits);
  }

  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    Tokens tokens;
    const Status status =
        Short("GetTokens", token(), params.limits, [&](service::CallContext& context) {
          const auto response = calls_.GetTokens(context, ToMessage(params));
          if (response.ok()) tokens = FromMessage(*response);
          return response.status();
        });
    if (!status.ok()) return status;
    return tokens;
  }

  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    std::int64_t version = 0;
    const Status status =
        Short("GetSchemaVersion", token(), params.limits, [&](service::CallContext& context) {
          const auto response = calls_.GetSchemaVersion(context);
          if (!response.ok()) return response.status();
          const StatusOr<std::int64_t> read = FromMessage(*response);
          if (read.ok()) version = *read;
          return read.status();
        });
    if (!status.ok()) return status;
    return version;
  }

 private:
  /// Runs a call that is over before a server could lose patience with it.
  template <typename Body>
  Status Short(std::string_view name, const std::string& token, const CallLimits& limits,
               const Body& body) {
    const ShortCall call(*gate_);
    if (Status status = call.Check(limits); !status.ok()) return status;
    service::CallContext context = ContextOf(name, token, clock_);
    context.client_gone = [&] { return !call.Check(limits).ok(); };
    const Status status = Guarded(calls_.service(), context, [&] { return body(context); });
    if (context.cut) return call.End(*context.cut, limits);
    const Status over = call.Check(limits);  // the call may have waited
    return over.ok() ? status : over;
  }

  template <typename Request>
  using Method = Status (MessageCalls::*)(service::CallContext&, Request, MessageReceiver&) const;

  template <typename Request>
  StatusOr<std::unique_ptr<ResultStream>> Start(std::string_view name, Method<Request> method,
                                                Request request, const CallLimits& limits) {
    if (request.ByteSizeLong() > max_request_bytes_) {
      return InvalidArgumentError("the request has more than " +
                                  std::to_string(max_request_bytes_) + " bytes");
    }
    // The stream may outlive this transport, but not the objects that the gate protects.
    auto body = [calls = calls_, &clock = clock_, name, token = token(), method,
                 request = std::move(request)](MessageReceiver& receiver) mutable {
      service::CallContext context = ContextOf(name, token, clock);
      return Guarded(calls.service(), context,
                     [&] { return (calls.*method)(context, std::move(request), receiver); });
    };
    auto stream = std::make_unique<InProcessStream>(gate_, std::move(body), limits);
    if (Status status = stream->Begin(); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::move(stream));
  }

  std::string token() {
    const base::MutexLock lock(mutex_);
    return token_;
  }

  const MessageCalls calls_;    // valid while a call is registered at the gate
  const engine::Clock& clock_;  // the same
  const std::shared_ptr<CallGate> gate_;
  const std::size_t max_request_bytes_;
  const std::string space_;
  base::Mutex mutex_;
  std::string token_ TQL_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<Transport> MakeInProcessTransport(service::Service& service,
                                                  const engine::Clock& clock,
                                                  std::shared_ptr<CallGate> gate,
                                                  std::size_t max_request_bytes,
                                                  std::string space) {
  return std::make_shared<InProcessTransport>(service, clock, std::move(gate), max_request_bytes,
                                              std::move(space));
}

}  // namespace tql::frontend
