// Whom the client trusts, and how connecting ends.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using namespace std::chrono_literals;

/// Over HTTP and over gRPC.
class TlsTest : public ::testing::TestWithParam<Protocol> {
 protected:
  static mock::Config At(const std::string& address) {
    mock::Config config{.https = "off", .http = "off"};
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

TEST_P(TlsTest, AnUnknownCertificateIsRefused) {
  const Status status = LoginAt(Url(), {});
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("certificate"), std::string::npos) << status;
  EXPECT_FALSE(status.retryable());
}

TEST_P(TlsTest, ACertificateFromTheFileIsTrusted) {
  EXPECT_TRUE(LoginAt(Url(), {.ca_file = ca_file_}).ok());
  EXPECT_TRUE(LoginAt(UrlOf(*server_, "localhost"), {.ca_file = ca_file_}).ok());
}

TEST_P(TlsTest, AnotherCertificateInTheFileIsNot) {
  auto other = mock::Server::Create(At("127.0.0.1:0"));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(LoginAt(UrlOf(**other), {.ca_file = ca_file_}).code(), StatusCode::kFailedPrecondition);
}

TEST_P(TlsTest, ACertificateForAnotherHostIsRefused) {
  const Status status = LoginAt(UrlOf(*server_, "127.0.0.2"), {.ca_file = ca_file_});
  // The server listens on 127.0.0.1 alone, so reach it under a name that its certificate lacks.
  EXPECT_FALSE(status.ok());
  mock::Config config = At("0.0.0.0:0");
  config.allow_default_password = true;
  auto anywhere = mock::Server::Create(config);
  ASSERT_TRUE(anywhere.ok()) << anywhere.status();
  std::ofstream(ca_file_) << (*anywhere)->certificate_pem();
  EXPECT_TRUE(LoginAt(UrlOf(**anywhere), {.ca_file = ca_file_}).ok());
  EXPECT_EQ(LoginAt(UrlOf(**anywhere, "127.0.0.2"), {.ca_file = ca_file_}).code(),
            StatusCode::kFailedPrecondition);
  EXPECT_TRUE(LoginAt(UrlOf(**anywhere, "127.0.0.2"), {.insecure = true}).ok());
}

TEST_P(TlsTest, InsecureTrustsAnybody) { EXPECT_TRUE(LoginAt(Url(), {.insecure = true}).ok()); }

TEST_P(TlsTest, AFileThatCannotBeReadIsNamedAsSuch) {
  const Status status = LoginAt(Url(), {.ca_file = "/nonexistent.pem"});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("/nonexistent.pem"), std::string::npos) << status;
}

TEST_P(TlsTest, PlaintextAtATlsPortIsAnError) {
  const Status status = LoginAt(UrlOf(*server_, "127.0.0.1", "http"), {});
  EXPECT_FALSE(status.ok());
}

/// A port whose queue of connections is full: connecting there takes for ever.
class FullPort {
 public:
  FullPort() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address_;
    bind(listener_, Generic(), size);
    listen(listener_, 0);
    getsockname(listener_, Generic(), &size);
    for (int i = 0; i < 4; ++i) {
      fillers_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
      (void)connect(fillers_.back(), Generic(), size);
    }
  }
  ~FullPort() {
    for (const int fd : fillers_) close(fd);
    close(listener_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  sockaddr* Generic() { return reinterpret_cast<sockaddr*>(&address_); }
  sockaddr_in address_{};
  int listener_ = -1;
  std::vector<int> fillers_;
};

class ConnectTest : public ::testing::TestWithParam<Protocol> {
 protected:
  static std::string Parameters() { return GetParam() == Protocol::kGrpc ? "?transport=grpc" : ""; }
};

INSTANTIATE_TEST_SUITE_P(Protocols, ConnectTest,
                         ::testing::Values(Protocol::kHttp, Protocol::kGrpc), ProtocolName);

TEST_P(ConnectTest, TakesNoLongerThanItMay) {
  const FullPort port;
  Options options;
  options.connect_timeout = 50ms;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect(port.url() + Parameters(), options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  if (GetParam() == Protocol::kHttp) {
    EXPECT_NE(status.message().find("to 127.0.0.1: Connection timed out"), std::string::npos)
        << status;
  }
  const Status late = client.Execute("show databases;", {.timeout = 10ms}).status;
  EXPECT_EQ(late.code(), StatusCode::kDeadlineExceeded);
  if (GetParam() == Protocol::kHttp) {
    EXPECT_EQ(late.message(), port.url() + ": connecting took too long");
  }
}

TEST_P(ConnectTest, CanBeCancelled) {
  const FullPort port;
  Options options;
  options.connect_timeout = 60s;
  Client client = *Client::Connect(port.url() + Parameters(), options);
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  EXPECT_EQ(client.Execute("show databases;", {.stop = stop.get_token()}).status.code(),
            StatusCode::kCancelled);
  other.join();
}

TEST_P(ConnectTest, ToAPortWhereNobodyListens) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://127.0.0.1:1" + Parameters(), options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  if (GetParam() == Protocol::kHttp) {
    EXPECT_EQ(status.message(),
              "http://127.0.0.1:1: cannot connect to 127.0.0.1: Connection refused");
  } else {
    EXPECT_NE(status.message().find("http://127.0.0.1:1: cannot connect: "), std::string::npos)
        << status;
    EXPECT_NE(status.message().find("Connection refused"), std::string::npos) << status;
  }
}

TEST_P(ConnectTest, ToAHostThatIsNotThere) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://no.such.host.invalid" + Parameters(), options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  const std::string expected = GetParam() == Protocol::kHttp
                                   ? "cannot find the host no.such.host.invalid: "
                                   : "no.such.host.invalid";
  EXPECT_NE(status.message().find(expected), std::string::npos) << status;
}

}  // namespace
}  // namespace tql
