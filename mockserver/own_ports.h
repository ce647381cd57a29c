// The ports of a namespace: listeners of the HTTP server and a gRPC server, on free ports.
#ifndef TQLKIT_MOCKSERVER_OWN_PORTS_H_
#define TQLKIT_MOCKSERVER_OWN_PORTS_H_

#include <memory>
#include <optional>
#include <string>

#include "mockserver/frontend/grpc/grpc_ports.h"
#include "mockserver/frontend/http/http_server.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/space/namespaces.h"
#include "tql/status.h"

namespace tql::mock {

/// Where the server itself listens; nullopt: off.
struct ServedEndpoints {
  std::optional<net::Endpoint> https;
  std::optional<net::Endpoint> http;
  std::optional<net::Endpoint> grpc;
};

/// Opens a free port on the host of each endpoint. The ports close with the returned object, or
/// with the servers. `tls` is for https, and outlives the HTTP server. Errors: those of
/// testdouble::OpenPorts.
StatusOr<std::shared_ptr<const space::OwnPorts>> OpenOwnPorts(
    const std::shared_ptr<frontend::HttpServer>& http,
    const std::shared_ptr<frontend::GrpcPorts>& grpc, const ServedEndpoints& endpoints,
    const net::TlsContext* tls, const std::string& space);

}  // namespace tql::mock

#endif  // TQLKIT_MOCKSERVER_OWN_PORTS_H_
