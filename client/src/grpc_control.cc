#include "client/src/grpc_control.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>
#include <vector>

#include "client/src/fork.h"
#include "client/src/grpc_session.h"

namespace tql {
namespace {

constexpr std::string_view kService = "/tql.mock.v1.MockControl/";

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!buffer.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

class Control : public GrpcControl {
 public:
  Control(std::shared_ptr<GrpcSession> session, std::string token)
      : session_(std::move(session)), token_(std::move(token)) {}
  ~Control() override {
    if (GrpcForkGuard::is_unusable()) KeepUntilExit(session_);
  }

  StatusOr<std::string> Call(std::string_view method, std::string_view request,
                             const CallLimits& limits) override {
    if (Status status = GrpcForkGuard::Check(); !status.ok()) return status;
    const std::string path = std::string(kService) + std::string(method);
    const grpc::Slice slice(request.data(), request.size());
    const grpc::ByteBuffer sent(&slice, 1);
    grpc::ByteBuffer received;
    Status status = TryHosts(*session_, limits, [&](std::size_t at) {
      GrpcCall call(*session_, at, limits);
      if (!token_.empty()) call.context()->AddMetadata("authorization", "Bearer " + token_);
      // What the generated stub does, with bytes: the library has no messages of this service.
      const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
      return call.End(grpc::internal::BlockingUnaryCall(call.channel().get(), rpc, call.context(),
                                                        sent, &received));
    });
    if (!status.ok()) return status;
    return TextOf(received);
  }

 private:
  const std::shared_ptr<GrpcSession> session_;
  const std::string token_;
};

}  // namespace

StatusOr<std::shared_ptr<GrpcControl>> MakeGrpcControl(const Url& url, const Options& options,
                                                       std::string token) {
  StatusOr<std::shared_ptr<GrpcSession>> session = GrpcSession::Make(url, options);
  if (!session.ok()) return session.status();
  return std::shared_ptr<GrpcControl>(
      std::make_shared<Control>(*std::move(session), std::move(token)));
}

}  // namespace tql
