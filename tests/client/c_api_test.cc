// Runs the checks of the C interface, which are plain C, against the mock server.
#include <gtest/gtest.h>

#include "tql/mock/server.h"

extern "C" int c_api_checks(const char* url, const char* user, const char* password);

namespace tql {
namespace {

TEST(CApi, WorksFromPlainC) {
  mock::Config config;
  config.https = "off";
  config.init_scripts = {
      "create database d; use d; create table t (k int, x double, b bool, v varchar(9));"};
  auto server = mock::Server::Create(std::move(config));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(c_api_checks((*server)->http_url().c_str(), mock::kDefaultUser.data(),
                         mock::kDefaultPassword.data()),
            0);
}

}  // namespace
}  // namespace tql
