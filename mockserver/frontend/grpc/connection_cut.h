// Ends TCP connections that gRPC keeps to itself.
//
// gRPC 1.51 ends a cancelled call, and closes a connection, only after it has written its buffer.
// If the client does not read its socket, e.g. because it was suspended, TCP gives up after 20
// seconds. A server that stops does not wait that long.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONNECTION_CUT_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONNECTION_CUT_H_

#include <cstdint>
#include <string_view>

#include "mockserver/net/listener.h"

namespace tql::frontend {

enum class Cut : std::uint8_t {
  kAll,
  kUnread,  // those with bytes that the client has not accepted
};

/// Shuts down the connections of this process to the endpoint (for a name or a wildcard, only the
/// port is compared). Bytes in the socket's buffer are still sent. Finds them in /proc/self/fd;
/// does nothing without it. Thread safety: any thread.
void CutConnections(const net::Endpoint& endpoint, Cut which);

/// Shuts down the connection of this process to a peer, in the form of grpc::ServerContext::peer():
/// "ipv4:127.0.0.1:4711", "ipv6:%5B::1%5D:4711".
void CutConnection(std::string_view peer);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONNECTION_CUT_H_
