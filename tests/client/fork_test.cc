// A client in both processes after fork(). Each child exits with its result by _exit(); an alarm
// ends a child that hangs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql {
namespace {

using ::testing::HasSubstr;

constexpr unsigned kChildSeconds = 60;
constexpr const char* kAlone = "TQL_FORK_TEST_ALONE";

/// Runs `work` in a child. It returns an error text, which is written to standard error, or empty.
pid_t Fork(const std::function<std::string()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  alarm(kChildSeconds);
  const std::string wrong = work();
  if (!wrong.empty()) std::cerr << "child: " << wrong << '\n';
  _exit(wrong.empty() ? 0 : 1);
}

/// Returns zero if the child succeeded. May take long under sanitizers.
int StatusOfChild(pid_t child) {
  int status = -1;
  return waitpid(child, &status, 0) == child ? status : -1;
}

mock::Config ConfigWithRows(bool grpc) {
  mock::Config config{
      .init_scripts = {"create database d; use d; create table t (x int, s varchar(0)); "
                       "insert into t values (1, 'one'), (2, 'two'), (3, 'three');"}};
  config.password_hash_rounds = 1000;
  config.grpc = grpc ? "127.0.0.1:0" : "off";
  config.grpc_plaintext = true;
  return config;
}

class ForkTest : public ::testing::Test {
 protected:
  void StartServer(bool grpc = false) {
    auto server = mock::Server::Create(ConfigWithRows(grpc));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  StatusOr<Client> Connect(const std::string& url) {
    Options options{.user = "tsadmin", .credentials = Credentials::Password("admin")};
    options.database = "d";
    options.tls.insecure = url.starts_with("https");
    return Client::Connect(url, options);
  }
  std::string GrpcUrl() { return "http://" + server_->grpc_address() + "?transport=grpc"; }

  std::unique_ptr<mock::Server> server_;
};

/// Repeatedly requests a value that no other caller requests, and checks the response.
std::string AskFor(Client& client, int value, int times) {
  for (int i = 0; i < times; ++i) {
    const int wanted = value * 1000 + i;
    const StatusOr<int> got =
        client.QueryValue<int>("select x + " + std::to_string(wanted - 1) + " from t where x = 1;");
    if (!got.ok()) return got.status().ToString();
    if (*got != wanted) return "got " + std::to_string(*got) + ", not " + std::to_string(wanted);
  }
  return "";
}

/// Runs work(1), work(2) and work(3) in a thread each, again and again, until Join(). The work
/// returns an error text or empty.
class BusyThreads {
 public:
  explicit BusyThreads(const std::function<std::string(int)>& work) {
    for (int i = 1; i <= 3; ++i) {
      threads_.emplace_back([this, work, i](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          if (!work(i).empty()) failed_ = true;
        }
      });
    }
  }
  /// Returns whether all work succeeded.
  bool Join() {
    threads_.clear();
    return !failed_;
  }

 private:
  std::atomic<bool> failed_{false};
  std::vector<std::jthread> threads_;
};

class HttpForkTest : public ForkTest, public ::testing::WithParamInterface<const char*> {
 protected:
  std::string Url() {
    StartServer();
    return GetParam() == std::string("https") ? server_->https_url() : server_->http_url();
  }
};

TEST_P(HttpForkTest, ParentAndChildReceiveTheirOwnRows) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  ASSERT_EQ(AskFor(*client, 9, 1), "");  // So that an idle connection exists.
  std::vector<pid_t> children;
  for (int child = 1; child <= 3; ++child) {
    children.push_back(Fork([&] { return AskFor(*client, child, 50); }));
  }
  EXPECT_EQ(AskFor(*client, 0, 50), "");
  for (const pid_t child : children) EXPECT_EQ(StatusOfChild(child), 0);
}

TEST_P(HttpForkTest, ChildKeepsConnectionsOfParent) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  ASSERT_EQ(AskFor(*client, 9, 1), "");
  RequestOptions all;
  all.statement.query_results_apply_top_row_count = 0;
  auto result = std::make_unique<QueryResult>(
      client->Query("select a.s from t a, t b, t c, t d, t e, t f, t g, t h, t i;", all));
  StatusOr<std::optional<Row>> row = result->Next();
  ASSERT_TRUE(row.ok()) << row.status();
  const pid_t child = Fork([&] {
    StatusOr<std::optional<Row>> foreign = result->Next();
    if (foreign.ok()) return std::string("the child reads the parent's rows");
    if (foreign.status().code() != StatusCode::kFailedPrecondition) {
      return foreign.status().ToString();
    }
    result->Cancel();
    result.reset();
    const std::string wrong = AskFor(*client, 1, 2);
    client = UnknownError("destroyed");
    return wrong;
  });
  EXPECT_EQ(StatusOfChild(child), 0);
  int rows = 1;
  for (; (row = result->Next()).ok() && *row; ++rows) {
  }
  EXPECT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(rows, 19683);
  EXPECT_EQ(AskFor(*client, 0, 2), "");
}

TEST_P(HttpForkTest, StopInChildDoesNotAffectParent) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  std::stop_source stop;
  QueryResult result = client->Query("select a.s from t a, t b;", {.stop = stop.get_token()});
  ASSERT_TRUE(result.Next().ok());
  EXPECT_EQ(StatusOfChild(Fork([&] {
              stop.request_stop();
              return std::string();
            })),
            0);
  EXPECT_TRUE(result.Finish().ok());
}

TEST_P(HttpForkTest, ChildHasItsOwnSession) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(StatusOfChild(Fork([&] {
              if (Status status = client->Login("tsadmin", "admin"); !status.ok()) {
                return status.ToString();
              }
              const std::string wrong = AskFor(*client, 1, 2);
              const Status status = client->Logout();
              return status.ok() ? wrong : status.ToString();
            })),
            0);
  EXPECT_EQ(AskFor(*client, 0, 2), "");
}

TEST_P(HttpForkTest, NothingIsLockedInChild) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  BusyThreads threads([&](int i) {
    Client copy = *client;
    std::string wrong = AskFor(copy, i, 3);
    if (i == 3) wrong += client->Login("tsadmin", "admin").message();
    return wrong;
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(StatusOfChild(Fork([&] {
                std::string found = AskFor(*client, 7, 1);
                client = UnknownError("destroyed");
                return found;
              })),
              0)
        << i;
  }
  EXPECT_TRUE(threads.Join());
}

TEST_P(HttpForkTest, Grandchild) {
  auto client = Connect(Url());
  ASSERT_TRUE(client.ok()) << client.status();
  ASSERT_EQ(AskFor(*client, 9, 1), "");
  EXPECT_EQ(StatusOfChild(Fork([&] {
              const std::string before = AskFor(*client, 1, 1);
              const pid_t grandchild = Fork([&] { return AskFor(*client, 2, 20); });
              const std::string after = AskFor(*client, 1, 20);
              return before + after + (StatusOfChild(grandchild) == 0 ? "" : "grandchild");
            })),
            0);
}

INSTANTIATE_TEST_SUITE_P(Schemes, HttpForkTest, ::testing::Values("http", "https"),
                         [](const auto& scheme) { return std::string(scheme.param); });

/// Returns empty if the status is that of gRPC calls in a child.
std::string Refused(const Status& status) {
  if (status.code() == StatusCode::kFailedPrecondition &&
      status.message().find("gRPC was in use before fork()") != std::string::npos) {
    return "";
  }
  return "not refused: " + status.ToString();
}

TEST_F(ForkTest, GrpcFailsInChildAndWorksInParent) {
  StartServer(true);
  auto client = Connect(GrpcUrl());
  ASSERT_TRUE(client.ok()) << client.status();
  std::stop_source stop;
  auto result = std::make_unique<QueryResult>(
      client->Query("select a.s from t a, t b, t c;", {.stop = stop.get_token()}));
  ASSERT_TRUE(result->Next().ok());
  const pid_t child = Fork([&] {
    std::string wrong = Refused(client->Execute("select 1 from t;").status) +
                        Refused(client->GetTokens(TokenKind::kStatic).status()) +
                        Refused(client->RunScript("show databases;").status()) +
                        Refused(Connect(GrpcUrl()).status());
    if (result->Next().ok()) wrong += "the child reads the parent's rows";
    stop.request_stop();
    result.reset();
    client = UnknownError("destroyed");
    auto http = Connect(server_->http_url());
    return wrong + (http.ok() ? AskFor(*http, 1, 3) : http.status().ToString());
  });
  EXPECT_EQ(StatusOfChild(child), 0);
  EXPECT_TRUE(result->Finish().ok());
  EXPECT_EQ(AskFor(*client, 0, 5), "");
}

TEST_F(ForkTest, GrpcWireLogLocksNothingInChild) {
  StartServer(true);
  std::atomic<std::size_t> logged{0};
  Options options{.user = "tsadmin", .credentials = Credentials::Password("admin")};
  options.database = "d";
  options.wire_log = [&](std::string_view text) { logged += text.size(); };
  auto grpc = Client::Connect(GrpcUrl(), options);
  ASSERT_TRUE(grpc.ok()) << grpc.status();
  auto http = Connect(server_->http_url());
  ASSERT_TRUE(http.ok()) << http.status();
  BusyThreads threads([&](int i) {
    const std::string wrong = AskFor(*grpc, i, 3);
    ScriptResult script = grpc->RunScript("use d;");
    while (script.Next()) {
    }
    return wrong + script.status().message();
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(StatusOfChild(Fork([&] { return AskFor(*http, 7, 1); })), 0) << i;
  }
  EXPECT_TRUE(threads.Join());
  EXPECT_GT(logged, 0U);
}

/// Runs one case in a separate process, because the effects of gRPC calls cannot be undone.
pid_t RunAlone(const char* test) {
  const pid_t child = fork();
  if (child != 0) return child;
  setenv(kAlone, "1", 1);
  const std::string filter = std::string("--gtest_filter=") + test;
  execl("/proc/self/exe", "fork_test", filter.c_str(), nullptr);
  _exit(1);
}

/// The server in the parent starts gRPC with its first connection.
TEST_F(ForkTest, GrpcServerInParent) {
  if (std::getenv(kAlone) == nullptr) {
    EXPECT_EQ(StatusOfChild(RunAlone("ForkTest.GrpcServerInParent")), 0);
    return;
  }
  StartServer(true);
  EXPECT_EQ(StatusOfChild(Fork([&] {
              auto first = Connect(GrpcUrl());
              return first.ok() ? AskFor(*first, 0, 1) : first.status().ToString();
            })),
            0);
  EXPECT_EQ(StatusOfChild(Fork([&] { return Refused(Connect(GrpcUrl()).status()); })), 0);
  auto client = Connect(GrpcUrl());
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(AskFor(*client, 0, 2), "");
}

TEST_F(ForkTest, GrpcWorksInChildOfUnusedParent) {
  if (std::getenv(kAlone) == nullptr) {
    EXPECT_EQ(StatusOfChild(RunAlone("ForkTest.GrpcWorksInChildOfUnusedParent")), 0);
    return;
  }
  int pipe_ends[2];
  int done[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  ASSERT_EQ(pipe(done), 0);
  const pid_t child = Fork([&]() -> std::string {
    auto server = mock::Server::Create(ConfigWithRows(true));
    if (!server.ok()) return server.status().ToString();
    server_ = *std::move(server);
    auto client = Connect(GrpcUrl());
    if (!client.ok()) return client.status().ToString();
    const std::string wrong = AskFor(*client, 1, 3);
    const std::string address = server_->grpc_address() + "\n";
    if (write(pipe_ends[1], address.data(), address.size()) < 0) return "write";
    char byte = 0;
    close(done[1]);
    (void)!read(done[0], &byte, 1);  // Until the parent closes it.
    return wrong;
  });
  std::string address;
  close(pipe_ends[1]);
  for (char byte = 0; read(pipe_ends[0], &byte, 1) == 1 && byte != '\n';) address += byte;
  auto client = Connect("http://" + address + "?transport=grpc");
  EXPECT_TRUE(client.ok()) << client.status();
  if (client.ok()) {
    EXPECT_EQ(AskFor(*client, 0, 3), "");
  }
  close(done[0]);
  close(done[1]);
  close(pipe_ends[0]);
  EXPECT_EQ(StatusOfChild(child), 0);
}

}  // namespace
}  // namespace tql
