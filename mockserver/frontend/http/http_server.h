// The HTTP/1.1 server: connections from net/, answers made by cpp-httplib, handlers from a Router.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "mockserver/frontend/http/http_session.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/poller.h"
#include "mockserver/net/tls.h"

namespace tql::frontend {

class HttpServer {
 public:
  struct Options {
    std::size_t max_threads = 256;
    std::size_t max_connections = 16'384;
    /// What all requests under way may hold; one more waits a little, then gets 503.
    std::size_t max_buffered_bytes = std::size_t{256} << 20;
    /// Which pages of browsers may ask, and by which names; nothing: all.
    std::optional<RequestGate::Options> gate = std::nullopt;
    ConnectionLimits connection;
    /// Called on a worker thread; may be empty.
    OnUnrouted on_unrouted = {};
  };
  /// `router` has all its routes when the server starts, and outlives it.
  HttpServer(Options options, const Router& router);

  /// Adds a socket to accept from, before Start. `tls` may be null and outlives the server.
  void Listen(net::Listener listener, const net::TlsContext* tls);
  Status Start() { return poller_.Start(); }
  /// Accepts nothing more, closes what idles, gives requests in flight `grace` to finish, then cuts
  /// their connections and waits for their handlers. May be called more than once.
  void Stop(std::chrono::milliseconds grace) { poller_.Stop(grace); }

 private:
  const Options options_;
  const std::unique_ptr<RequestProcessor> processor_;
  net::MemoryBudget memory_;
  std::optional<RequestGate> gate_;
  net::Poller poller_;  // last: its sessions use the others
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SERVER_H_
