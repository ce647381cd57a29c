// The peer of point queries: a bare cpp-httplib server that does nothing but answer.
#ifndef TOOLS_TQLBENCH_ECHO_PEER_H_
#define TOOLS_TQLBENCH_ECHO_PEER_H_

#include <cstddef>

namespace tqlbench {

/// Answers every POST with `body_bytes` bytes, for ever. Prints its port as a line on standard
/// output once it can answer. Configured as well as the library allows: TCP_NODELAY, keep-alive
/// without limit, a thread for each of 72 connections. Returns an exit status.
int RunEchoPeer(std::size_t body_bytes);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_ECHO_PEER_H_
