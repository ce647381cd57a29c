#include "tests/integration/transports.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <utility>

namespace tql::testing {
namespace {

[[noreturn]] void Die(const Status& status) {
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::abort();
}

std::string Masked(const std::string& text) {
  static const std::regex kGuid(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  return std::regex_replace(text, kGuid, "GUID");
}

struct Line {
  std::string operator()(const RowView& row) const {
    std::string line = "row";
    for (const std::string_view cell : row) line.append(" |").append(cell);
    return line;
  }
  std::string operator()(const Header& header) const {
    std::string line = "header";
    for (const Column& column : header.columns) {
      line.append(" |").append(column.name).append(":").append(ColumnTypeName(column.type));
    }
    return line;
  }
  std::string operator()(const ContextChange& change) const {
    return "context " + change.database.value_or("(none)") + ' ' +
           change.schema.value_or("(none)") + ' ' +
           std::to_string(change.server_schema_version.value_or(-2));
  }
  std::string operator()(const Message& message) const {
    return "message " + std::to_string(static_cast<int>(message.severity)) + ' ' + message.text;
  }
  std::string operator()(const Progress& progress) const {
    return "progress " + progress.id + ' ' + progress.label + ' ' +
           std::to_string(progress.percentage) + ' ' + progress.details;
  }
  std::string operator()(const Question& question) const {
    std::string line = "question " + question.id + ' ' + question.banner + ' ' + question.prompt;
    for (const std::string& option : question.options) line += " [" + option + ']';
    return line;
  }
  std::string operator()(const StatementBegin& begin) const {
    return "statement " + begin.statement;
  }
  std::string operator()(const StatementEnd& /*end*/) const { return "end of statement"; }
  std::string operator()(const StreamEnd& /*end*/) const { return "end"; }
};

}  // namespace

std::vector<Way> AllWays() {
  return {Way::kHttp, Way::kHttps, Way::kGrpc, Way::kGrpcTls, Way::kInProcess};
}

std::string WayName(Way way) {
  switch (way) {
    case Way::kHttp:
      return "Http";
    case Way::kHttps:
      return "Https";
    case Way::kGrpc:
      return "Grpc";
    case Way::kGrpcTls:
      return "GrpcTls";
    case Way::kInProcess:
      return "InProcess";
  }
  return "";
}

Service::Service(Way way, mock::Config config) : way_(way) {
  config.password_hash_rounds = 1000;
  config.http = way == Way::kHttp ? "127.0.0.1:0" : "off";
  config.https = way == Way::kHttps ? "127.0.0.1:0" : "off";
  config.grpc = way == Way::kGrpc || way == Way::kGrpcTls ? "127.0.0.1:0" : "off";
  config.grpc_plaintext = way == Way::kGrpc;
  auto server = mock::Server::Create(std::move(config));
  if (!server.ok()) Die(server.status());
  server_ = *std::move(server);
  if (server_->certificate_pem().empty()) return;
  ca_file_ = "/tmp/tql-ca-XXXXXX";
  const int fd = mkstemp(ca_file_.data());
  if (fd < 0) Die(InternalError("no temporary file"));
  close(fd);
  std::ofstream(ca_file_) << server_->certificate_pem();
}

Service::~Service() {
  if (!ca_file_.empty()) std::remove(ca_file_.c_str());
}

std::string Service::Address() const {
  switch (way_) {
    case Way::kHttp:
      return server_->http_url();
    case Way::kHttps:
      return server_->https_url();
    case Way::kGrpc:
      return "http://" + server_->grpc_address() + "?transport=grpc";
    case Way::kGrpcTls:
      return "tql://" + server_->grpc_address() + "?transport=grpc";
    case Way::kInProcess:
      break;
  }
  return "";
}

std::shared_ptr<Transport> Service::NewTransport(Options options) {
  if (way_ == Way::kInProcess) return server_->InProcess();
  options.tls.ca_file = ca_file_;
  const auto url = Url::Parse(Address());
  if (!url.ok()) Die(url.status());
  auto transport = MakeTransport(*url, options);
  if (!transport.ok()) Die(transport.status());
  return *std::move(transport);
}

Client Service::Login(const Options& options) {
  Client client = Connect(options);
  const Status status =
      client.Login(std::string(mock::kDefaultUser), std::string(mock::kDefaultPassword));
  if (!status.ok()) Die(status);
  return client;
}

std::vector<std::string> Record(StatusOr<std::unique_ptr<ResultStream>> stream) {
  std::vector<std::string> lines;
  if (!stream.ok()) {
    return {"refused " + std::string(StatusCodeName(stream.status().code()))};
  }
  for (;;) {
    const StatusOr<ResultEvent> event = (*stream)->Next();
    if (!event.ok()) {
      lines.push_back("error " + std::string(StatusCodeName(event.status().code())));
      return lines;
    }
    lines.push_back(Masked(std::visit(Line(), *event)));
    if (std::holds_alternative<StreamEnd>(*event)) return lines;
  }
}

OpenServer::OpenServer(mock::Config config) {
  config.password_hash_rounds = 1000;
  config.https = "off";
  config.grpc = "127.0.0.1:0";
  config.grpc_plaintext = true;
  auto server = mock::Server::Create(std::move(config));
  if (!server.ok()) Die(server.status());
  server_ = *std::move(server);
}

std::vector<Client> OpenServer::Clients(const std::string& space) {
  Options options;
  options.database = "d";
  std::vector<Client> clients;
  for (const std::string& url :
       {server_->http_url(), "http://" + server_->grpc_address() + "?transport=grpc"}) {
    const auto parsed = Url::Parse(url);
    if (!parsed.ok()) Die(parsed.status());
    auto transport = MakeTransport(*parsed, options);
    if (!transport.ok()) Die(transport.status());
    clients.emplace_back(*std::move(transport), options);
  }
  clients.emplace_back(server_->InProcess(), options);
  for (Client& client : clients) {
    const Status status = client.Login("tsadmin+" + space, "admin");
    if (!status.ok()) Die(status);
  }
  return clients;
}

}  // namespace tql::testing
