// Tunnels through an HTTP proxy, for TLS connections.
#ifndef TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_
#define TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_

#include <string>

#include "client/src/proxy.h"
#include "client/src/request_state.h"
#include "tql/status.h"

namespace tql {

/// Sends CONNECT for `authority`, "host:port", to the proxy at the other end of `fd`, a connected
/// non-blocking socket. On success, all further bytes are exchanged with the service. UNAVAILABLE
/// if the proxy cannot reach the service or closes the connection; FAILED_PRECONDITION if it
/// refuses or does not speak HTTP; the failure of the RequestState if its limits end the wait.
Status OpenTunnel(int fd, const Proxy& proxy, const std::string& authority, RequestState& state);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_
