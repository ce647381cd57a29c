#include "tools/tqlconform/client/played_server.h"

#include <chrono>
#include <utility>

#include "proto/base/status_macros.h"
#include "tql/mock/server.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;
namespace mock = tql::mock;

constexpr std::size_t kHashRounds = 1000;

bool HasTls(const confpb::Client& client, confpb::Transport transport) {
  return transport == confpb::HTTPS ||
         (transport == confpb::GRPC && client.certificate() != confpb::Client::AS_USUAL);
}

}  // namespace

StatusOr<std::unique_ptr<PlayedServer>> PlayedServer::Start(const confpb::Client& client,
                                                            confpb::Transport transport) {
  std::unique_ptr<PlayedServer> played(new PlayedServer);
  const bool tls = HasTls(client, transport);
  mock::Config config{.https = "off", .http = "off", .password_hash_rounds = kHashRounds};
  (transport == confpb::GRPC    ? config.grpc
   : transport == confpb::HTTPS ? config.https
                                : config.http) = "127.0.0.1:0";
  config.grpc_plaintext = !tls;
  if (tls) {
    TQL_ASSIGN_OR_RETURN(Certificate certificate, Certificate::Make(client.certificate()));
    played->certificate_.emplace(std::move(certificate));
    config.tls_cert_file = played->certificate_->certificate_file();
    config.tls_key_file = played->certificate_->key_file();
  }
  played->scheme_ = transport == confpb::GRPC ? (tls ? "grpcs" : "grpc") : tls ? "https" : "http";
  played->plays_instead_ = !client.wire().instead().empty();
  played->password_ =
      client.password().empty() ? std::string(mock::kDefaultPassword) : client.password();
  config.users = {{.name = std::string(mock::kDefaultUser), .password = played->password_}};
  for (const std::string& statement : client.setup()) {
    if (config.init_scripts.empty()) config.init_scripts.emplace_back();
    config.init_scripts.front() += statement + "\n";
  }
  TQL_ASSIGN_OR_RETURN(played->server_, mock::Server::Create(std::move(config)));
  if (client.has_plan()) {
    TQL_RETURN_IF_ERROR(played->server_->Main().SetPlan(tql::ToJson(client.plan())));
  }
  const int port = transport == confpb::GRPC    ? played->server_->grpc_port()
                   : transport == confpb::HTTPS ? played->server_->https_port()
                                                : played->server_->http_port();
  TQL_ASSIGN_OR_RETURN(played->relay_,
                       Relay::Start(port, played->scheme_ == "http", client.wire()));
  return played;
}

PlayedServer::~PlayedServer() {
  relay_.reset();
  if (server_) server_->Stop(std::chrono::milliseconds(0));
}

Place PlayedServer::place() const {
  return {.scheme = scheme_,
          .port = relay_->port(),
          .ca_file = certificate_ ? certificate_->ca_file() : std::string(),
          .user = std::string(mock::kDefaultUser),
          .password = password_};
}

bool PlayedServer::was_called() const { return relay_->connections() > 0; }

std::optional<std::vector<RelayedCall>> PlayedServer::calls() const {
  if (scheme_ != "http" && !plays_instead_) return std::nullopt;
  return relay_->calls();
}

Status PlayedServer::Verify(const tqlkit::mock::v1::VerifyRequest& request) const {
  return server_->Main().Verify(tql::ToJson(request));
}

std::string PlayedServer::Journal() const {
  const StatusOr<std::string> journal = server_->Main().Journal();
  return journal.ok() ? *journal : journal.status().message();
}

}  // namespace tqlconform
