// How a client of several hosts selects the host of each call, over each transport.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/full_port.h"
#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct Way {
  const char* name;
  Protocol protocol;
  bool tls;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class FailoverTest : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    ca_file_ = ::testing::TempDir() + "/failover-XXXXXX";
    const int fd = mkstemp(ca_file_.data());
    ASSERT_GE(fd, 0);
    close(fd);
  }
  void TearDown() override { std::remove(ca_file_.c_str()); }

  /// Starts a server with the database `name`. Its certificate is trusted from then on if
  /// `trusted`.
  std::unique_ptr<mock::Server> Start(const std::string& name, bool trusted = true) {
    const auto [unused, protocol, tls] = GetParam();
    mock::Config config{.https = "off", .http = "off", .password_hash_rounds = 1000};
    std::string& port = protocol == Protocol::kGrpc ? config.grpc
                        : tls                       ? config.https
                                                    : config.http;
    port = "127.0.0.1:0";
    config.grpc_plaintext = !tls;
    config.init_scripts = {"create database " + name + "; use " + name +
                           "; create table t (k int);"};
    auto server = mock::Server::Create(std::move(config));
    if (!server.ok()) std::abort();
    if (trusted) std::ofstream(ca_file_, std::ios::app) << (*server)->certificate_pem();
    return *std::move(server);
  }
  static std::string PlaceOf(const mock::Server& server) {
    const auto [unused, protocol, tls] = GetParam();
    const int port = protocol == Protocol::kGrpc ? server.grpc_port()
                     : tls                       ? server.https_port()
                                                 : server.http_port();
    return "127.0.0.1:" + std::to_string(port);
  }
  StatusOr<Client> Connect(const std::vector<std::string>& places, int attempts = 1) {
    const auto [unused, protocol, tls] = GetParam();
    std::string url = tls ? "tql://" : "http://";
    for (const std::string& place : places) url += (&place == &places[0] ? "" : ",") + place;
    if (protocol == Protocol::kGrpc) url += "?transport=grpc";
    Options options;
    options.user = mock::kDefaultUser;
    options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
    options.tls.ca_file = tls ? ca_file_ : "";
    options.connect_timeout = 300ms;
    options.retry.max_attempts = attempts;
    options.retry.sleep = [](std::chrono::milliseconds, const std::stop_token&) {};
    return Client::Connect(url, options);
  }
  static constexpr const char* kRefusing = "127.0.0.1:1";

  std::string ca_file_;
};

INSTANTIATE_TEST_SUITE_P(Ways, FailoverTest,
                         ::testing::Values(Way{"Http", Protocol::kHttp, false},
                                           Way{"Https", Protocol::kHttp, true},
                                           Way{"Grpc", Protocol::kGrpc, false},
                                           Way{"GrpcTls", Protocol::kGrpc, true}),
                         [](const auto& way) { return way.param.name; });

class TlsFailoverTest : public FailoverTest {};

INSTANTIATE_TEST_SUITE_P(Ways, TlsFailoverTest,
                         ::testing::Values(Way{"Https", Protocol::kHttp, true},
                                           Way{"GrpcTls", Protocol::kGrpc, true}),
                         [](const auto& way) { return way.param.name; });

TEST_P(FailoverTest, SkipsRefusingHost) {
  const auto server = Start("d");
  StatusOr<Client> client = Connect({kRefusing, PlaceOf(*server)});
  ASSERT_TRUE(client.ok()) << client.status();
  // Executed once, although the first attempt of each call may have gone to the other server.
  ASSERT_EQ(client->Execute("use d;").status, Status());
  EXPECT_EQ(client->Execute("insert into t values (1);").status, Status());
  EXPECT_EQ(client->QueryValue<int>("select count(*) from t;").value(), 1);
}

TEST_P(FailoverTest, SkipsUnknownHost) {
  const auto server = Start("d");
  const StatusOr<Client> client = Connect({"no.such.host.invalid:1", PlaceOf(*server)});
  EXPECT_TRUE(client.ok()) << client.status();
}

TEST_P(FailoverTest, SkipsSilentHost) {
  const auto server = Start("d");
  const testing::FullPort full;
  const StatusOr<Client> client = Connect({full.place(), PlaceOf(*server)});
  EXPECT_TRUE(client.ok()) << client.status();
}

TEST_P(FailoverTest, ReportsAllUnreachableHosts) {
  const auto trusted = Start("d");
  const testing::FullPort full;
  const Status status = Connect({kRefusing, "no.such.host.invalid:2", full.place()}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr("127.0.0.1:1: cannot connect to 127.0.0.1: Connection "
                                          "refused; "));
  EXPECT_THAT(status.message(), HasSubstr(":2: cannot find the host no.such.host.invalid: "));
  EXPECT_THAT(status.message(),
              HasSubstr(full.place() + ": cannot connect to 127.0.0.1: Connection timed out"));
}

TEST_P(TlsFailoverTest, UntrustedHostIsAnError) {
  const auto impostor = Start("d", false);
  const auto server = Start("d");
  const Status status = Connect({PlaceOf(*impostor), PlaceOf(*server)}).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.message(), HasSubstr(PlaceOf(*impostor) + ": the server's certificate"));
}

TEST_P(FailoverTest, LeavesDeadHost) {
  const auto first = Start("one");
  const auto second = Start("two");
  StatusOr<Client> client = Connect({PlaceOf(*first), PlaceOf(*second)}, 3);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(client->Execute("use one;").status, Status());
  client->set_context({});
  first->Stop();
  // A new session is opened there. The statement only reads, so it may be sent again if the
  // connection was lost unnoticed.
  EXPECT_EQ(client->Execute("show databases;").status, Status());
  EXPECT_EQ(client->Execute("use two;").status, Status());
  EXPECT_EQ(client->Execute("insert into t values (1);").status, Status());
  second->Stop();
  const Status status = client->Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr(PlaceOf(*first)));
  EXPECT_THAT(status.message(), HasSubstr(PlaceOf(*second)));
}

TEST_P(FailoverTest, FailsOverUnsentStatement) {
  const auto first = Start("d");
  const auto second = Start("d");
  StatusOr<Client> client = Connect({PlaceOf(*first), PlaceOf(*second)});
  ASSERT_TRUE(client.ok()) << client.status();
  ASSERT_EQ(client->Execute("use d;").status, Status());
  first->Stop();
  // Over gRPC the client looks whether its connection still lives once that was idle for 200 ms; a
  // call that is sent before may be lost with it.
  const auto [unused, protocol, tls] = GetParam();
  if (protocol == Protocol::kGrpc) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(client->Execute("insert into t values (1);").status, Status());
  EXPECT_EQ(client->QueryValue<int>("select count(*) from t;").value(), 1);
}

}  // namespace
}  // namespace tql
