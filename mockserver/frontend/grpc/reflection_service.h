// Server reflection, grpc.reflection.v1 and v1alpha: tools learn from it what the port serves.
//
// It is the project's own. The packaged gRPC 1.51 has v1alpha alone, and describes what the process
// has compiled in; the messages of this project are compiled under other names than they are served
// (proto/CMakeLists.txt).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_

#include <cstdint>
#include <memory>

namespace grpc {
class Service;
}  // namespace grpc

namespace tql::frontend {

enum class ReflectionVersion : std::uint8_t { kV1, kV1Alpha };

/// One of the two services. An open stream takes no thread, and holds one request or answer.
std::unique_ptr<grpc::Service> MakeReflectionService(ReflectionVersion version);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_SERVICE_H_
