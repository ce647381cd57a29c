// The peer of point queries: a minimal cpp-httplib server that sends a fixed response.
#ifndef TOOLS_TQLBENCH_ECHO_PEER_H_
#define TOOLS_TQLBENCH_ECHO_PEER_H_

#include <cstddef>

namespace tqlbench {

/// Answers every POST with `body_bytes` bytes until it is killed. Prints its port as a line on
/// standard output when ready. Configured for the best performance of the library: TCP_NODELAY,
/// keep-alive without limit, one thread for each of 72 connections. Returns an exit status.
int RunEchoPeer(std::size_t body_bytes);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_ECHO_PEER_H_
