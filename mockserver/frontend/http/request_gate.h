// Restricts the web pages that may use the server.
//
// A browser sends requests of any page to any server that it can reach, including one that only
// listens on a loopback address. A page whose name resolves to 127.0.0.1 (DNS rebinding) can even
// read the responses. Therefore a port on a loopback address only accepts its own host names, and
// only requests of its own pages or of permitted origins (CORS).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/frontend/http/http_message.h"
#include "mockserver/net/listener.h"

namespace tql::frontend {

/// Thread safety: may be used by several threads after all ports were added.
class RequestGate {
 public:
  struct Options {
    std::vector<std::string> cors_origins;   // in the form of browsers: "https://app.example.com"
    std::vector<std::string> allowed_hosts;  // additional host names of loopback ports
  };
  explicit RequestGate(Options options);

  /// Adds a port. Ports are numbered from 0 in the order of the calls.
  void AddPort(const net::Endpoint& endpoint, bool tls);

  /// Returns the response to a request that must not reach a route: 403, or the response to a CORS
  /// preflight. nullopt if the request is accepted.
  std::optional<HttpResponse> Answer(const HttpRequest& request, std::size_t port) const;
  /// Adds the header fields with which a page of a permitted origin can read the response and keep
  /// its cookie.
  void AddCorsHeaders(const HttpRequest& request, std::size_t port, HttpResponse& response) const;

 private:
  struct Port {
    net::Endpoint endpoint;
    bool loopback;
    bool tls;
  };
  bool IsOwnHost(std::string_view host, const Port& port) const;
  bool IsAllowed(std::string_view origin) const;
  static HttpResponse Preflight(const HttpRequest& request);

  const Options options_;
  std::vector<Port> ports_;
};

/// Whether the text is an origin in the form of browsers: a scheme, a host, and a port that is not
/// the default; without a path, upper-case letters or a final slash.
bool IsOrigin(std::string_view text);

/// Whether the text is a host name or an address, without a port.
bool IsHostName(std::string_view text);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_
