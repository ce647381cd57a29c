// Listening sockets.
#ifndef TQLKIT_MOCKSERVER_NET_LISTENER_H_
#define TQLKIT_MOCKSERVER_NET_LISTENER_H_

#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::net {

struct Endpoint {
  std::string host;  // without brackets
  int port = 0;      // 0: any free port
};

/// Parses "HOST:PORT"; an IPv6 address is in brackets, "[::1]:8080".
StatusOr<Endpoint> ParseEndpoint(std::string_view text);

/// Returns "HOST:PORT" as in a URL.
std::string EndpointText(const Endpoint& endpoint);

/// Whether only this machine can reach the endpoint: 127.0.0.0/8, ::1, localhost.
bool IsLoopback(const Endpoint& endpoint);

/// An owned listening socket, non-blocking.
class Listener {
 public:
  /// Binds and listens. endpoint().port is then the port in use. UNAVAILABLE if the port is in use;
  /// INVALID_ARGUMENT if the host is not an address of this machine.
  static StatusOr<Listener> Open(Endpoint endpoint);
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;
  ~Listener();

  int fd() const { return fd_; }
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  Listener(int fd, Endpoint endpoint) : fd_(fd), endpoint_(std::move(endpoint)) {}

  int fd_ = -1;
  Endpoint endpoint_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_LISTENER_H_
