#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <string>

#include "client/doc/examples/examples.h"
#include "tql/client.h"
#include "tql/mock_control.h"

namespace examples {

using namespace std::chrono_literals;

tql::Status Connect(const std::string& url, const std::string& ca_file) {
  tql::Options options;
  options.user = "tsadmin";
  options.credentials = tql::Credentials::Password("admin");
  options.database = "retail";
  options.tls.ca_file = ca_file;
  options.connect_timeout = 5s;
  options.query_timeout = 2min;
  tql::StatusOr<tql::Client> client = tql::Client::Connect(url, options);
  if (!client) return client.status();
  return client->Execute("select name from store;").status;
}

tql::Status PrintStores() {
  auto client = tql::Client::Connect("tql://tsadmin@127.0.0.1:8443/retail",
                                     {.credentials = tql::Credentials::FromEnvironment()});
  if (!client) return client.status();
  for (auto& row : client->Query("select store_id, city from store;").rows<int, std::string>()) {
    if (!row) return row.status();
    auto& [id, city] = *row;
    std::cout << id << ' ' << city << '\n';
  }
  return tql::Status();
}

tql::StatusOr<tql::Client> ConnectWithUrlAlone() {
  return tql::Client::Connect(
      "tql://tsadmin@falcon1:8443,falcon2:8443/sales?transport=http&connect_timeout=5s",
      {.credentials = tql::Credentials::FromFile("/run/secrets/tql-password")});
}

tql::Status UseInTwoProcesses(tql::Client& client) {
  if (pid_t child = fork(); child == 0) {
    tql::StatusOr<int> stores = client.QueryValue<int>("select count(*) from store;");
    _exit(stores && *stores > 0 ? 0 : 1);
  }
  tql::StatusOr<int> stores = client.QueryValue<int>("select count(*) from store;");
  int child_status = 1;
  wait(&child_status);
  if (child_status != 0) return tql::InternalError("the child failed");
  return stores.status();
}

tql::Status UseContexts(const tql::Client& client) {
  tql::Client mine = client;  // shares connections and session; own context
  tql::Outcome outcome = mine.Execute("use retail;");
  std::cout << mine.context().database << '\n';
  return outcome.status;
}

tql::Status ForkNamespace(const tql::Url& url, const tql::Options& options) {
  auto control = tql::MockControl::Connect(url, options);
  if (!control) return control.status();
  auto made = control->Call("PUT", "/namespaces/t1", "{from: main}");
  if (!made) return made.status();
  std::cout << *made << '\n';
  return {};
}

}  // namespace examples
