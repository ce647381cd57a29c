#include "tools/tqlconform/selftest/test_server.h"

#include <utility>

#include "proto/base/status_macros.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr char kReader[] = "reader";
constexpr char kReaderPassword[] = "reads";

}  // namespace

RunnerOptions TestServer::Accounts() {
  RunnerOptions options;
  options.account = {std::string(tql::mock::kDefaultUser),
                     std::string(tql::mock::kDefaultPassword)};
  options.unprivileged = {kReader, kReaderPassword};
  options.strict = true;
  return options;
}

StatusOr<std::unique_ptr<TestServer>> TestServer::Start(const Options& options) {
  constexpr std::size_t kFewRounds = 1000;
  const RunnerOptions accounts = Accounts();
  tql::mock::Config config;
  config.users = {{accounts.account.user, accounts.account.password},
                  {accounts.unprivileged.user, accounts.unprivileged.password,
                   /*can_manage_data=*/false}};
  config.password_hash_rounds = kFewRounds;
  config.wire_variants = options.wire_variants;
  config.control = false;
  config.journal_entries = 0;
  if (options.grpc) {
    config.grpc = "127.0.0.1:0";
    config.grpc_plaintext = true;
  }
  std::unique_ptr<TestServer> test(new TestServer);
  TQL_ASSIGN_OR_RETURN(test->server_, tql::mock::Server::Create(std::move(config)));
  TQL_RETURN_IF_ERROR(test->MakeTargets());
  return test;
}

Status TestServer::MakeTargets() {
  Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = static_cast<std::uint16_t>(server_->http_port());
  TQL_ASSIGN_OR_RETURN(proxy_, RewritingProxy::Start(endpoint));
  http_ = MakeHttpTarget(endpoint);
  TQL_ASSIGN_OR_RETURN(proxied_, Target::Parse(proxy_->url(), {}));
  // Its certificate is a new one that nobody knows.
  TQL_ASSIGN_OR_RETURN(https_,
                       Target::Parse(server_->https_url(), {.ca_file = "", .insecure = true}));
  if (server_->grpc_port() != 0) {
    endpoint.port = static_cast<std::uint16_t>(server_->grpc_port());
    grpc_ = MakeGrpcTarget(endpoint);
  }
  return Status();
}

Status TestServer::Break(const tqlkit::mock::v1::Plan& plan, RewriteRules rules) {
  if (plan.rule_size() > 0) TQL_RETURN_IF_ERROR(server_->Main().SetPlan(tql::ToJson(plan)));
  proxy_->SetRules(std::move(rules));
  return Status();
}

void TestServer::Repair() {
  proxy_->SetRules({});
  static_cast<void>(server_->Main().SetPlan("{}"));  // An empty plan is valid.
}

}  // namespace tqlconform
