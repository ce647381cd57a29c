// Runs the checks of the C interface, which are plain C, against the mock server.
#include <gtest/gtest.h>

#include <string>

#include "tql/mock/server.h"

extern "C" int c_api_checks(const char* url, const char* user, const char* password);

namespace tql {
namespace {

void Check(const std::string& grpc) {
  std::string script =
      "create database d; use d; create table t (k int, x double, b bool, v varchar(9));"
      "create table many (x int, s varchar(40));";
  std::string rows;
  for (int i = 0; i < 1000; ++i) {
    rows += (i == 0 ? "(" : ", (") + std::to_string(i) + ", '" + std::string(40, 'x') + "')";
  }
  mock::Config config{.https = "off", .password_hash_rounds = 1000};
  config.grpc = grpc;
  config.grpc_plaintext = true;
  config.init_scripts = {script + "insert into many values " + rows + ";"};
  auto server = mock::Server::Create(std::move(config));
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string url = (*server)->grpc_port() == 0
                              ? (*server)->http_url()
                              : "http://" + (*server)->grpc_address() + "?transport=grpc";
  EXPECT_EQ(c_api_checks(url.c_str(), mock::kDefaultUser.data(), mock::kDefaultPassword.data()), 0);
}

TEST(CApi, WorksFromPlainCOverHttp) { Check("off"); }
TEST(CApi, WorksFromPlainCOverGrpc) { Check("127.0.0.1:0"); }

}  // namespace
}  // namespace tql
