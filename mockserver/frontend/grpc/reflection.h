// What server reflection answers, without the gRPC library.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_

#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::frontend {

/// The serialised ServerReflectionResponse to a serialised ServerReflectionRequest of v1 or
/// v1alpha, whose messages are equal. It describes the services of ServiceDescriptors() under their
/// public names; a file comes with all that it imports. INVALID_ARGUMENT for bytes that are not a
/// request.
///
/// Thread safety: any thread.
StatusOr<std::string> AnswerReflection(const std::string& request);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_REFLECTION_H_
