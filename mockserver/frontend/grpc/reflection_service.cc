#include "mockserver/frontend/grpc/reflection_service.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <string>
#include <vector>

#include "mockserver/frontend/grpc/reflection.h"

namespace tql::frontend {
namespace {

using grpc::ByteBuffer;

const char* MethodName(ReflectionVersion version) {
  return version == ReflectionVersion::kV1
             ? "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
             : "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
}

std::string BytesOf(const ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  (void)buffer.Dump(&slices);
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

/// A stream of requests, each answered before the next is read. Deletes itself when it has ended.
class ReflectionStream : public grpc::ServerBidiReactor<ByteBuffer, ByteBuffer> {
 public:
  ReflectionStream() { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    const StatusOr<std::string> answer = AnswerReflection(BytesOf(request_));
    if (!answer.ok()) {
      return Finish(
          {static_cast<grpc::StatusCode>(answer.status().code()), answer.status().message()});
    }
    const grpc::Slice slice(*answer);
    answer_ = ByteBuffer(&slice, 1);
    StartWrite(&answer_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  ByteBuffer request_;
  ByteBuffer answer_;
};

/// Declares its method as generated code does. The bytes of both versions are equal.
class ReflectionService : public grpc::Service {
 public:
  explicit ReflectionService(ReflectionVersion version) {
    AddMethod(new grpc::internal::RpcServiceMethod(
        MethodName(version), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
    MarkMethodRawCallback(0,
                          new grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>(
                              [](grpc::CallbackServerContext*) { return new ReflectionStream; }));
  }
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReflectionService(ReflectionVersion version) {
  return std::make_unique<ReflectionService>(version);
}

}  // namespace tql::frontend
