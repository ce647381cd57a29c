// The HTTP/1.1 server: connections from net/, request processing by cpp-httplib, handlers of a
// Router.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mockserver/frontend/http/http_session.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/poller.h"
#include "mockserver/net/tls.h"

namespace tql::frontend {

/// Thread safety: Open, Close and Stop may be called from any thread.
class HttpServer {
 public:
  struct Options {
    std::size_t max_threads = 256;
    std::size_t max_connections = 16'384;
    /// Maximum memory of all requests in progress. A request that would exceed it waits briefly and
    /// then fails with 503.
    std::size_t max_buffered_bytes = std::size_t{256} << 20;
    /// The web pages and host names that are accepted; nullopt: all.
    std::optional<RequestGate::Options> gate = std::nullopt;
    ConnectionLimits connection;
    /// Called by worker threads; may be empty.
    OnUnrouted on_unrouted = {};
  };
  /// `router` must have all its routes before Start, and must outlive the server.
  HttpServer(Options options, const Router& router);

  /// Adds a listener; to be called before Start. `tls` may be null; it must outlive the server.
  Status Listen(net::Listener listener, const net::TlsContext* tls) {
    return Listen(std::move(listener), tls, router_);
  }
  /// The same with the routes of another router, which is subject to the same rules.
  Status Listen(net::Listener listener, const net::TlsContext* tls, const Router& router);
  using PortId = net::Poller::PortId;
  /// Adds a listener whose clients log in to the namespace `space`, unless they name another. A
  /// listener on the same host, with TLS as this one, was added by Listen. UNAVAILABLE after Stop.
  StatusOr<PortId> Open(net::Listener listener, const net::TlsContext* tls, std::string space);
  /// Closes a listener, but not the connections that it accepted.
  void Close(PortId port) { poller_.Close(port); }
  Status Start() { return poller_.Start(); }
  /// Stops accepting, closes idle connections, gives requests in progress up to `grace` to finish,
  /// then closes their connections and waits for their handlers. May be called more than once.
  void Stop(std::chrono::milliseconds grace) { poller_.Stop(grace); }

 private:
  /// Makes sessions of a port; `number` is that of the port in the gate.
  net::Poller::MakeSession SessionsOf(std::size_t number, std::string space, const Router& router);

  const Options options_;
  const Router& router_;
  const std::unique_ptr<RequestProcessor> processor_;
  net::MemoryBudget memory_;
  std::optional<RequestGate> gate_;
  std::size_t ports_ = 0;                           // in the gate
  std::map<bool, std::size_t> port_by_encryption_;  // the first one with TLS, and without
  net::Poller poller_;                              // last, because its sessions use the others
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
