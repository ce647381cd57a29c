#include "mockserver/frontend/inprocess/in_process_transport.h"

#include <mutex>
#include <string>
#include <utility>

#include "client/src/messages.h"
#include "mockserver/frontend/inprocess/in_process_stream.h"

namespace tql::frontend {
namespace {

constexpr std::string_view kPeer = "in-process";

/// A call that is over before a server could lose patience with it.
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

 private:
  void Cut() override {}

  CallGate& gate_;
  const bool entered_;
};

class InProcessTransport : public Transport {
 public:
  InProcessTransport(MessageCalls& calls, std::shared_ptr<CallGate> gate,
                     std::size_t max_request_bytes)
      : calls_(calls), gate_(std::move(gate)), max_request_bytes_(max_request_bytes) {}

  Status Login(const LoginParams& params) override {
    const ShortCall call(*gate_);
    if (Status status = call.Check(params.limits); !status.ok()) return status;
    auto response = calls_.Login(ToMessage(params), kPeer);
    if (!response.ok()) return response.status();
    const std::lock_guard lock(mutex_);
    token_ = std::move(*response->mutable_session_token());
    return Status();
  }

  Status Logout(const LogoutParams& params) override {
    const ShortCall call(*gate_);
    if (Status status = call.Check(params.limits); !status.ok()) return status;
    calls_.Logout(token());
    const std::lock_guard lock(mutex_);
    token_.clear();
    return Status();
  }

  StatusOr<std::unique_ptr<ResultStream>> Query(const QueryParams& params) override {
    return Start(&MessageCalls::Query, ToMessage(params), params.limits);
  }

  StatusOr<std::unique_ptr<ResultStream>> RunScript(const ScriptParams& params) override {
    return Start(&MessageCalls::RunScript, ToMessage(params), params.limits);
  }

  StatusOr<Tokens> GetTokens(const TokensParams& params) override {
    const ShortCall call(*gate_);
    if (Status status = call.Check(params.limits); !status.ok()) return status;
    const auto response = calls_.GetTokens(token(), ToMessage(params));
    if (!response.ok()) return response.status();
    return FromMessage(*response);
  }

  StatusOr<std::int64_t> SchemaVersion(const SchemaVersionParams& params) override {
    const ShortCall call(*gate_);
    if (Status status = call.Check(params.limits); !status.ok()) return status;
    const auto response = calls_.GetSchemaVersion(token());
    if (!response.ok()) return response.status();
    return FromMessage(*response);
  }

 private:
  template <typename Request>
  using Method = Status (MessageCalls::*)(std::string_view, const Request&, MessageReceiver&);

  template <typename Request>
  StatusOr<std::unique_ptr<ResultStream>> Start(Method<Request> method, Request request,
                                                const CallLimits& limits) {
    if (request.ByteSizeLong() > max_request_bytes_) {
      return InvalidArgumentError("the request has more than " +
                                  std::to_string(max_request_bytes_) + " bytes");
    }
    auto body = [&calls = calls_, method, token = token(),
                 request = std::move(request)](MessageReceiver& receiver) {
      return (calls.*method)(token, request, receiver);
    };
    auto stream = std::make_unique<InProcessStream>(gate_, std::move(body), limits);
    if (Status status = stream->Begin(); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::move(stream));
  }

  std::string token() {
    const std::lock_guard lock(mutex_);
    return token_;
  }

  MessageCalls& calls_;  // good within the gate
  const std::shared_ptr<CallGate> gate_;
  const std::size_t max_request_bytes_;
  std::mutex mutex_;
  std::string token_;
};

}  // namespace

std::shared_ptr<Transport> MakeInProcessTransport(MessageCalls& calls,
                                                  std::shared_ptr<CallGate> gate,
                                                  std::size_t max_request_bytes) {
  return std::make_shared<InProcessTransport>(calls, std::move(gate), max_request_bytes);
}

}  // namespace tql::frontend
