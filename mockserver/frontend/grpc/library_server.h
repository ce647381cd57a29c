// gRPC's own server, with the limits of ours.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_LIBRARY_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_LIBRARY_SERVER_H_

#include <cstddef>
#include <memory>
#include <span>

#include "mockserver/net/tls.h"

namespace grpc {
class Server;
class Service;
namespace experimental {
class ExternalConnectionAcceptor;
}  // namespace experimental
}  // namespace grpc

namespace tql::frontend {

/// Serves connections that were accepted elsewhere. Thread safety: one thread.
class LibraryServer {
 public:
  /// Returns null if gRPC cannot start; it has logged why. The services must outlive the server.
  /// Without TLS, `tls` is null.
  static std::unique_ptr<LibraryServer> Start(const net::TlsContext* tls,
                                              std::size_t max_request_bytes,
                                              std::span<grpc::Service* const> services);
  /// Cancels all calls, closes all connections and waits for their end.
  ~LibraryServer();
  LibraryServer(const LibraryServer&) = delete;
  LibraryServer& operator=(const LibraryServer&) = delete;

  /// Takes ownership of a connection, a non-blocking socket.
  void Take(int fd);

 private:
  LibraryServer(std::unique_ptr<grpc::Server> server,
                std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections);

  const std::unique_ptr<grpc::Server> server_;
  const std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_LIBRARY_SERVER_H_
