#include "mockserver/frontend/grpc/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/frontend/call_gate.h"
#include "mockserver/frontend/grpc/call_reactor.h"
#include "mockserver/frontend/grpc/connection_cut.h"
#include "mockserver/frontend/grpc/control_service.h"
#include "mockserver/frontend/grpc/reflection_service.h"
#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/messages/message_calls.h"
#include "mockserver/net/worker_pool.h"
#include "proto/base/mutex.h"
#include "proto/base/text.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;

constexpr int kIdleConnectionMs = 300'000;
constexpr int kHandshakeMs = 10'000;
/// Pings detect clients that vanished without closing the connection.
constexpr int kKeepaliveMs = 60'000;
/// Clients may ping this often, with and without calls. gRPC's default, five minutes, would close
/// the connection of a client with a shorter keepalive while its statement sends nothing.
constexpr int kShortestPingIntervalMs = 100;
constexpr int kMostStreamsOfAConnection = 4096;
/// The metadata with the namespace to log in to.
constexpr std::string_view kNamespaceMetadata = "tql-mock-namespace";
/// Logins and other short calls do not queue behind statements.
constexpr std::size_t kShortCallWorkers = 4;

std::string_view Metadata(const CallbackServerContext& context, std::string_view name) {
  const auto& metadata = context.client_metadata();
  const auto it = metadata.find(grpc::string_ref(name.data(), name.size()));
  if (it == metadata.end()) return {};
  return {it->second.data(), it->second.size()};
}

/// The properties of a call for the service. Not to be used after the call, whose end destroys
/// gRPC's context.
struct Caller {
  Caller(std::string_view method, const CallbackServerContext& grpc, const engine::Clock& clock,
         std::string_view port_space)
      : peer(PeerOf(grpc)) {
    context.protocol = service::Protocol::kGrpc;
    context.target = method;
    context.peer = peer;
    context.request_id = Metadata(grpc, kRequestIdMetadata);
    context.header = [&grpc](std::string_view name) {
      return Metadata(grpc, base::Lower(name));  // gRPC stores names in lower case
    };
    context.token = Metadata(grpc, kSessionMetadata);
    if (!port_space.empty()) context.space = port_space;
    if (const auto space = Metadata(grpc, kNamespaceMetadata); !space.empty()) {
      context.space = space;
    }
    context.started = clock.Now();
  }
  const std::string peer;
  service::CallContext context;
};

using Base = pb::TqlService;
using RawService = Base::WithRawCallbackMethod_Login<Base::WithRawCallbackMethod_Logout<
    Base::WithRawCallbackMethod_GetTokens<Base::WithRawCallbackMethod_GetSchemaVersion<
        Base::WithRawCallbackMethod_Query<Base::WithRawCallbackMethod_RunScript<
            Base::WithRawCallbackMethod_StreamTokens<Base::Service>>>>>>>;

/// The methods of the service. They read and write bytes, because gRPC returns INTERNAL without a
/// text for a request that it cannot decode, and its threads should not encode large answers.
class ServiceMethods : public RawService {
 public:
  ServiceMethods(service::Service& service, const engine::Clock& clock,
                 const GrpcServer::Options& options)
      : calls_(service, clock),
        clock_(clock),
        options_(options),
        workers_(options.max_threads),
        short_call_workers_(kShortCallWorkers) {}

  CallGate& gate() { return gate_; }

  grpc::ServerUnaryReactor* Login(CallbackServerContext* context, const ByteBuffer* request,
                                  ByteBuffer* response) override {
    return Answer<pb::LoginRequest>(
        "Login", context, request, response,
        [this](auto& call, auto& message) { return calls_.Login(call, message); });
  }

  grpc::ServerUnaryReactor* Logout(CallbackServerContext* context, const ByteBuffer* request,
                                   ByteBuffer* response) override {
    return Answer<pb::LogoutRequest>("Logout", context, request, response,
                                     [this](auto& call, auto& /*message*/) {
                                       calls_.service().Logout(call);
                                       return StatusOr<pb::LogoutResponse>(pb::LogoutResponse());
                                     });
  }

  grpc::ServerUnaryReactor* GetTokens(CallbackServerContext* context, const ByteBuffer* request,
                                      ByteBuffer* response) override {
    return Answer<pb::GetTokensRequest>(
        "GetTokens", context, request, response,
        [this](auto& call, auto& message) { return calls_.GetTokens(call, message); });
  }

  grpc::ServerUnaryReactor* GetSchemaVersion(CallbackServerContext* context,
                                             const ByteBuffer* request,
                                             ByteBuffer* response) override {
    return Answer<pb::GetSchemaVersionRequest>(
        "GetSchemaVersion", context, request, response,
        [this](auto& call, auto& /*message*/) { return calls_.GetSchemaVersion(call); });
  }

  grpc::ServerWriteReactor<ByteBuffer>* Query(CallbackServerContext* context,
                                              const ByteBuffer* request) override {
    return Stream<pb::ExecuteQueryRequest>(
        "Query", context, request, [this](auto& call, auto& message, ResponseStream& answer) {
          return calls_.Query(call, std::move(message), answer);
        });
  }

  grpc::ServerWriteReactor<ByteBuffer>* RunScript(CallbackServerContext* context,
                                                  const ByteBuffer* request) override {
    return Stream<pb::ExecuteSqlScriptRequest>(
        "RunScript", context, request, [this](auto& call, auto& message, ResponseStream& answer) {
          return calls_.RunScript(call, std::move(message), answer);
        });
  }

  grpc::ServerWriteReactor<ByteBuffer>* StreamTokens(CallbackServerContext* context,
                                                     const ByteBuffer* request) override {
    return Stream<pb::GetTokensRequest>(
        "StreamTokens", context, request,
        [this](auto& call, auto& message, ResponseStream& answer) {
          return calls_.StreamTokens(call, message, [&](const pb::GetTokensResponse& piece) {
            return answer.Put(Encoded(piece));
          });
        });
  }

 private:
  /// Parses the message. Reports INVALID_ARGUMENT to the service if the bytes are invalid.
  Status Decode(const ByteBuffer& bytes, const service::CallContext& call,
                google::protobuf::Message& message) const {
    ByteBuffer unread(bytes);
    using Traits = grpc::SerializationTraits<google::protobuf::Message>;
    if (Traits::Deserialize(&unread, &message).ok()) return Status();
    Status status =
        InvalidArgumentError("the request is not a message of the type that this method takes: " +
                             message.GetDescriptor()->name());
    calls_.service().Answered(call, status);
    return status;
  }

  /// Runs the body of a call. Exceptions become INTERNAL errors, which the service is notified of.
  template <typename Body>
  Status Guarded(std::string_view method, const CallbackServerContext& context,
                 const Body& body) const {
    try {
      Caller caller(method, context, clock_, options_.space);
      return frontend::Guarded(calls_.service(), caller.context,
                               [&] { return body(caller.context); });
    } catch (...) {
      return service::ThrownStatus();
    }
  }

  static std::function<void(const std::function<void()>&)> RunWaitingIn(net::WorkerPool& workers) {
    return [&workers](const std::function<void()>& wait) {
      const net::WorkerPool::Waiting waiting(workers);
      wait();
    };
  }

  /// Submits a task to `workers`. If no memory is left, `fail` ends the call.
  template <typename Task, typename Fail>
  static void Submit(net::WorkerPool& workers, Task task, const Fail& fail) {
    try {
      workers.Submit(std::move(task));
    } catch (...) {
      fail(service::ThrownStatus());
    }
  }

  /// `call` returns the response to the decoded request as a StatusOr.
  template <typename Request, typename Call>
  grpc::ServerUnaryReactor* Answer(std::string_view method, CallbackServerContext* context,
                                   const ByteBuffer* request, ByteBuffer* response, Call call) {
    const auto reactor = std::make_shared<UnaryCall>(gate_, *context);
    if (!reactor->Enter(reactor)) return reactor.get();
    Submit(
        short_call_workers_,
        [=, this] {
          const Status result = Guarded(method, *context, [&](service::CallContext& caller) {
            caller.run_waiting = RunWaitingIn(short_call_workers_);
            Request message;
            if (Status status = Decode(*request, caller, message); !status.ok()) return status;
            const auto answer = call(caller, message);
            if (answer.ok()) *response = Encoded(*answer);
            if (caller.cut) EndConnection(*caller.cut, *context, short_call_workers_);
            return answer.status();
          });
          reactor->Finish(ToGrpc(result));
        },
        [&](const Status& status) { reactor->Finish(ToGrpc(status)); });
    return reactor.get();
  }

  /// `call` puts the answer to the decoded request into the stream.
  template <typename Request, typename Call>
  grpc::ServerWriteReactor<ByteBuffer>* Stream(std::string_view method,
                                               CallbackServerContext* context,
                                               const ByteBuffer* request, Call call) {
    const auto stream = std::make_shared<ResponseStream>(gate_, *context, workers_, options_.write);
    if (!stream->Enter(stream, options_.max_calls)) return stream.get();
    Submit(
        workers_,
        [=, this] {
          const Status result = Guarded(method, *context, [&](service::CallContext& caller) {
            Request message;
            if (Status status = Decode(*request, caller, message); !status.ok()) return status;
            stream->CountInto(caller.answer_bytes);
            caller.run_waiting = RunWaitingIn(workers_);
            return call(caller, message, *stream);
          });
          stream->End(ToGrpc(result));
        },
        [&](const Status& status) { stream->End(ToGrpc(status)); });
    return stream.get();
  }

  const MessageCalls calls_;
  const engine::Clock& clock_;
  const GrpcServer::Options options_;
  CallGate gate_;
  net::WorkerPool workers_;
  net::WorkerPool short_call_workers_;  // for calls that run no statement
};

/// Keeps gRPC's own threads until the process ends. Otherwise gRPC would stop them with its last
/// user, which takes up to ten seconds after a write that had to wait.
void KeepGrpcUp() { [[maybe_unused]] static const bool kept = (grpc_init(), true); }

/// gRPC enables health checking per process only: it is enabled here during one build.
std::unique_ptr<grpc::Server> BuildWithHealthChecking(grpc::ServerBuilder& builder) {
  static base::Mutex mutex;
  const base::MutexLock lock(mutex);
  const bool before = grpc::DefaultHealthCheckServiceEnabled();
  grpc::EnableDefaultHealthCheckService(true);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  grpc::EnableDefaultHealthCheckService(before);
  return server;
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const net::TlsContext* tls) {
  if (tls == nullptr) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({tls->private_key_pem(), tls->certificate_chain_pem()});
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::SslServerCredentials(options);
  std::string& key = options.pem_key_cert_pairs.front().private_key;
  OPENSSL_cleanse(key.data(), key.size());
  return credentials;
}

class RunningServer : public GrpcServer {
 public:
  RunningServer(service::Service& service, const engine::Clock& clock, const Options& options)
      : methods_(service, clock, options) {
    if (options.control == nullptr) return;
    control_ = MakeControlService(*options.control, options.control_access, methods_.gate());
  }
  ~RunningServer() override { Stop(std::chrono::steady_clock::now()); }

  Status Listen(const net::Endpoint& endpoint, const net::TlsContext* tls, const Options& options) {
    const base::MutexLock lock(stopping_);
    endpoint_ = endpoint;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(net::EndpointText(endpoint), CredentialsOf(tls), &endpoint_.port);
    builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_request_bytes));
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleConnectionMs);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreamsOfAConnection);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               kShortestPingIntervalMs);
    builder.RegisterService(&methods_);
    if (control_) builder.RegisterService(control_.get());
    for (const auto& reflection : reflection_) builder.RegisterService(reflection.get());
    server_ = BuildWithHealthChecking(builder);
    if (!server_) return UnavailableError("cannot serve gRPC on " + net::EndpointText(endpoint));
    if (auto* const health = server_->GetHealthCheckService()) {
      health->SetServingStatus(pb::TqlService::service_full_name(), true);
    }
    return Status();
  }

  const net::Endpoint& endpoint() const override { return endpoint_; }

  void Stop(std::chrono::steady_clock::time_point deadline) override {
    const base::MutexLock lock(stopping_);
    if (!server_) return;
    methods_.gate().Close(deadline, [this] { CutConnections(endpoint_, Cut::kAll); });
    CutConnections(endpoint_, Cut::kUnread);
    // Without a deadline gRPC would also wait for idle connections.
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }

 private:
  ServiceMethods methods_;
  std::unique_ptr<grpc::Service> control_;
  const std::unique_ptr<grpc::Service> reflection_[2] = {
      MakeReflectionService(ReflectionVersion::kV1),
      MakeReflectionService(ReflectionVersion::kV1Alpha)};
  net::Endpoint endpoint_;
  base::Mutex stopping_;
  std::unique_ptr<grpc::Server> server_ TQL_GUARDED_BY(stopping_);
};

}  // namespace

StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const net::Endpoint& endpoint,
                                                        const net::TlsContext* tls,
                                                        service::Service& service,
                                                        const engine::Clock& clock,
                                                        Options options) {
  // gRPC does not report why it cannot listen, so a port in use is detected first.
  if (StatusOr<net::Listener> probe = net::Listener::Open(endpoint); !probe.ok())
    return probe.status();
  KeepGrpcUp();
  auto server = std::make_unique<RunningServer>(service, clock, options);
  if (Status status = server->Listen(endpoint, tls, options); !status.ok()) return status;
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace tql::frontend
