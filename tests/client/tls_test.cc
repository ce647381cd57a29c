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

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = mock::Server::Create({.http = "off"});
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
  std::string UrlWithHost(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(server_->https_port());
  }

  std::unique_ptr<mock::Server> server_;
  std::string ca_file_;
};

TEST_F(TlsTest, AnUnknownCertificateIsRefused) {
  const Status status = LoginAt(server_->https_url(), {});
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(status.message().find("certificate"), std::string::npos) << status;
  EXPECT_FALSE(status.retryable());
}

TEST_F(TlsTest, ACertificateFromTheFileIsTrusted) {
  EXPECT_TRUE(LoginAt(server_->https_url(), {.ca_file = ca_file_}).ok());
  EXPECT_TRUE(LoginAt(UrlWithHost("localhost"), {.ca_file = ca_file_}).ok());
}

TEST_F(TlsTest, AnotherCertificateInTheFileIsNot) {
  auto other = mock::Server::Create({.http = "off"});
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(LoginAt((*other)->https_url(), {.ca_file = ca_file_}).code(),
            StatusCode::kFailedPrecondition);
}

TEST_F(TlsTest, ACertificateForAnotherHostIsRefused) {
  const Status status = LoginAt(UrlWithHost("127.0.0.2"), {.ca_file = ca_file_});
  // The server listens on 127.0.0.1 alone, so reach it under a name that its certificate lacks.
  EXPECT_FALSE(status.ok());
  auto anywhere =
      mock::Server::Create({.https = "0.0.0.0:0", .http = "off", .allow_default_password = true});
  ASSERT_TRUE(anywhere.ok()) << anywhere.status();
  std::ofstream(ca_file_) << (*anywhere)->certificate_pem();
  const std::string port = std::to_string((*anywhere)->https_port());
  EXPECT_TRUE(LoginAt("https://127.0.0.1:" + port, {.ca_file = ca_file_}).ok());
  EXPECT_EQ(LoginAt("https://127.0.0.2:" + port, {.ca_file = ca_file_}).code(),
            StatusCode::kFailedPrecondition);
  EXPECT_TRUE(LoginAt("https://127.0.0.2:" + port, {.insecure = true}).ok());
}

TEST_F(TlsTest, InsecureTrustsAnybody) {
  EXPECT_TRUE(LoginAt(server_->https_url(), {.insecure = true}).ok());
}

TEST_F(TlsTest, AFileThatCannotBeReadIsNamedAsSuch) {
  const Status status = LoginAt(server_->https_url(), {.ca_file = "/nonexistent.pem"});
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("/nonexistent.pem"), std::string::npos) << status;
}

TEST_F(TlsTest, PlainHttpAtATlsPortIsAnError) {
  const Status status = LoginAt("http://127.0.0.1:" + std::to_string(server_->https_port()), {});
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

TEST(ConnectTest, TakesNoLongerThanItMay) {
  const FullPort port;
  Options options;
  options.connect_timeout = 50ms;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect(port.url(), options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("to 127.0.0.1: Connection timed out"), std::string::npos)
      << status;
  EXPECT_EQ(client.Execute("show databases;", {.timeout = 10ms}).status,
            DeadlineExceededError(port.url() + ": connecting took too long"));
}

TEST(ConnectTest, CanBeCancelled) {
  const FullPort port;
  Options options;
  options.connect_timeout = 60s;
  Client client = *Client::Connect(port.url(), options);
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  EXPECT_EQ(client.Execute("show databases;", {.stop = stop.get_token()}).status.code(),
            StatusCode::kCancelled);
  other.join();
}

TEST(ConnectTest, ToAPortWhereNobodyListens) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://127.0.0.1:1", options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(status.message(),
            "http://127.0.0.1:1: cannot connect to 127.0.0.1: Connection refused");
}

TEST(ConnectTest, ToAHostThatIsNotThere) {
  Options options;
  options.retry.max_attempts = 1;
  Client client = *Client::Connect("http://no.such.host.invalid", options);
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("cannot find the host no.such.host.invalid: "), std::string::npos)
      << status;
}

}  // namespace
}  // namespace tql
