#include "mockserver/frontend/grpc/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/frontend/call_gate.h"
#include "mockserver/frontend/grpc/call_reactor.h"
#include "mockserver/frontend/grpc/connection_cut.h"
#include "mockserver/frontend/grpc/control_service.h"
#include "mockserver/frontend/grpc/library_server.h"
#include "mockserver/frontend/grpc/reflection_service.h"
#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/messages/message_calls.h"
#include "mockserver/net/acceptor.h"
#include "mockserver/net/worker_pool.h"
#include "proto/base/mutex.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;

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

/// gRPC's server with its services.
class Served {
 public:
  /// Returns null if gRPC cannot start.
  static std::unique_ptr<Served> Start(service::Service& service, const engine::Clock& clock,
                                       const net::TlsContext* tls,
                                       const GrpcServer::Options& options) {
    auto served = std::make_unique<Served>(service, clock, options);
    std::vector<grpc::Service*> services{&served->methods_};
    for (const auto& other : served->others_) services.push_back(other.get());
    served->library_ = LibraryServer::Start(tls, options.max_request_bytes, services);
    return served->library_ ? std::move(served) : nullptr;
  }
  Served(service::Service& service, const engine::Clock& clock, const GrpcServer::Options& options)
      : methods_(service, clock, options) {
    for (const auto version : {ReflectionVersion::kV1, ReflectionVersion::kV1Alpha}) {
      others_.push_back(MakeReflectionService(version));
    }
    if (options.control == nullptr) return;
    others_.push_back(
        MakeControlService(*options.control, options.control_access, methods_.gate()));
  }

  CallGate& gate() { return methods_.gate(); }
  void Take(int fd) { library_->Take(fd); }

 private:
  ServiceMethods methods_;
  std::vector<std::unique_ptr<grpc::Service>> others_;
  std::unique_ptr<LibraryServer> library_;
};

/// Starts gRPC with the first connection, because many servers never get one, and gRPC takes a
/// quarter of the instructions of the start, 4 MiB and 8 threads.
class RunningServer : public GrpcServer {
 public:
  RunningServer(service::Service& service, const engine::Clock& clock, const net::TlsContext* tls,
                Options options)
      : service_(service), clock_(clock), tls_(tls), options_(std::move(options)) {}
  ~RunningServer() override { Stop(std::chrono::steady_clock::now()); }

  Status Listen(const net::Endpoint& endpoint) {
    TQL_ASSIGN_OR_RETURN(net::Listener listener, net::Listener::Open(endpoint));
    endpoint_ = listener.endpoint();
    const base::MutexLock lock(stopping_);
    TQL_ASSIGN_OR_RETURN(acceptor_,
                         net::Acceptor::Start(std::move(listener), [this](int fd) { Take(fd); }));
    return Status();
  }

  const net::Endpoint& endpoint() const override { return endpoint_; }

  void Stop(std::chrono::steady_clock::time_point deadline) override {
    const base::MutexLock lock(stopping_);
    acceptor_.reset();
    const base::MutexLock serving(serving_);
    if (!served_) return;
    served_->gate().Close(deadline, [this] { CutConnections(endpoint_, Cut::kAll); });
    CutConnections(endpoint_, Cut::kUnread);
    served_.reset();
  }

 private:
  void Take(int fd) {
    const base::MutexLock lock(serving_);
    try {
      if (!served_) served_ = Served::Start(service_, clock_, tls_, options_);
    } catch (const std::exception&) {  // no memory or no thread: the next connection tries again
    }
    if (served_) {
      served_->Take(fd);
    } else {
      close(fd);
    }
  }

  service::Service& service_;
  const engine::Clock& clock_;
  const net::TlsContext* const tls_;
  const Options options_;
  net::Endpoint endpoint_;
  base::Mutex stopping_;
  std::unique_ptr<net::Acceptor> acceptor_ TQL_GUARDED_BY(stopping_);
  base::Mutex serving_;
  std::unique_ptr<Served> served_ TQL_GUARDED_BY(serving_);  // null until the first connection
};

}  // namespace

StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const net::Endpoint& endpoint,
                                                        const net::TlsContext* tls,
                                                        service::Service& service,
                                                        const engine::Clock& clock,
                                                        Options options) {
  auto server = std::make_unique<RunningServer>(service, clock, tls, std::move(options));
  TQL_RETURN_IF_ERROR(server->Listen(endpoint));
  return std::unique_ptr<GrpcServer>(std::move(server));
}

}  // namespace tql::frontend
