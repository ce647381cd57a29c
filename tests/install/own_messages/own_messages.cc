// Uses its own messages and stubs, compiled from the installed files, together with both libraries
// in one process: queries a server within this program with them and with the client library.
#include <grpcpp/grpcpp.h>
#include <tql/client.h>
#include <tql/mock/server.h>

#include <iostream>
#include <string>

#include "tql/tql_service.grpc.pb.h"

namespace {

bool AskWithOwnStub(const std::string& address) {
  const auto stub = tql::v1::TqlService::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  tql::v1::LoginRequest login;
  login.set_username("tsadmin");
  login.set_password("admin");
  tql::v1::LoginResponse session;
  grpc::ClientContext login_context;
  grpc::Status status = stub->Login(&login_context, login, &session);
  grpc::ClientContext context;
  context.AddMetadata("tql-session", session.session_token());
  tql::v1::ExecuteQueryRequest request;
  request.mutable_query()->set_statement("select city from s.t;");
  const auto reader = stub->Query(&context, request);
  tql::v1::ExecuteQueryResponse response;
  while (reader->Read(&response)) {
    for (const auto& row : response.result().table().rows()) std::cout << row.v(0) << '\n';
  }
  if (status.ok()) status = reader->Finish();
  if (!status.ok()) std::cerr << status.error_message() << '\n';
  return status.ok();
}

bool AskWithTheLibrary(const std::string& address) {
  auto client = tql::Client::Connect("http://tsadmin@" + address + "?transport=grpc",
                                     {.credentials = tql::Credentials::Password("admin")});
  if (!client.ok()) {
    std::cerr << client.status() << '\n';
    return false;
  }
  const auto city = client->QueryValue<std::string>("select city from s.t;");
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
  std::cout << tql::v1::ExecuteQueryResponse::descriptor()->full_name() << '\n'
            << tql::v1::TqlService::service_full_name() << '\n';
  const std::string address = (*server)->grpc_address();
  return AskWithOwnStub(address) && AskWithTheLibrary(address) ? 0 : 1;
}
