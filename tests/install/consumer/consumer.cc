// Sends the same query to a server within this program in process, over HTTP and over gRPC, and
// prints the responses.
#include <tql/client.h>
#include <tql/mock/server.h>

#include <iostream>
#include <string>
#include <utility>

namespace {

bool Ask(tql::StatusOr<tql::Client> client) {
  if (!client.ok()) {
    std::cerr << client.status() << '\n';
    return false;
  }
  const tql::StatusOr<std::string> city = client->QueryValue<std::string>("select city from s.t;");
  if (!city.ok()) {
    std::cerr << city.status() << '\n';
    return false;
  }
  std::cout << *city << '\n';
  return true;
}

}  // namespace

int main() {
  const auto server = tql::mock::Server::Create(
      {.grpc = "127.0.0.1:0",
       .grpc_plaintext = true,
       .init_scripts = {"create database s; use s; create table t (city varchar(9)); "
                        "insert into t values ('Gent');"}});
  if (!server.ok()) {
    std::cerr << server.status() << '\n';
    return 1;
  }
  const tql::Options options{.credentials = tql::Credentials::Password("admin")};
  const std::string http = "tsadmin@127.0.0.1:" + std::to_string((*server)->http_port());
  const std::string grpc = "tsadmin@127.0.0.1:" + std::to_string((*server)->grpc_port());
  tql::Client near((*server)->InProcess());
  if (const tql::Status login = near.Login("tsadmin", "admin"); !login.ok()) {
    std::cerr << login << '\n';
    return 1;
  }
  return Ask(std::move(near)) && Ask(tql::Client::Connect("http://" + http, options)) &&
                 Ask(tql::Client::Connect("http://" + grpc + "?transport=grpc", options))
             ? 0
             : 1;
}
