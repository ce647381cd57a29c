#include "mockserver/frontend/http/http_server.h"

#include <utility>

#include "mockserver/frontend/http/httplib_server.h"

namespace tql::frontend {

HttpServer::HttpServer(Options options, const Router& router)
    : options_(std::move(options)),
      router_(router),
      processor_(MakeHttplibProcessor(
          std::chrono::duration_cast<std::chrono::seconds>(options_.connection.idle))),
      memory_(options_.max_buffered_bytes),
      poller_({.max_threads = options_.max_threads, .max_connections = options_.max_connections}) {
  if (options_.gate) gate_.emplace(*options_.gate);
}

net::Poller::MakeSession HttpServer::SessionsOf(std::size_t number, std::string space,
                                                const Router& router) {
  return [this, number, &router, space = std::make_shared<const std::string>(std::move(space))](
             std::unique_ptr<net::Socket> socket) {
    return std::make_unique<HttpSession>(
        std::move(socket),
        HttpSession::Shared{options_.connection, router, *processor_, poller_.workers(), memory_,
                            gate_ ? &*gate_ : nullptr, number, space, options_.on_unrouted});
  };
}

Status HttpServer::Listen(net::Listener listener, const net::TlsContext* tls,
                          const Router& router) {
  if (gate_) gate_->AddPort(listener.endpoint(), tls != nullptr);
  const std::size_t number = ports_++;
  port_by_encryption_.emplace(tls != nullptr, number);
  return poller_.Listen(std::move(listener), tls, SessionsOf(number, {}, router)).status();
}

StatusOr<HttpServer::PortId> HttpServer::Open(net::Listener listener, const net::TlsContext* tls,
                                              std::string space) {
  const std::size_t number = port_by_encryption_.at(tls != nullptr);
  return poller_.Listen(std::move(listener), tls, SessionsOf(number, std::move(space), router_));
}

}  // namespace tql::frontend
