// The gRPC transport: tql_service.proto, with the session token in the metadata.
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "client/src/grpc_session.h"
#include "client/src/message_stream.h"
#include "client/src/messages.h"
#include "client/src/process_bound_stream.h"
#include "client/src/retry_transport.h"
#include "tql/client.h"
#include "tql/wire/row_message.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql {
namespace {

using Stub = pb::TqlService::Stub;

class GrpcResultStream : public MessageStream {
 public:
  using Reader = grpc::ClientReader<grpc::ByteBuffer>;

  explicit GrpcResultStream(std::shared_ptr<GrpcSession> session) : session_(std::move(session)) {}

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
      call_ = std::make_unique<GrpcCall>(*session_, at, limits);
      reader_.reset(Start(*call_->channel(), call_->context(), method, request));
      has_first_ = reader_->Read(&buffer_);
      return has_first_ ? GrpcAttempt() : Finish();
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
  GrpcAttempt Finish() {
    if (!std::exchange(finished_, true)) result_ = call_->End(reader_->Finish());
    return result_;
  }

  const std::shared_ptr<GrpcSession> session_;
  std::unique_ptr<GrpcCall> call_;
  std::unique_ptr<Reader> reader_;
  grpc::ByteBuffer buffer_;
  grpc::Slice bytes_;  // of the last message, to which its rows point
  bool has_first_ = false;
  bool finished_ = false;
  GrpcAttempt result_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<GrpcSession> session) : session_(std::move(session)) {}
  ~GrpcTransport() override {
    if (GrpcForkGuard::is_unusable()) KeepUntilExit(session_);
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
    if (Status status = GrpcForkGuard::Check(); !status.ok()) return status;
    Response response;
    Status status = TryHosts(*session_, limits, [&](std::size_t at) {
      GrpcCall call(*session_, at, limits);
      const std::unique_ptr<Stub> stub = pb::TqlService::NewStub(call.channel());
      return call.End((*stub.*method)(call.context(), request, &response));
    });
    if (!status.ok()) return status;
    return response;
  }

  StatusOr<std::unique_ptr<ResultStream>> Start(const CallLimits& limits, const char* method,
                                                const google::protobuf::Message& request) {
    if (Status status = GrpcForkGuard::Check(); !status.ok()) return status;
    auto stream = std::make_unique<GrpcResultStream>(session_);
    if (Status status = stream->Begin(limits, method, request); !status.ok()) return status;
    return std::unique_ptr<ResultStream>(std::make_unique<ProcessBoundStream>(std::move(stream)));
  }

  const std::shared_ptr<GrpcSession> session_;
};

}  // namespace

StatusOr<std::shared_ptr<Transport>> MakeGrpcTransport(const Url& url, const Options& options) {
  StatusOr<std::shared_ptr<GrpcSession>> session = GrpcSession::Make(url, options);
  if (!session.ok()) return session.status();
  return MakeRetryTransport(std::make_shared<GrpcTransport>(*std::move(session)), options.retry,
                            SystemRetryEnvironment());
}

}  // namespace tql
