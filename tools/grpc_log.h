// The log of the gRPC library.
#ifndef TQLKIT_TOOLS_GRPC_LOG_H_
#define TQLKIT_TOOLS_GRPC_LOG_H_

#include <cstdlib>

namespace tql::tools {

/// Prevents gRPC from writing to standard error itself, e.g. for each failed handshake. Must be
/// called before any thread starts. A GRPC_VERBOSITY in the environment takes precedence.
inline void SilenceGrpc() { setenv("GRPC_VERBOSITY", "NONE", 0); }

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_GRPC_LOG_H_
