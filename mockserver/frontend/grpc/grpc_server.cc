#include "mockserver/frontend/grpc/grpc_server.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/frontend/call_gate.h"
#include "mockserver/frontend/grpc/connection_cut.h"
#include "mockserver/frontend/grpc/held_call.h"
#include "mockserver/frontend/grpc/reflection_service.h"
#include "mockserver/net/worker_pool.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;

constexpr int kIdleConnectionMs = 300'000;
constexpr int kHandshakeMs = 10'000;
/// Clients that vanished without a word are found out by asking them.
constexpr int kKeepaliveMs = 60'000;
/// Clients may ping as often as this, with calls and without. gRPC's own limit, five minutes, cuts
/// the connection of a client whose keepalive is shorter while its statement is silent.
constexpr int kShortestPingIntervalMs = 100;
constexpr int kMostStreamsOfAConnection = 4096;
/// Logins and the like do not queue behind statements.
constexpr std::size_t kShortCallWorkers = 4;

std::string Metadata(const CallbackServerContext& context, const char* name) {
  const auto& metadata = context.client_metadata();
  const auto it = metadata.find(name);
  if (it == metadata.end()) return {};
  return {it->second.data(), it->second.size()};
}

std::string TokenOf(const CallbackServerContext& context) {
  return Metadata(context, kSessionMetadata);
}

/// "ipv4:127.0.0.1:4711" and "ipv6:%5B::1%5D:4711" as HTTP has it: the address alone.
std::string PeerOf(const CallbackServerContext& context) {
  std::string peer = context.peer();
  peer.erase(0, peer.find(':') + 1);
  peer.erase(std::min(peer.rfind(':'), peer.size()));
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const std::size_t at = peer.find(bracket); at != peer.npos) peer.erase(at, bracket.size());
  }
  return peer;
}

/// Whose call it is, for the log: taken before the call ends, as its context goes with it.
struct Caller {
  explicit Caller(const CallbackServerContext& context)
      : peer(PeerOf(context)), request_id(Metadata(context, kRequestIdMetadata)) {}
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  const std::string peer;
  const std::string request_id;
};

using Base = pb::TqlService;
using RawService = Base::WithRawCallbackMethod_Login<Base::WithRawCallbackMethod_Logout<
    Base::WithRawCallbackMethod_GetTokens<Base::WithRawCallbackMethod_GetSchemaVersion<
        Base::WithRawCallbackMethod_Query<Base::WithRawCallbackMethod_RunScript<
            Base::WithRawCallbackMethod_StreamTokens<Base::Service>>>>>>>;

/// INVALID_ARGUMENT when the bytes are not a message of its type.
Status Decode(const ByteBuffer& bytes, google::protobuf::Message& message) {
  ByteBuffer unread(bytes);
  using Traits = grpc::SerializationTraits<google::protobuf::Message>;
  if (Traits::Deserialize(&unread, &message).ok()) return Status();
  return InvalidArgumentError("the request is not a message of the type that this method takes: " +
                              message.GetDescriptor()->name());
}

/// The methods of the service. They read and write bytes: gRPC answers INTERNAL without a text when
/// it decodes a request itself and cannot, and its threads are not kept busy with large answers.
class ServiceMethods : public RawService {
 public:
  ServiceMethods(MessageCalls& calls, const GrpcServer::Options& options)
      : calls_(calls),
        options_(options),
        workers_(options.max_threads),
        short_call_workers_(kShortCallWorkers) {}

  CallGate& gate() { return gate_; }

  grpc::ServerUnaryReactor* Login(CallbackServerContext* context, const ByteBuffer* request,
                                  ByteBuffer* response) override {
    return Answer<pb::LoginRequest>("Login", context, request, response, [=, this](auto& message) {
      return calls_.Login(message, PeerOf(*context));
    });
  }

  grpc::ServerUnaryReactor* Logout(CallbackServerContext* context, const ByteBuffer* request,
                                   ByteBuffer* response) override {
    return Answer<pb::LogoutRequest>("Logout", context, request, response, [=, this](auto&) {
      calls_.Logout(TokenOf(*context));
      return StatusOr<pb::LogoutResponse>(pb::LogoutResponse());
    });
  }

  grpc::ServerUnaryReactor* GetTokens(CallbackServerContext* context, const ByteBuffer* request,
                                      ByteBuffer* response) override {
    return Answer<pb::GetTokensRequest>(
        "GetTokens", context, request, response,
        [=, this](auto& message) { return calls_.GetTokens(TokenOf(*context), message); });
  }

  grpc::ServerUnaryReactor* GetSchemaVersion(CallbackServerContext* context,
                                             const ByteBuffer* request,
                                             ByteBuffer* response) override {
    return Answer<pb::GetSchemaVersionRequest>(
        "GetSchemaVersion", context, request, response,
        [=, this](auto&) { return calls_.GetSchemaVersion(TokenOf(*context)); });
  }

  grpc::ServerWriteReactor<ByteBuffer>* Query(CallbackServerContext* context,
                                              const ByteBuffer* request) override {
    return Stream<pb::ExecuteQueryRequest>(
        "Query", context, request, [=, this](auto& message, AnswerStream& answer) {
          return calls_.Query(TokenOf(*context), message, answer);
        });
  }

  grpc::ServerWriteReactor<ByteBuffer>* RunScript(CallbackServerContext* context,
                                                  const ByteBuffer* request) override {
    return Stream<pb::ExecuteSqlScriptRequest>(
        "RunScript", context, request, [=, this](auto& message, AnswerStream& answer) {
          return calls_.RunScript(TokenOf(*context), message, answer);
        });
  }

  grpc::ServerWriteReactor<ByteBuffer>* StreamTokens(CallbackServerContext* context,
                                                     const ByteBuffer* request) override {
    return Stream<pb::GetTokensRequest>(
        "StreamTokens", context, request, [=, this](auto& message, AnswerStream& answer) {
          return calls_.StreamTokens(
              TokenOf(*context), message,
              [&](const pb::GetTokensResponse& piece) { return answer.Put(Encoded(piece)); });
        });
  }

 private:
  void Note(std::string_view method, const Caller& caller) const {
    if (!options_.on_call) return;
    const auto duration = std::chrono::steady_clock::now() - caller.start;
    options_.on_call(method, caller.peer, caller.request_id,
                     std::chrono::duration_cast<std::chrono::microseconds>(duration));
  }

  /// `call` makes a StatusOr of the response of the decoded request.
  template <typename Request, typename Call>
  grpc::ServerUnaryReactor* Answer(std::string_view method, CallbackServerContext* context,
                                   const ByteBuffer* request, ByteBuffer* response, Call call) {
    const auto reactor = std::make_shared<UnaryCall>(gate_, *context);
    if (!reactor->Enter(reactor)) return reactor.get();
    short_call_workers_.Submit([=, this] {
      const Caller caller(*context);
      Request message;
      Status status = Decode(*request, message);
      if (status.ok()) {
        const auto answer = call(message);
        status = answer.status();
        if (answer.ok()) *response = Encoded(*answer);
      }
      reactor->Finish(ToGrpc(status));
      Note(method, caller);
    });
    return reactor.get();
  }

  /// `call` puts the answer to the decoded request into the stream.
  template <typename Request, typename Call>
  grpc::ServerWriteReactor<ByteBuffer>* Stream(std::string_view method,
                                               CallbackServerContext* context,
                                               const ByteBuffer* request, Call call) {
    const auto stream = std::make_shared<AnswerStream>(gate_, *context, workers_, options_.write);
    if (!stream->Enter(stream, options_.max_calls)) return stream.get();
    workers_.Submit([=, this] {
      const Caller caller(*context);
      Request message;
      Status status = Decode(*request, message);
      if (status.ok()) status = call(message, *stream);
      stream->End(ToGrpc(status));
      Note(method, caller);
    });
    return stream.get();
  }

  MessageCalls& calls_;
  const GrpcServer::Options options_;
  CallGate gate_;
  net::WorkerPool workers_;
  net::WorkerPool short_call_workers_;  // of calls that wait for no statement
};

/// gRPC's own threads stay for the life of the process. It takes them down with its last user, and
/// waits up to ten seconds for one that looks after a write which once had to wait.
void KeepGrpcUp() { [[maybe_unused]] static const bool kept = (grpc_init(), true); }

/// Health checking can be switched on for a whole process alone: here for the time of one build.
std::unique_ptr<grpc::Server> BuildWithHealthChecking(grpc::ServerBuilder& builder) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
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
  return grpc::SslServerCredentials(options);
}

class RunningServer : public GrpcServer {
 public:
  RunningServer(MessageCalls& calls, const Options& options) : methods_(calls, options) {}
  ~RunningServer() override { Stop(std::chrono::steady_clock::now()); }

  Status Listen(const net::Endpoint& endpoint, const net::TlsContext* tls, const Options& options) {
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
    const std::lock_guard lock(stopping_);
    if (!server_) return;
    methods_.gate().Close(deadline, [this] { CutConnections(endpoint_, Cut::kAll); });
    CutConnections(endpoint_, Cut::kUnread);
    // gRPC itself would wait for idle connections, too.
    server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }

 private:
  ServiceMethods methods_;
  const std::unique_ptr<grpc::Service> reflection_[2] = {
      MakeReflectionService(ReflectionVersion::kV1),
      MakeReflectionService(ReflectionVersion::kV1Alpha)};
  net::Endpoint endpoint_;
  std::mutex stopping_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const net::Endpoint& endpoint,
                                                        const net::TlsContext* tls,
                                                        MessageCalls& calls, Options options) {
  // gRPC does not say why it cannot listen. Another's port can be told before.
  if (StatusOr<net::Listener> probe = net::Listener::Open(endpoint); !probe.ok())
    return probe.status();
  KeepGrpcUp();
  auto server = std::make_unique<RunningServer>(calls, options);
  if (Status status = server->Listen(endpoint, tls, options); !status.ok()) return status;
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace tql::frontend
