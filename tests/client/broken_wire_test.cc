// The client and a correct server with a faulty connection between them, over each transport.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>

#include "tests/support/hostile_server.h"
#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using testing::HostileServer;
using testing::Wire;

struct Way {
  const char* name;
  Protocol protocol;
  bool tls;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class BrokenWireTest : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    const auto [unused, protocol, tls] = GetParam();
    mock::Config config{.https = "off", .http = "off", .password_hash_rounds = 1000};
    const bool grpc = protocol == Protocol::kGrpc;
    (grpc ? config.grpc : tls ? config.https : config.http) = "127.0.0.1:0";
    config.grpc_plaintext = !tls;
    config.init_scripts = {
        "create database d; use d; create table t (k int, v varchar(9));"
        "insert into t values (1, 'north'); insert into t values (2, null);"};
    auto server = mock::Server::Create(std::move(config));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const int port = grpc  ? server_->grpc_port()
                     : tls ? server_->https_port()
                           : server_->http_port();
    between_ = std::make_unique<HostileServer>(testing::Between(port, [this] {
      const std::lock_guard lock(mutex_);
      return wire_;
    }));
    ca_file_ = ::testing::TempDir() + "/wire-XXXXXX";
    const int fd = mkstemp(ca_file_.data());
    ASSERT_GE(fd, 0);
    close(fd);
    std::ofstream(ca_file_) << server_->certificate_pem();
  }
  void TearDown() override { std::remove(ca_file_.c_str()); }

  void Set(Wire wire) {
    const std::lock_guard lock(mutex_);
    wire_ = wire;
  }
  /// Logs in and reads two rows over new connections. Returns the first error, or one for wrong
  /// rows.
  Status Ask(std::chrono::milliseconds timeout = 60s) {
    const auto [unused, protocol, tls] = GetParam();
    Options options;
    options.user = mock::kDefaultUser;
    options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
    options.database = "d";
    options.tls.ca_file = tls ? ca_file_ : "";
    options.connect_timeout = 60s;
    options.call_timeout = timeout;
    options.query_timeout = timeout;
    options.retry.max_attempts = 1;
    StatusOr<Client> client = Client::Connect(
        (tls ? "tql://" : "http://") + ("127.0.0.1:" + std::to_string(between_->port())) +
            (protocol == Protocol::kGrpc ? "?transport=grpc" : ""),
        options);
    if (!client.ok()) return client.status();
    const StatusOr<Table> table = client->QueryTable("select k, v from t order by k;");
    if (!table.ok()) return table.status();
    const bool right = table->size() == 2 && (*table)[0].text(1) == "north" &&
                       (*table)[1].text(0) == "2" && (*table)[1].is_null(1);
    return right ? Status() : UnknownError("wrong rows");
  }

  std::unique_ptr<mock::Server> server_;
  std::mutex mutex_;
  Wire wire_;
  std::unique_ptr<HostileServer> between_;
  std::string ca_file_;
};

INSTANTIATE_TEST_SUITE_P(Ways, BrokenWireTest,
                         ::testing::Values(Way{"Http", Protocol::kHttp, false},
                                           Way{"Https", Protocol::kHttp, true},
                                           Way{"Grpc", Protocol::kGrpc, false},
                                           Way{"GrpcTls", Protocol::kGrpc, true}),
                         [](const auto& way) { return way.param.name; });

TEST_P(BrokenWireTest, SingleBytes) {
  Set({.piece = 1});
  EXPECT_EQ(Ask(), Status());
}

TEST_P(BrokenWireTest, EndAnywhereIsALostConnection) {
  Status status;
  std::size_t most = 0;
  for (; most < 20'000; most += 13) {
    Set({.most = most});
    status = Ask();
    if (status.ok()) break;
    ASSERT_TRUE(status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kDataLoss)
        << most << ": " << status;
  }
  EXPECT_EQ(status, Status());
  EXPECT_GT(most, 200U);
}

TEST_P(BrokenWireTest, StallAnywhereEndsAtDeadline) {
  for (const std::size_t most : {0, 1, 20, 100, 250}) {
    Set({.most = most, .stalls = true});
    const Status status = Ask(60ms);
    EXPECT_EQ(status.code(), StatusCode::kDeadlineExceeded) << most << ": " << status;
  }
  Set({});
  EXPECT_EQ(Ask(), Status());
}

}  // namespace
}  // namespace tql
