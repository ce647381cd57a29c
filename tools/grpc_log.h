// What gRPC may say to a person.
#ifndef TQLKIT_TOOLS_GRPC_LOG_H_
#define TQLKIT_TOOLS_GRPC_LOG_H_

#include <cstdlib>

namespace tql::tools {

/// Keeps gRPC from writing to standard error on its own, e.g. of each handshake that fails. To be
/// called before any thread starts; GRPC_VERBOSITY in the environment says otherwise.
inline void SilenceGrpc() { setenv("GRPC_VERBOSITY", "NONE", 0); }

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_GRPC_LOG_H_
