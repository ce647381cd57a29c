// gRPC servers that are opened and closed while others run: the ports of namespaces.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_PORTS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_PORTS_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "mockserver/frontend/grpc/grpc_server.h"
#include "mockserver/net/worker_pool.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::frontend {

/// Thread safety: every method may be called from any thread, also from a call of one of the
/// servers. A thread stops the servers that are closed, because such a call would wait for itself.
class GrpcPorts {
 public:
  /// Starts a server for a namespace. Errors: those of GrpcServer::Start.
  using StartServer =
      std::function<StatusOr<std::unique_ptr<GrpcServer>>(const std::string& space)>;
  explicit GrpcPorts(StartServer start) : start_(std::move(start)) {}
  ~GrpcPorts() { Stop(std::chrono::steady_clock::now()); }
  GrpcPorts(const GrpcPorts&) = delete;
  GrpcPorts& operator=(const GrpcPorts&) = delete;

  /// Returns the endpoint of the new server. UNAVAILABLE after Stop.
  StatusOr<net::Endpoint> Open(const std::string& space);
  /// Closes the server with this port. Calls in progress have a second to finish.
  void Close(int port);
  /// Stops all servers as GrpcServer::Stop does. May be called more than once.
  void Stop(std::chrono::steady_clock::time_point deadline);

 private:
  using ServerPtr = std::shared_ptr<GrpcServer>;

  const StartServer start_;
  base::Mutex mutex_;
  bool stopped_ TQL_GUARDED_BY(mutex_) = false;
  std::map<int, ServerPtr> open_ TQL_GUARDED_BY(mutex_);  // by their ports
  net::WorkerPool closer_{1};
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_PORTS_H_
