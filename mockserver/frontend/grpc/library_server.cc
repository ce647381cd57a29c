#include "mockserver/frontend/grpc/library_server.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/crypto.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <utility>

#include "proto/base/mutex.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.grpc.pb.h"

namespace tql::frontend {
namespace {

using Connections = grpc::experimental::ExternalConnectionAcceptor;

constexpr int kIdleConnectionMs = 300'000;
constexpr int kHandshakeMs = 10'000;
/// Pings detect clients that vanished without closing the connection.
constexpr int kKeepaliveMs = 60'000;
/// The time for the answer to a ping, and for the client's kernel to take what was sent.
constexpr int kKeepaliveTimeoutMs = 20'000;
/// Clients may ping this often, with and without calls. gRPC's default, five minutes, would close
/// the connection of a client with a shorter keepalive while its statement sends nothing.
constexpr int kShortestPingIntervalMs = 100;
constexpr int kMostStreamsOfAConnection = 4096;

/// Keeps gRPC's own threads until the process ends. Otherwise gRPC would stop them with its last
/// user, which takes up to ten seconds after a write that had to wait.
void KeepGrpcUp() { [[maybe_unused]] static const bool kept = (grpc_init(), true); }

/// gRPC enables health checking per process only: it is enabled here during one build.
std::unique_ptr<grpc::Server> BuildWithHealthChecking(grpc::ServerBuilder& builder) {
  static base::Mutex mutex;
  const base::MutexLock lock(mutex);
  const bool before = grpc::DefaultHealthCheckServiceEnabled();
  grpc::EnableDefaultHealthCheckService(true);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  grpc::EnableDefaultHealthCheckService(before);
  return server;
}

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const net::TlsContext* tls) {
  if (tls == nullptr) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back({tls->private_key_pem(), tls->certificate_chain_pem()});
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::SslServerCredentials(options);
  std::string& key = options.pem_key_cert_pairs.front().private_key;
  OPENSSL_cleanse(key.data(), key.size());
  return credentials;
}

}  // namespace

std::unique_ptr<LibraryServer> LibraryServer::Start(const net::TlsContext* tls,
                                                    std::size_t max_request_bytes,
                                                    std::span<grpc::Service* const> services) {
  KeepGrpcUp();
  grpc::ServerBuilder builder;
  std::unique_ptr<Connections> connections = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, CredentialsOf(tls));
  builder.SetMaxReceiveMessageSize(static_cast<int>(max_request_bytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleConnectionMs);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreamsOfAConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kShortestPingIntervalMs);
  for (grpc::Service* const service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = BuildWithHealthChecking(builder);
  if (!server) return nullptr;
  if (auto* const health = server->GetHealthCheckService()) {
    health->SetServingStatus(pb::TqlService::service_full_name(), true);
  }
  return std::unique_ptr<LibraryServer>(
      new LibraryServer(std::move(server), std::move(connections)));
}

LibraryServer::LibraryServer(std::unique_ptr<grpc::Server> server,
                             std::unique_ptr<Connections> connections)
    : server_(std::move(server)), connections_(std::move(connections)) {}

LibraryServer::~LibraryServer() {
  // Without a deadline gRPC would also wait for idle connections.
  server_->Shutdown(std::chrono::system_clock::now());
}

void LibraryServer::Take(int fd) {
  // gRPC sets it for the connections that it accepts itself.
  const int timeout = kKeepaliveTimeoutMs;
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout));
  Connections::NewConnectionParameters connection;
  connection.fd = fd;
  connections_->HandleNewConnection(&connection);
}

}  // namespace tql::frontend
