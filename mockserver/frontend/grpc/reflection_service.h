// Server reflection (grpc.reflection.v1 and v1alpha), which lists the services of the port.
//
// The library's own implementation does not fit: gRPC 1.51 has v1alpha only, and describes the
// compiled messages, whose names differ from the public ones (proto/CMakeLists.txt).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_

#include <cstdint>
#include <memory>

namespace grpc {
class Service;
}  // namespace grpc

namespace tql::frontend {

enum class ReflectionVersion : std::uint8_t { kV1, kV1Alpha };

/// Returns one of the two services. An open stream uses no thread and buffers one message.
std::unique_ptr<grpc::Service> MakeReflectionService(ReflectionVersion version);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_
