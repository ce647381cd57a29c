#include "mockserver/frontend/http/http_server.h"

#include <utility>

#include "mockserver/frontend/http/httplib_server.h"

namespace tql::frontend {

HttpServer::HttpServer(Options options, const Router& router)
    : options_(std::move(options)),
      processor_(MakeHttplibProcessor(
          std::chrono::duration_cast<std::chrono::seconds>(options_.connection.idle))),
      memory_(options_.max_buffered_bytes),
      poller_({.max_threads = options_.max_threads, .max_connections = options_.max_connections},
              [this, &router](std::unique_ptr<net::Socket> socket, std::size_t port) {
                return std::make_unique<HttpSession>(
                    std::move(socket),
                    HttpSession::Shared{options_.connection, router, *processor_, poller_.workers(),
                                        memory_, gate_ ? &*gate_ : nullptr, port,
                                        options_.on_unrouted});
              }) {
  if (options_.gate) gate_.emplace(*options_.gate);
}

void HttpServer::Listen(net::Listener listener, const net::TlsContext* tls) {
  if (gate_) gate_->AddPort(listener.endpoint(), tls != nullptr);
  poller_.Listen(std::move(listener), tls);
}

}  // namespace tql::frontend
