// Which servers the client trusts, and how failed connections end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/full_port.h"
#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Over HTTP and gRPC.
class TlsTest : public ::testing::TestWithParam<Protocol> {
 protected:
  static mock::Config At(const std::string& address) {
    mock::Config config{.https = "off", .http = "off", .password_hash_rounds = 1000};
    (GetParam() == Protocol::kGrpc ? config.grpc : config.https) = address;
    return config;
  }
  static std::string UrlOf(const mock::Server& server, const std::string& host = "127.0.0.1",
                           const std::string& scheme = "https") {
    const bool grpc = GetParam() == Protocol::kGrpc;
    return scheme + "://" + host + ":" +
           std::to_string(grpc ? server.grpc_port() : server.https_port()) +
           (grpc ? "?transport=grpc" : "");
  }
  std::string Url() const { return UrlOf(*server_); }

  void SetUp() override {
    auto server = mock::Server::Create(At("127.0.0.1:0"));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    std::string name = ::testing::TempDir() + "/ca-XXXXXX";
    const int fd = mkstemp(name.data());
    ASSERT_GE(fd, 0);
    close(fd);
    ca_file_ = name;
    std::ofstream(ca_file_) << server_->certificate_pem();
  }
  void TearDown() override { std::remove(ca_file_.c_str()); }

  Status LoginAt(const std::string& url, TlsOptions tls) {
    Options options;
    options.user = mock::kDefaultUser;
    options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
    options.tls = std::move(tls);
    options.retry.max_attempts = 1;
    return Client::Connect(url, options).status();
  }

  std::unique_ptr<mock::Server> server_;
  std::string ca_file_;
};

std::string ProtocolName(const ::testing::TestParamInfo<Protocol>& protocol) {
  return protocol.param == Protocol::kGrpc ? "Grpc" : "Http";
}

INSTANTIATE_TEST_SUITE_P(Protocols, TlsTest, ::testing::Values(Protocol::kHttp, Protocol::kGrpc),
                         ProtocolName);

TEST_P(TlsTest, RejectsUnknownCertificate) {
  const Status status = LoginAt(Url(), {});
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("certificate"), std::string::npos) << status;
  EXPECT_FALSE(status.retryable());
}

TEST_P(TlsTest, TrustsCertificateFromFile) {
  EXPECT_TRUE(LoginAt(Url(), {.ca_file = ca_file_}).ok());
  EXPECT_TRUE(LoginAt(UrlOf(*server_, "localhost"), {.ca_file = ca_file_}).ok());
}

TEST_P(TlsTest, OtherCertificateIsNotTrusted) {
  auto other = mock::Server::Create(At("127.0.0.1:0"));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(LoginAt(UrlOf(**other), {.ca_file = ca_file_}).code(), StatusCode::kFailedPrecondition);
}

TEST_P(TlsTest, RejectsCertificateOfAnotherHost) {
  const Status status = LoginAt(UrlOf(*server_, "127.0.0.3"), {.ca_file = ca_file_});
  // The server listens only on 127.0.0.1, so use a name that is not in its certificate.
  EXPECT_FALSE(status.ok());
  mock::Config config = At("0.0.0.0:0");
  config.allow_default_password = true;
  auto anywhere = mock::Server::Create(config);
  ASSERT_TRUE(anywhere.ok()) << anywhere.status();
  std::ofstream(ca_file_) << (*anywhere)->certificate_pem();
  EXPECT_TRUE(LoginAt(UrlOf(**anywhere), {.ca_file = ca_file_}).ok());
  EXPECT_EQ(LoginAt(UrlOf(**anywhere, "127.0.0.3"), {.ca_file = ca_file_}).code(),
            StatusCode::kFailedPrecondition);
  EXPECT_TRUE(LoginAt(UrlOf(**anywhere, "127.0.0.3"), {.insecure = true}).ok());
}

TEST_P(TlsTest, InsecureTrustsAnybody) { EXPECT_TRUE(LoginAt(Url(), {.insecure = true}).ok()); }

TEST_P(TlsTest, ReportsUnreadableFile) {
  const Status status = LoginAt(Url(), {.ca_file = "/nonexistent.pem"});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("/nonexistent.pem"), std::string::npos) << status;
}

TEST_P(TlsTest, ReportsPipeAsCaFile) {
  std::remove(ca_file_.c_str());
  ASSERT_EQ(mkfifo(ca_file_.c_str(), 0600), 0);
  const Status status = LoginAt(Url(), {.ca_file = ca_file_});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr(ca_file_ + ": not a regular file"));
}

TEST_P(TlsTest, ReportsPlaintextOnTlsPort) {
  const Status status = LoginAt(UrlOf(*server_, "127.0.0.1", "http"), {});
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("perhaps the port speaks TLS"));
}

TEST_P(TlsTest, ReportsTlsOnPlaintextPort) {
  mock::Config config{.https = "off", .http = "off", .grpc_plaintext = true};
  (GetParam() == Protocol::kGrpc ? config.grpc : config.http) = "127.0.0.1:0";
  auto plain = mock::Server::Create(config);
  ASSERT_TRUE(plain.ok()) << plain.status();
  const int port = GetParam() == Protocol::kGrpc ? (*plain)->grpc_port() : (*plain)->http_port();
  const std::string url = "https://127.0.0.1:" + std::to_string(port) +
                          (GetParam() == Protocol::kGrpc ? "?transport=grpc" : "");
  const Status status = LoginAt(url, {});
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr("the port does not speak TLS"));
}

class ConnectTest : public ::testing::TestWithParam<Protocol> {
 protected:
  static std::string Parameters() { return GetParam() == Protocol::kGrpc ? "?transport=grpc" : ""; }
};

INSTANTIATE_TEST_SUITE_P(Protocols, ConnectTest,
                         ::testing::Values(Protocol::kHttp, Protocol::kGrpc), ProtocolName);

TEST_P(ConnectTest, RespectsConnectTimeout) {
  const testing::FullPort port;
  const std::string origin = "http://" + port.place();
  Options options;
  options.connect_timeout = 50ms;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect(origin + Parameters(), options);
  EXPECT_EQ(client.Execute("show databases;").status,
            UnavailableError(origin + ": cannot connect to 127.0.0.1: Connection timed out"));
}

// The call's own time limit applies, however late it begins.
TEST_P(ConnectTest, RespectsTimeoutOfCall) {
  const testing::FullPort port;
  const std::string origin = "http://" + port.place();
  Options options;
  options.connect_timeout = 60s;
  Client client = *Client::Connect(origin + Parameters(), options);
  EXPECT_EQ(client.Execute("show databases;", {.timeout = 10ms}).status,
            DeadlineExceededError(origin + ": connecting took too long"));
}

TEST_P(ConnectTest, CanBeCancelled) {
  const testing::FullPort port;
  Options options;
  options.connect_timeout = 60s;
  Client client = *Client::Connect("http://" + port.place() + Parameters(), options);
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  EXPECT_EQ(client.Execute("show databases;", {.stop = stop.get_token()}).status.code(),
            StatusCode::kCancelled);
  other.join();
}

TEST_P(ConnectTest, ClosedPort) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://127.0.0.1:1" + Parameters(), options);
  EXPECT_EQ(
      client.Execute("show databases;").status,
      UnavailableError("http://127.0.0.1:1: cannot connect to 127.0.0.1: Connection refused"));
  client = *Client::Connect("http://[::1]:1" + Parameters(), options);
  EXPECT_EQ(client.Execute("show databases;").status.code(), StatusCode::kUnavailable);
}

TEST_P(ConnectTest, UnknownHost) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://no.such.host.invalid" + Parameters(), options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), ::testing::StartsWith("http://no.such.host.invalid:80: cannot find "
                                                      "the host no.such.host.invalid: "));
}

}  // namespace
}  // namespace tql
