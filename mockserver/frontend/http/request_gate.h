// Which pages of browsers may talk to the server.
//
// A browser sends requests of any page to any server that it can reach, also to one that listens on
// this machine alone; a page whose name was made to resolve to 127.0.0.1 (DNS rebinding) may even
// read the answers. So a port on loopback answers only to names of its own, and only to pages of
// its own or of an origin that was allowed (CORS).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/frontend/http/http_message.h"
#include "mockserver/net/listener.h"

namespace tql::frontend {

/// Thread safety: may be shared once all ports were added.
class RequestGate {
 public:
  struct Options {
    std::vector<std::string> cors_origins;   // as browsers send them: "https://app.example.com"
    std::vector<std::string> allowed_hosts;  // names of loopback ports, beside their own
  };
  explicit RequestGate(Options options);

  /// The next port, whose number is the count of those before.
  void AddPort(const net::Endpoint& endpoint, bool tls);

  /// The answer to a request that no route is asked about: 403, or that to a preflight of CORS.
  std::optional<HttpResponse> Answer(const HttpRequest& request, std::size_t port) const;
  /// What a page of an allowed origin needs to read the response and to keep its cookie.
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

/// Whether the text is an origin as browsers send it: a scheme, a host, and a port that is not the
/// scheme's own; no path, capitals or final slash.
bool IsOrigin(std::string_view text);

/// Whether the text is the name of a host, or an address, without a port.
bool IsHostName(std::string_view text);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_GATE_H_
