// Namespaces of a server, as its clients see them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tql/client.h"
#include "tql/mock/server.h"

namespace tql::mock {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<Server> Start(Config config) {
  config.password_hash_rounds = 1000;  // no test of passwords
  auto server = Server::Create(std::move(config));
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

/// A client that is logged in.
Client ClientOf(std::shared_ptr<Transport> transport, const std::string& user = "tsadmin") {
  Client client(std::move(transport));
  EXPECT_EQ(client.Login(user, "admin"), Status());
  return client;
}

std::int64_t Rows(Client& client) {
  auto rows = client.QueryValue<std::int64_t>("select count(*) from d.falcon_default_schema.t;");
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.ok() ? *rows : -1;
}

Status Insert(Client& client, int key) {
  return client
      .Execute("insert into d.falcon_default_schema.t values (" + std::to_string(key) + ", 'x');")
      .status;
}

/// What the process has of memory now.
std::size_t ResidentBytes() {
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

constexpr const char* kTable =
    "create database d; use d; create table t (k int, s varchar(0), primary key (k));";

TEST(ForkTest, AHundredMegabytesAreSharedUntilSomebodyWrites) {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  // One row of 1,000 characters, doubled 17 times: 131,072 rows.
  std::string script = kTable;
  script += "insert into t values (0, '" + std::string(1000, 'x') + "');";
  for (int rows = 1; rows < 131'072; rows *= 2) {
    script += "insert into t select k + " + std::to_string(rows) + ", s from t;";
  }
  const std::size_t empty = ResidentBytes();
  const auto server = Start({.https = "off", .http = "off", .init_scripts = {script}});
  ASSERT_TRUE(server);
  const std::size_t filled = ResidentBytes();
  ASSERT_GT(filled, empty + 100 * kMiB);

  std::vector<Namespace> forks;
  for (int i = 0; i < 10; ++i) {
    auto fork = server->Fork("t" + std::to_string(i));
    ASSERT_TRUE(fork.ok()) << fork.status();
    forks.push_back(*fork);
  }
  EXPECT_LT(ResidentBytes(), filled + 1 * kMiB);

  Client main = ClientOf(server->InProcess());
  for (std::size_t i = 0; i < forks.size(); ++i) {
    Client client = ClientOf(forks[i].InProcess());
    EXPECT_EQ(Rows(client), 131'072);
    for (std::size_t row = 0; row <= i; ++row) {
      ASSERT_EQ(Insert(client, 1'000'000 + static_cast<int>(row)), Status());
    }
    EXPECT_EQ(Rows(client), 131'073 + static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(Rows(main), 131'072);
// Sanitizers keep freed memory.
#if !defined(__SANITIZE_ADDRESS__) && !defined(TQLKIT_TSAN)
  EXPECT_LT(ResidentBytes(), filled + 10 * 8 * kMiB);  // no fork has a copy
#endif
  ASSERT_EQ(main.Execute("drop table d.falcon_default_schema.t;").status, Status());
  Client last = ClientOf(forks.back().InProcess());
  EXPECT_EQ(Rows(last), 131'082);
}

TEST(ForkTest, ALoginChoosesItsNamespaceByTheUserName) {
  const auto server = Start({.https = "off",
                             .users = {{"tsadmin", "admin"}, {"ann+t1", "admin"}},
                             .init_scripts = {kTable}});
  ASSERT_TRUE(server);
  auto fork = server->Fork("t1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  EXPECT_EQ(fork->name(), "t1");
  EXPECT_EQ(fork->UserName(), "tsadmin+t1");
  Options options{.user = fork->UserName(), .credentials = Credentials::Password("admin")};
  auto over_http = Client::Connect(server->http_url(), options);
  ASSERT_TRUE(over_http.ok()) << over_http.status();
  ASSERT_EQ(Insert(*over_http, 1), Status());
  Client in_process = ClientOf(server->InProcess(), "tsadmin+t1");
  EXPECT_EQ(Rows(in_process), 1);
  Client main = ClientOf(server->InProcess());
  EXPECT_EQ(Rows(main), 0);
  Client whole_name = ClientOf(server->InProcess(), "ann+t1");  // there is a user of that name
  EXPECT_EQ(Rows(whole_name), 0);

  Client unknown(server->InProcess());
  const Status refused = unknown.Login("tsadmin+t2", "admin");
  EXPECT_EQ(refused.code(), StatusCode::kUnauthenticated);
  EXPECT_THAT(refused.message(), HasSubstr("unknown namespace \"t2\""));
  EXPECT_THAT(unknown.Login("tsadmin+t2", "wrong").message(),
              ::testing::Not(HasSubstr("namespace")));
}

TEST(ForkTest, SessionsAreOfTheNamespaceThatHasTheName) {
  const auto server = Start({.https = "off", .http = "off", .init_scripts = {kTable}});
  ASSERT_TRUE(server);
  auto fork = server->Fork("t1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  Client client = ClientOf(fork->InProcess());
  ASSERT_EQ(Insert(client, 1), Status());
  ASSERT_TRUE(server->Fork("t1").ok());  // as it was
  EXPECT_EQ(Rows(client), 0);
  ASSERT_EQ(Insert(client, 2), Status());
  ASSERT_TRUE(server->Fork("t2", "t1").ok());
  EXPECT_EQ(server->Namespaces(), (std::vector<std::string>{"main", "t1", "t2"}));
  ASSERT_EQ(server->Remove("t1"), Status());
  EXPECT_EQ(client.Execute("show databases;").status.code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(server->Fork("t3", "t1").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(server->Fork("main").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(server->Fork("main", "").status(), Status());
}

TEST(ForkTest, AStoppedServerForksNothing) {
  const auto server = Start({.https = "off", .http = "off"});
  ASSERT_TRUE(server);
  server->Stop();
  EXPECT_EQ(server->Fork("t1").status().code(), StatusCode::kUnavailable);
}

TEST(ForkTest, TestsMoveTheTimeOfANamespace) {
  using std::chrono::sys_days;
  using std::chrono::year;
  const sys_days start = year(2030) / 1 / 1;
  const auto server = Start({.https = "off", .http = "off", .time = start, .freeze_time = true});
  ASSERT_TRUE(server);
  auto fork = server->Fork("t1");
  ASSERT_TRUE(fork.ok()) << fork.status();
  const auto expect_time = [&](const Namespace& space,
                               std::chrono::system_clock::time_point expected) {
    const auto time = space.Time();
    ASSERT_TRUE(time.ok()) << time.status();
    EXPECT_EQ((*time - expected).count(), 0);
  };
  expect_time(*fork, start);
  EXPECT_EQ(fork->AdvanceTime(std::chrono::hours(1)), Status());
  expect_time(*fork, start + std::chrono::hours(1));
  expect_time(server->Main(), start);
  EXPECT_EQ(fork->SetTime(sys_days(year(2020) / 1 / 1)), Status());
  expect_time(*fork, sys_days(year(2020) / 1 / 1));
  EXPECT_EQ(fork->AdvanceTime(std::chrono::hours(-1)).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(fork->SetTime(sys_days(year(2200) / 1 / 1)).code(), StatusCode::kInvalidArgument);
  expect_time(*fork, sys_days(year(2020) / 1 / 1));
  EXPECT_EQ(fork->FreezeTime(false), Status());
  EXPECT_EQ(fork->UseRealTime(), Status());
  const auto now = std::chrono::system_clock::now();
  const auto real = fork->Time();
  ASSERT_TRUE(real.ok());
  EXPECT_GE((*real - now).count(), 0);
  EXPECT_EQ(server->Find("t2").Time().status().code(), StatusCode::kNotFound);
  EXPECT_EQ(server->Find("t2").FreezeTime().code(), StatusCode::kNotFound);
}

TEST(ForkTest, AStartOutOfRangeIsAnError) {
  const auto server = Server::Create(
      {.https = "off", .http = "off", .time = std::chrono::system_clock::time_point::max()});
  EXPECT_EQ(server.status().code(), StatusCode::kInvalidArgument);
}

/// What a client reads of rows without an order, and of a script with guids.
std::string ReadAll(std::shared_ptr<Transport> transport) {
  Client client = ClientOf(std::move(transport));
  RequestOptions request;
  request.statement.script_guids = true;
  std::string text;
  for (const char* statement :
       {"create table d.falcon_default_schema.u (a int);",
        "insert into d.falcon_default_schema.u values (1), (2), (3), (4), (5), (6), (7), (8);",
        "select a from d.falcon_default_schema.u;", "script database d;"}) {
    QueryResult result = client.Query(statement, request);
    for (auto& row : result.rows<int>()) {
      text += row.ok() ? std::to_string(std::get<0>(*row)) : row.status().message();
    }
    for (const Message& message : result.messages()) text += message.text;
  }
  return text;
}

TEST(ForkTest, ASeedDeterminesWhatAClientReads) {
  const auto read = [](std::optional<std::uint64_t> seed) {
    const auto server = Start({.https = "off",
                               .http = "off",
                               .init_scripts = {kTable},
                               .seed = seed,
                               .unordered_rows = RowOrder::kShuffled});
    return server ? ReadAll(server->InProcess()) : "";
  };
  const std::string seven = read(7);
  EXPECT_THAT(seven, HasSubstr("CREATE TABLE"));
  EXPECT_EQ(seven, read(7));
  EXPECT_NE(seven, read(8));
  EXPECT_NE(seven, read(std::nullopt));
  EXPECT_EQ(seven.find("12345678"), std::string::npos) << "in the order of their insertion";
}

}  // namespace
}  // namespace tql::mock
