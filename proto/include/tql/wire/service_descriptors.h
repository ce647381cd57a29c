// The descriptors of the services of the gRPC port, for server reflection.
#ifndef TQL_WIRE_SERVICE_DESCRIPTORS_H_
#define TQL_WIRE_SERVICE_DESCRIPTORS_H_

#include <string_view>

namespace tql {

/// Returns a serialised google.protobuf.FileDescriptorSet with TqlService, grpc.health.v1.Health
/// and grpc.reflection's ServerReflection in its versions v1 and v1alpha. Each file follows the
/// files that it imports. The data is static.
std::string_view ServiceDescriptors();

}  // namespace tql

#endif  // TQL_WIRE_SERVICE_DESCRIPTORS_H_
