// The answers of server reflection, independent of the gRPC library.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_

#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::frontend {

/// Returns the serialised ServerReflectionResponse to a serialised ServerReflectionRequest of v1 or
/// v1alpha, whose messages are equal. It describes the services of ServiceDescriptors() under their
/// public names. A file is returned with all its imports. INVALID_ARGUMENT for invalid bytes.
///
/// Thread safety: any thread.
StatusOr<std::string> AnswerReflection(const std::string& request);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_
