// The client against the mock server, over a real socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <future>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tql/client.h"
#include "tql/mock/server.h"
#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

class MockServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    mock::Config config{.https = "off", .password_hash_rounds = 1000};
    config.init_scripts = {
        "create database d; use d;"
        "create table t (b bool, i int, g bigint, f float, x double, v varchar(20), d date,"
        " dt datetime, tm time);"
        "create table n (k int);"};
    auto server = mock::Server::Create(std::move(config));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    Options options;
    options.user = mock::kDefaultUser;
    options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
    options.database = "d";
    StatusOr<Client> client = Client::Connect(server_->http_url(), options);
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  std::unique_ptr<mock::Server> server_;
  Client client_{nullptr};
};

TEST_F(MockServerTest, ReadsEveryType) {
  using namespace std::chrono;
  ASSERT_EQ(client_
                .Execute("insert into t values (true, -2147483647, 9007199254740993, 0.5, -1.25,"
                         " 'a b', '2024-02-29', '2024-02-29 23:59:58', '12:34:56');")
                .status,
            Status());
  StatusOr<Table> table = client_.QueryTable("select * from t;");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 1u);
  const Row& row = (*table)[0];
  EXPECT_TRUE(*row.get<bool>("b"));
  EXPECT_EQ(*row.get<std::int32_t>("i"), -2147483647);
  EXPECT_EQ(*row.get<std::int64_t>("g"), 9007199254740993);
  EXPECT_EQ(*row.get<float>("f"), 0.5f);
  EXPECT_EQ(*row.get<double>("x"), -1.25);
  EXPECT_EQ(*row.get<std::string_view>("v"), "a b");
  EXPECT_EQ(*row.get<year_month_day>("d"), 2024y / February / 29);
  EXPECT_EQ(*row.get<sys_seconds>("dt"), sys_days(2024y / February / 29) + 23h + 59min + 58s);
  EXPECT_EQ(*row.get<seconds>("tm"), 12h + 34min + 56s);
  EXPECT_EQ(*client_.QueryValue<std::int64_t>("select count(*) from t;"), 1);
}

TEST_F(MockServerTest, DistinguishesNullFromText) {
  ASSERT_EQ(client_.Execute("insert into t (i, v) values (1, '(null)');").status, Status());
  ASSERT_EQ(client_.Execute("insert into t (i, v) values (2, null);").status, Status());
  StatusOr<Table> table = client_.QueryTable("select v from t order by i;");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 2u);
  EXPECT_EQ(*(*table)[0].get<std::optional<std::string>>(0), "(null)");
  EXPECT_EQ(*(*table)[1].get<std::optional<std::string>>(0), std::nullopt);
  EXPECT_EQ((*table)[1].text(0), "(null)");
}

TEST_F(MockServerTest, PagesCoverTheWholeResult) {
  std::string script;
  for (int i = 0; i < 60; ++i) script += "insert into n values (" + std::to_string(i) + ");";
  ScriptResult inserted = client_.RunScript(script);
  while (inserted.Next()) {
  }
  ASSERT_EQ(inserted.status(), Status());
  for (const int size : {7, 20, 60, 61}) {
    int next = 0;
    int pages = 0;
    for (auto& page : client_.Pages("select k from n order by k;", size)) {
      ASSERT_TRUE(page.ok()) << page.status();
      ++pages;
      EXPECT_LE(page->size(), static_cast<std::size_t>(size));
      for (const Row& row : *page) EXPECT_EQ(*row.get<int>(0), next++);
    }
    EXPECT_EQ(next, 60) << size;
    EXPECT_EQ(pages, (60 + size - 1) / size) << size;
  }
}

TEST_F(MockServerTest, LongTimeouts) {
  Options options;
  options.user = mock::kDefaultUser;
  options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
  options.connect_timeout = options.call_timeout = options.query_timeout =
      std::chrono::milliseconds::max();
  StatusOr<Client> client = Client::Connect(server_->http_url(), options);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(*client->QueryValue<int>("select 1;"), 1);
  EXPECT_EQ(*client->QueryValue<int>("select 2;", {.timeout = std::chrono::milliseconds::max()}),
            2);
}

TEST_F(MockServerTest, RejectsInvalidOptions) {
  const auto connected = [&](auto change) {
    Options options;
    change(options);
    const StatusCode http = Client::Connect(server_->http_url(), options).status().code();
    EXPECT_EQ(Client::Connect("tql://127.0.0.1?transport=grpc", options).status().code(), http);
    return http;
  };
  using std::chrono::milliseconds;
  EXPECT_EQ(connected([](Options&) {}), StatusCode::kOk);
  for (const milliseconds time : {milliseconds(0), milliseconds(-1), milliseconds::min()}) {
    EXPECT_EQ(connected([&](Options& o) { o.connect_timeout = time; }),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(connected([&](Options& o) { o.call_timeout = time; }), StatusCode::kInvalidArgument);
    EXPECT_EQ(connected([&](Options& o) { o.query_timeout = time; }), StatusCode::kInvalidArgument);
  }
  for (const char* name : {"a\r\nX-Other: 1", "a\nb", "\x7f", "caf\xc3\xa9"}) {
    EXPECT_EQ(connected([&](Options& o) { o.application = name; }), StatusCode::kInvalidArgument)
        << name;
  }
}

TEST_F(MockServerTest, PagesEndWithAnError) {
  std::vector<StatusCode> codes;
  for (auto& page : client_.Pages("select nothing from nowhere;", 10)) {
    codes.push_back(page.status().code());
  }
  EXPECT_EQ(codes, (std::vector{StatusCode::kFailedPrecondition}));
  for (auto& page : client_.Pages("select k from n;", 0)) {
    EXPECT_EQ(page.status().code(), StatusCode::kInvalidArgument);
  }
}

TEST(PagesTest, EndAtLargestRowNumber) {
  const auto transport = std::make_shared<testing::NiceMock<mocks::MockTransport>>();
  ON_CALL(*transport, Query(testing::_)).WillByDefault([](const QueryParams&) {
    return StatusOr<std::unique_ptr<ResultStream>>(
        std::make_unique<mocks::FakeResultStream>(std::vector<mocks::FakeEvent>{
            Header{{{"n", ColumnType::kInt}}}, mocks::FakeRow{"1"}, StatementEnd{}}));
  });
  Client client(transport, {});
  RequestOptions request;
  request.statement.pagination_start = std::numeric_limits<std::int64_t>::max();
  int pages = 0;
  for (auto& page : client.Pages("select n from t;", 1, request)) {
    ASSERT_TRUE(page.ok()) << page.status();
    ASSERT_EQ(++pages, 1);
  }
}

TEST_F(MockServerTest, AsyncCalls) {
  auto script = client_.RunScriptAsync("insert into n values (1); select k from n; select nope;");
  const std::vector<StatusOr<Table>> tables = script.get();
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_TRUE(tables[0].ok());
  ASSERT_TRUE(tables[1].ok());
  EXPECT_EQ(*(*tables[1])[0].get<int>(0), 1);
  EXPECT_FALSE(tables[2].ok());
  std::vector<std::future<StatusOr<Table>>> futures;
  for (int i = 0; i < 16; ++i) futures.push_back(client_.QueryTableAsync("select k from n;"));
  for (auto& future : futures) EXPECT_EQ(future.get().value().size(), 1u);
}

TEST_F(MockServerTest, AsyncCallUpdatesContext) {
  ASSERT_EQ(client_.ExecuteAsync("create database e;").get().status, Status());
  ASSERT_EQ(client_.ExecuteAsync("use e;").get().status, Status());
  EXPECT_EQ(client_.context().database, "e");
}

TEST_F(MockServerTest, AsyncCallCanBeCancelled) {
  std::stop_source stop;
  stop.request_stop();
  RequestOptions request;
  request.stop = stop.get_token();
  EXPECT_EQ(client_.ExecuteAsync("select 1;", request).get().status.code(), StatusCode::kCancelled);
  EXPECT_EQ(client_.QueryTableAsync("select 1;").get().status(), Status());
}

// Copies share one connection pool and one login.
TEST_F(MockServerTest, ConcurrentCopies) {
  constexpr int kThreads = 16;
  constexpr int kCalls = 10;
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i, copy = client_]() mutable {
        for (int n = 0; n < kCalls; ++n) {
          const int value = i * kCalls + n;
          const std::string text = std::to_string(value);
          if (!copy.Execute("insert into n values (" + text + ");").status.ok()) continue;
          const auto got = copy.QueryValue<int>("select k from n where k = " + text + ";");
          if (got.ok() && *got == value) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, kThreads * kCalls);
  EXPECT_EQ(*client_.QueryValue<int>("select count(*) from n;"), kThreads * kCalls);
}

TEST_F(MockServerTest, ClientIsUsableAfterCancellation) {
  std::stop_source stop;
  RequestOptions request;
  request.stop = stop.get_token();
  QueryResult result = client_.Query("select 1;", request);
  stop.request_stop();
  EXPECT_EQ(client_.Execute("select 1;", request).status.code(), StatusCode::kCancelled);
  EXPECT_EQ(*client_.QueryValue<int>("select 1;"), 1);
}

TEST_F(MockServerTest, FailsOver) {
  auto other = mock::Server::Create({.https = "off"});
  ASSERT_TRUE(other.ok()) << other.status();
  const std::string first = server_->http_url();
  const std::string second = "127.0.0.1:" + std::to_string((*other)->http_port());
  Options options;
  options.user = mock::kDefaultUser;
  options.credentials = Credentials::Password(std::string(mock::kDefaultPassword));
  options.retry.max_attempts = 1;
  StatusOr<Client> client = Client::Connect(first + "," + second, options);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ(client->Execute("use d;").status, Status());
  client->set_context({});
  server_->Stop();
  // A statement that modifies data. It was not sent to the first server, so it may be sent to the
  // second one, where the client logs in first.
  EXPECT_EQ(client->Execute("create database e;").status, Status());
  EXPECT_NE(client->Execute("use d;").status, Status());
  (*other)->Stop();
  const Status status = client->Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  EXPECT_NE(status.message().find("; "), std::string::npos) << "names both: " << status;
}

}  // namespace
}  // namespace tql
