#include "mockserver/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace tql::mock {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

/// The error of a Config; empty if it is valid.
std::string ErrorOf(const Config& config) {
  const StatusOr<CheckedConfig> checked = Check(config);
  if (checked.ok()) return "";
  EXPECT_EQ(checked.status().code(), StatusCode::kInvalidArgument);
  return checked.status().message();
}

TEST(ConfigTest, DefaultsAreForLocalTests) {
  const StatusOr<CheckedConfig> checked = Check(Config{});
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_TRUE(checked->https && checked->http);
  EXPECT_EQ(checked->https->host, "127.0.0.1");
  EXPECT_EQ(checked->https->port, 0);
  ASSERT_EQ(checked->users.size(), 1U);
  EXPECT_EQ(checked->users[0].name, "tsadmin");
  EXPECT_EQ(checked->users[0].password, "admin");
  EXPECT_TRUE(checked->users[0].can_manage_data);
}

TEST(ConfigTest, PortsMayBeOff) {
  const StatusOr<CheckedConfig> checked = Check({.https = "off", .http = "[::1]:8080"});
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_FALSE(checked->https);
  EXPECT_EQ(checked->http->host, "::1");
  EXPECT_EQ(ErrorOf({.https = "off", .http = "off"}), "");
}

TEST(ConfigTest, InvalidAddressesAreReported) {
  EXPECT_THAT(ErrorOf({.https = "8443"}), HasSubstr("https: \"8443\" is not an address"));
  EXPECT_THAT(ErrorOf({.http = "127.0.0.1:65536"}), HasSubstr("http: "));
  EXPECT_THAT(ErrorOf({.http = ""}), HasSubstr("http: "));
  EXPECT_THAT(ErrorOf({.https = "127.0.0.1:81", .http = "127.0.0.1:81"}),
              HasSubstr("cannot share 127.0.0.1:81"));
  EXPECT_THAT(ErrorOf({.grpc = "8444"}), HasSubstr("grpc: \"8444\" is not an address"));
  EXPECT_THAT(ErrorOf({.http = "127.0.0.1:81", .grpc = "127.0.0.1:81"}),
              HasSubstr("http and grpc cannot share 127.0.0.1:81"));
  EXPECT_EQ(ErrorOf({.http = "127.0.0.1:81", .grpc = "127.0.0.1:82"}), "");
}

TEST(ConfigTest, DefaultPasswordRequiresLoopback) {
  for (const char* open : {"0.0.0.0:0", "[::]:0", "192.0.2.1:80", "example.org:80"}) {
    EXPECT_THAT(ErrorOf({.http = open}), HasSubstr("default password")) << open;
    EXPECT_THAT(ErrorOf({.https = open}), HasSubstr("default password")) << open;
    EXPECT_THAT(ErrorOf({.grpc = open}), HasSubstr("default password")) << open;
    EXPECT_EQ(ErrorOf({.http = open, .allow_default_password = true}), "") << open;
    EXPECT_EQ(ErrorOf({.http = open, .users = {{"tsadmin", "another"}}}), "") << open;
  }
  EXPECT_THAT(ErrorOf({.http = "0.0.0.0:0", .users = {{"somebody", "x"}, {"tsadmin", "admin"}}}),
              HasSubstr("default password"));
  EXPECT_EQ(ErrorOf({.https = "127.0.0.2:0", .http = "localhost:0"}), "");
}

TEST(ConfigTest, UsersAreDistinctAndComplete) {
  EXPECT_THAT(ErrorOf({.users = {{"", "x"}}}), HasSubstr("name"));
  EXPECT_THAT(ErrorOf({.users = {{"a", ""}}}), HasSubstr("the user a needs a password"));
  const std::string twice = ErrorOf({.users = {{"a", "secret"}, {"b", "x"}, {"a", "y"}}});
  EXPECT_THAT(twice, HasSubstr("the user a is given twice"));
  EXPECT_THAT(twice, Not(HasSubstr("secret")));
}

TEST(ConfigTest, CertificateAndKeyAreReadableFiles) {
  const std::string folder = ::testing::TempDir();
  const std::string file = folder + "/config_test.pem";
  std::ofstream(file) << "x";
  EXPECT_THAT(ErrorOf({.tls_cert_file = file}), HasSubstr("without its key"));
  EXPECT_THAT(ErrorOf({.tls_key_file = file}), HasSubstr("without its certificate"));
  EXPECT_THAT(ErrorOf({.https = "off", .tls_cert_file = file, .tls_key_file = file}),
              HasSubstr("no port speaks TLS"));
  EXPECT_THAT(ErrorOf({.https = "off",
                       .grpc = "127.0.0.1:0",
                       .grpc_plaintext = true,
                       .tls_cert_file = file,
                       .tls_key_file = file}),
              HasSubstr("no port speaks TLS"));
  EXPECT_EQ(
      ErrorOf({.https = "off", .grpc = "127.0.0.1:0", .tls_cert_file = file, .tls_key_file = file}),
      "");
  EXPECT_THAT(ErrorOf({.tls_cert_file = file + ".not", .tls_key_file = file}),
              HasSubstr("file " + file + ".not does not exist"));
  EXPECT_THAT(ErrorOf({.tls_cert_file = file, .tls_key_file = "/dev/zero"}),
              HasSubstr("/dev/zero is not a PEM file"));
  EXPECT_THAT(ErrorOf({.tls_cert_file = folder, .tls_key_file = file}),
              HasSubstr("not a PEM file"));
  std::filesystem::remove(file);
}

TEST(ConfigTest, LimitsAreBounded) {
  EXPECT_THAT(ErrorOf({.max_buffered_bytes = 1023}), HasSubstr("1 MiB"));
  EXPECT_THAT(ErrorOf({.max_request_bytes = 1023}), HasSubstr("1 KiB and 1 GiB"));
  EXPECT_THAT(ErrorOf({.max_request_bytes = (std::size_t{1} << 30) + 1}), HasSubstr("1 GiB"));
  EXPECT_THAT(ErrorOf({.threads = 0}), HasSubstr("threads"));
  EXPECT_THAT(ErrorOf({.threads = 4097}), HasSubstr("threads"));
  EXPECT_THAT(ErrorOf({.scan_threads = 65}), HasSubstr("threads for one SELECT"));
  EXPECT_THAT(ErrorOf({.password_hash_rounds = 999}), HasSubstr("1000 and 10000000"));
  EXPECT_THAT(ErrorOf({.password_hash_rounds = 10'000'001}), HasSubstr("1000 and 10000000"));
  EXPECT_THAT(ErrorOf({.session_idle_timeout = seconds(0)}), HasSubstr("session"));
  EXPECT_THAT(ErrorOf({.session_absolute_timeout = seconds(-1)}), HasSubstr("session"));
  EXPECT_THAT(ErrorOf({.statement_timeout = seconds(-1)}), HasSubstr("statement"));
  EXPECT_THAT(ErrorOf({.data = ""}), HasSubstr("data"));
}

TEST(ConfigTest, ChecksOriginsAndHosts) {
  EXPECT_EQ(ErrorOf({.cors_origins = {"http://localhost:3000", "https://a.example"}}), "");
  for (const char* origin : {"*", "a.example", "https://a.example/"}) {
    EXPECT_THAT(ErrorOf({.cors_origins = {origin}}), HasSubstr("is not an origin")) << origin;
  }
  EXPECT_EQ(ErrorOf({.allowed_hosts = {"devbox", "devbox.example"}}), "");
  for (const char* host : {"http://devbox", "a:80", "[::1]"}) {
    EXPECT_EQ(ErrorOf({.allowed_hosts = {host}}),
              '"' + std::string(host) +
                  "\" is not a host: write a name or an address, without a port or brackets");
  }
}

}  // namespace
}  // namespace tql::mock
