// The way through an HTTP proxy for what is no HTTP to it.
#ifndef TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_
#define TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_

#include <string>

#include "client/src/exchange.h"
#include "client/src/proxy.h"
#include "tql/status.h"

namespace tql {

/// Asks the proxy behind `fd`, a connected socket that does not block, to CONNECT to `authority`,
/// "host:port"; the bytes behind its answer are the service's. UNAVAILABLE when the proxy cannot
/// reach the service or ends the connection, FAILED_PRECONDITION when it refuses or does not speak
/// HTTP, the exchange's failure at its end.
Status OpenTunnel(int fd, const Proxy& proxy, const std::string& authority, Exchange& exchange);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_PROXY_TUNNEL_H_
