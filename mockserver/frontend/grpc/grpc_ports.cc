#include "mockserver/frontend/grpc/grpc_ports.h"

#include <exception>
#include <utility>

namespace tql::frontend {
namespace {

/// The time that calls of a closed server have to finish.
constexpr std::chrono::seconds kGrace{1};

}  // namespace

StatusOr<net::Endpoint> GrpcPorts::Open(const std::string& space) {
  StatusOr<std::unique_ptr<GrpcServer>> started = start_(space);
  if (!started.ok()) return started.status();
  const ServerPtr server = *std::move(started);
  const base::MutexLock lock(mutex_);
  if (stopped_) return UnavailableError("the server has stopped");
  open_.emplace(server->endpoint().port, server);
  return server->endpoint();
}

void GrpcPorts::Close(int port) {
  const base::MutexLock lock(mutex_);
  const auto found = open_.find(port);
  if (found == open_.end()) return;
  try {
    closer_.Submit(
        [server = found->second] { server->Stop(std::chrono::steady_clock::now() + kGrace); });
    open_.erase(found);
  } catch (const std::exception&) {  // no memory or no thread: it is closed by Stop
  }
}

void GrpcPorts::Stop(std::chrono::steady_clock::time_point deadline) {
  std::map<int, ServerPtr> servers;
  {
    const base::MutexLock lock(mutex_);
    stopped_ = true;
    servers.swap(open_);
  }
  for (const auto& [port, server] : servers) server->Stop(deadline);
}

}  // namespace tql::frontend
