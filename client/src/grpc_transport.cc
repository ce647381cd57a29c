// TQL over gRPC: tql_service.proto, the session token in the metadata. The only file that knows the
// gRPC library.
#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <sstream>
#include <utility>

#include "client/src/message_stream.h"
#include "client/src/messages.h"
#include "client/src/retry_transport.h"
#include "tql/client.h"
#include "tql/tql_service.grpc.pb.h"

namespace tql {
namespace {

constexpr const char* kSessionMetadata = "tql-session";
/// What a service may make the client hold, as over HTTP, and the frame around it.
constexpr int kMostMessageBytes = (64 << 20) + (64 << 10);

/// What arrives of an answer before it is read.
constexpr int kReadAheadBytes = 1 << 20;

using Stub = pb::TqlService::Stub;

StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) {
    return InvalidArgumentError("the file of trusted certificates cannot be read: " + path);
  }
  return text.str();
}

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
    StatusOr<std::string> roots = ReadFile(tls.ca_file);
    if (!roots.ok()) return roots.status();
    options.pem_root_certs = *std::move(roots);
  }
  return grpc::SslCredentials(options);
}

std::string TargetOf(const Url& url) {
  const bool ipv6 = url.host.find(':') != std::string::npos;
  return (ipv6 ? "ipv6:[" + url.host + "]" : "dns:///" + url.host) + ":" + std::to_string(url.port);
}

grpc::ChannelArguments ArgumentsOf(const Options& options) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix(options.application);
  arguments.SetMaxReceiveMessageSize(kMostMessageBytes);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS,
                   static_cast<int>(options.connect_timeout.count()));
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

/// The channel and the session, which streams may keep beyond their transport.
class Session {
 public:
  Session(const Url& url, const Options& options,
          std::shared_ptr<grpc::ChannelCredentials> credentials)
      : origin_(url.Origin()),
        target_(TargetOf(url)),
        arguments_(ArgumentsOf(options)),
        credentials_(std::move(credentials)) {}

  /// gRPC waits after a failure before it connects again; here each call tries at once.
  std::shared_ptr<grpc::Channel> Channel() {
    const std::lock_guard lock(mutex_);
    if (!channel_ || channel_->GetState(false) == GRPC_CHANNEL_TRANSIENT_FAILURE) {
      channel_ = grpc::CreateCustomChannel(target_, credentials_, arguments_);
    }
    return channel_;
  }

  std::string token() {
    const std::lock_guard lock(mutex_);
    return token_;
  }
  void set_token(std::string token) {
    const std::lock_guard lock(mutex_);
    token_ = std::move(token);
  }
  const std::string& origin() const { return origin_; }

 private:
  const std::string origin_;
  const std::string target_;
  const grpc::ChannelArguments arguments_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  std::mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string token_;
};

bool IsAboutCertificate(const std::string& message) {
  for (const char* part : {"certificate verify failed", "CERTIFICATE_VERIFY_FAILED",
                           "is not in peer certificate", "Hostname Verification Check failed"}) {
    if (message.find(part) != std::string::npos) return true;
  }
  return false;
}

/// The service's refusal of a request that is too long; the same text tells of an answer that is
/// too long for us.
bool IsAboutRequestSize(const std::string& message) {
  static const std::string kOurs = " vs. " + std::to_string(kMostMessageBytes) + ")";
  return message.find("Received message larger than max") != std::string::npos &&
         message.find(kOurs) == std::string::npos;
}

/// "cannot connect: ipv4:127.0.0.1:1: … Connection refused" rather than all that gRPC says around
/// it.
std::string WhyUnavailable(const std::string& message) {
  constexpr std::string_view kLast = "failed to connect to all addresses; last error: ";
  if (!message.starts_with(kLast)) return message;
  const std::string last = message.substr(kLast.size());
  const std::size_t code = last.find(": ");  // a status code, e.g. UNKNOWN
  return "cannot connect: " + (code == last.npos ? last : last.substr(code + 2));
}

/// The error that a call ended with, as the other transports would have it. `cancelled`: by us.
Status FromGrpc(const grpc::Status& status, const Session& session, bool cancelled) {
  if (status.ok()) return {};
  std::string message = status.error_message();
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      if (cancelled) return CancelledError("the call was cancelled");
      return UnavailableError(session.origin() + ": the service ended the call");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return DeadlineExceededError("the call took too long");
    case grpc::StatusCode::UNAVAILABLE:
      if (IsAboutCertificate(message)) {
        return FailedPreconditionError(session.origin() +
                                       ": the server's certificate is not trusted for this host; "
                                       "name the file of a certificate to trust, or accept any");
      }
      return UnavailableError(session.origin() + ": " + WhyUnavailable(message));
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (IsAboutRequestSize(message)) {
        return InvalidArgumentError("the request is too long: " + message);
      }
      [[fallthrough]];
    default:
      return Status(static_cast<StatusCode>(status.error_code()), std::move(message));
  }
}

/// What gRPC keeps of a call, with the limits and the session of ours.
class Call {
 public:
  Call(Session& session, const CallLimits& limits) : on_stop_(limits.stop, [this] { Cancel(); }) {
    if (limits.deadline != Deadline::max()) {
      const auto left = limits.deadline - std::chrono::steady_clock::now();
      const std::int64_t ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
      context_.set_deadline(
          gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(ns, GPR_TIMESPAN)));
    }
    if (const std::string token = session.token(); !token.empty()) {
      context_.AddMetadata(kSessionMetadata, token);
    }
  }
  grpc::ClientContext* context() { return &context_; }
  void Cancel() {
    cancelled_ = true;
    context_.TryCancel();
  }
  bool cancelled() const { return cancelled_; }

 private:
  grpc::ClientContext context_;
  std::atomic<bool> cancelled_{false};
  std::stop_callback<std::function<void()>> on_stop_;
};

class GrpcResultStream : public MessageStream {
 public:
  using Reader = grpc::ClientReader<pb::ExecuteQueryResponse>;

  GrpcResultStream(std::shared_ptr<Session> session, const CallLimits& limits)
      : session_(std::move(session)), call_(*session_, limits) {}

  ~GrpcResultStream() override {
    call_.Cancel();
    if (reader_ && !finished_) (void)reader_->Finish();
  }

  /// `start` makes the reader. Returns when the answer begins.
  template <typename Start>
  Status Begin(Start start) {
    channel_ = session_->Channel();
    const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(channel_);
    reader_ = start(*stub, call_.context());
    first_there_ = reader_->Read(&first_);
    return first_there_ ? Status() : Finish();
  }

  void Cancel() override { call_.Cancel(); }

 private:
  StatusOr<bool> Receive(pb::ExecuteQueryResponse& message) override {
    if (std::exchange(first_there_, false)) {
      message.Swap(&first_);
      return true;
    }
    if (!finished_ && reader_->Read(&message)) return true;
    if (Status status = Finish(); !status.ok()) return status;
    return false;
  }
  Status Finish() {
    if (!std::exchange(finished_, true))
      result_ = FromGrpc(reader_->Finish(), *session_, call_.cancelled());
    return result_;
  }

  const std::shared_ptr<Session> session_;
  std::shared_ptr<grpc::Channel> channel_;
  Call call_;
  std::unique_ptr<Reader> reader_;
  pb::ExecuteQueryResponse first_;
  bool first_there_ = false;
  bool finished_ = false;
  Status result_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<Session> session) : session_(std::move(session)) {}

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
    Call call(*session_, limits);
    const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(session_->Channel());
    Response response;
    const grpc::Status status = (*stub.*method)(call.context(), request, &response);
    if (!status.ok()) return FromGrpc(status, *session_, call.cancelled());
    return response;
  }

  template <typename StartCall>
  StatusOr<std::unique_ptr<ResultStream>> Start(const CallLimits& limits, StartCall start) {
    auto stream = std::make_unique<GrpcResultStream>(session_, limits);
    if (Status status = stream->Begin(start); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::move(stream));
  }

  const std::shared_ptr<Session> session_;
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options) {
  if (url.host.empty() || url.port == 0) return InvalidArgumentError("URL: the host is missing");
  auto credentials = CredentialsOf(url, options.tls);
  if (!credentials.ok()) return credentials.status();
  auto session = std::make_shared<Session>(url, options, *std::move(credentials));
  return MakeRetryTransport(std::make_shared<GrpcTransport>(std::move(session)), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
