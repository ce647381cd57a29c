#include "mockserver/own_ports.h"

#include <utility>
#include <vector>

#include "proto/base/status_macros.h"

namespace tql::mock {
namespace {

using frontend::GrpcPorts;
using frontend::HttpServer;

class ServerPorts : public space::OwnPorts {
 public:
  ServerPorts(std::weak_ptr<HttpServer> server, std::weak_ptr<GrpcPorts> grpc_ports)
      : server_(std::move(server)), grpc_ports_(std::move(grpc_ports)) {}
  ServerPorts(const ServerPorts&) = delete;
  ServerPorts& operator=(const ServerPorts&) = delete;
  // A namespace may be destroyed after the server.
  ~ServerPorts() override {
    const std::shared_ptr<HttpServer> server = server_.lock();
    for (const HttpServer::PortId id : ids_) {
      if (server) server->Close(id);
    }
    const std::shared_ptr<GrpcPorts> grpc_ports = grpc_ports_.lock();
    if (grpc_ports && grpc_port_ != 0) grpc_ports->Close(grpc_port_);
  }

  /// Sets `url` to the URL of the new port.
  Status Open(HttpServer& server, const net::Endpoint& like, const net::TlsContext* tls,
              const std::string& space, std::string& url) {
    TQL_ASSIGN_OR_RETURN(net::Listener listener, net::Listener::Open({like.host, 0}));
    const std::string address = EndpointText(listener.endpoint());
    TQL_ASSIGN_OR_RETURN(const HttpServer::PortId id, server.Open(std::move(listener), tls, space));
    ids_.push_back(id);
    url = (tls != nullptr ? "https://" : "http://") + address;
    return Status();
  }

  Status OpenGrpc(GrpcPorts& ports, const std::string& space) {
    TQL_ASSIGN_OR_RETURN(const net::Endpoint endpoint, ports.Open(space));
    grpc_port_ = endpoint.port;
    grpc = EndpointText(endpoint);
    return Status();
  }

 private:
  const std::weak_ptr<HttpServer> server_;
  const std::weak_ptr<GrpcPorts> grpc_ports_;
  int grpc_port_ = 0;
  std::vector<HttpServer::PortId> ids_;
};

}  // namespace

StatusOr<std::shared_ptr<const space::OwnPorts>> OpenOwnPorts(
    const std::shared_ptr<HttpServer>& http, const std::shared_ptr<GrpcPorts>& grpc,
    const ServedEndpoints& endpoints, const net::TlsContext* tls, const std::string& space) {
  if (!endpoints.https && !endpoints.http && !endpoints.grpc) {
    return FailedPreconditionError("own_ports: the server has no port for HTTP, HTTPS or gRPC");
  }
  auto ports = std::make_shared<ServerPorts>(http, grpc);
  if (endpoints.https) {
    TQL_RETURN_IF_ERROR(ports->Open(*http, *endpoints.https, tls, space, ports->https));
  }
  if (endpoints.http) {
    TQL_RETURN_IF_ERROR(ports->Open(*http, *endpoints.http, nullptr, space, ports->http));
  }
  if (endpoints.grpc) TQL_RETURN_IF_ERROR(ports->OpenGrpc(*grpc, space));
  return std::shared_ptr<const space::OwnPorts>(std::move(ports));
}

}  // namespace tql::mock
