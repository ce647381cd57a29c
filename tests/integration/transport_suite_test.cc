// Guarantees for clients that hold for every transport.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/integration/transports.h"

namespace tql::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kSuccess = "message 0 Statement executed successfully. \n";
/// A thousand rows; their cross join with themselves yields a result of about 100 MB.
constexpr const char* kMany = "select a.x, b.x, a.s, b.s from many a, many b;";

mock::Config WithRows() {
  std::string script = "create database d; use d; create table many (x int, s varchar(0));";
  std::string rows;
  for (int i = 0; i < 1000; ++i) {
    rows += (i == 0 ? "" : ", ") + ("(" + std::to_string(i) + ", '" + std::string(40, 'x') + "')");
  }
  return {.init_scripts = {script + "insert into many values " + rows + ";"}};
}

Options InD() {
  Options options;
  options.database = "d";
  options.statement.query_results_apply_top_row_count = 0;
  options.retry.max_attempts = 1;
  return options;
}

QueryParams QueryOf(std::string statement) {
  QueryParams params;
  params.statement = std::move(statement);
  return params;
}

ScriptParams ScriptOf(std::string script) {
  ScriptParams params;
  params.script = std::move(script);
  return params;
}

class TransportSuite : public ::testing::TestWithParam<Way> {};

INSTANTIATE_TEST_SUITE_P(Ways, TransportSuite, ::testing::ValuesIn(AllWays()),
                         [](const auto& way) { return WayName(way.param); });

TEST_P(TransportSuite, StatementReturnsEvents) {
  Service service(GetParam(), {.init_scripts = {"create database d; use d; create table t (a int, "
                                                "b varchar(0)); insert into t values (1, 'é|');"}});
  Client client = service.Login(InD());
  // Two DDL statements have increased the version from 0.
  EXPECT_THAT(
      Record(client.Stream("select a, b from t;")),
      ElementsAre("context d falcon_default_schema 2", "header |a:INT |b:VARCHAR", "row |1 |é|",
                  "message 0 (1 result rows)\n", kSuccess, "end of statement", "end"));
}

TEST_P(TransportSuite, ScriptReturnsResultsInOrder) {
  Service service(GetParam());
  const auto transport = service.NewTransport();
  ASSERT_TRUE(transport->Login({"tsadmin", "admin", {}}).ok());
  const std::vector<std::string> lines = Record(transport->RunScript(
      ScriptOf("create database d; use nowhere; show databases; exit; show tables;")));
  EXPECT_EQ(std::ranges::count(lines, "end of statement"), 4);
  EXPECT_EQ(lines.back(), "end");
  EXPECT_THAT(lines, ::testing::Contains("message 0 create database d;\n"));
  EXPECT_THAT(lines, ::testing::Contains("message 0 d\n"));
  EXPECT_THAT(lines, ::testing::Contains(::testing::StartsWith("message 2 ")));
}

TEST_P(TransportSuite, NothingWithoutASession) {
  Service service(GetParam());
  const auto transport = service.NewTransport();
  const auto refused = [&] {
    EXPECT_EQ(transport->Query(QueryOf("show databases;")).status().code(),
              StatusCode::kUnauthenticated);
    EXPECT_EQ(transport->RunScript(ScriptOf("show databases;")).status().code(),
              StatusCode::kUnauthenticated);
    EXPECT_EQ(transport->GetTokens({}).status().code(), StatusCode::kUnauthenticated);
    EXPECT_EQ(transport->SchemaVersion({}).status().code(), StatusCode::kUnauthenticated);
  };
  refused();
  const Status wrong = transport->Login({"tsadmin", "wrong", {}});
  EXPECT_EQ(wrong.code(), StatusCode::kUnauthenticated);
  EXPECT_THAT(wrong.message(), HasSubstr("wrong user name or password"));
  refused();
  ASSERT_TRUE(transport->Login({"tsadmin", "admin", {}}).ok());
  EXPECT_TRUE(transport->SchemaVersion({}).ok());
  EXPECT_TRUE(transport->Logout({}).ok());
  refused();
}

TEST_P(TransportSuite, FailedLoginsAreRateLimited) {
  Service service(GetParam());
  Options options;
  options.retry.max_attempts = 1;
  Client client = service.Connect(options);
  Status status;
  for (int i = 0; i < 50 && status.code() != StatusCode::kResourceExhausted; ++i) {
    status = client.Login("tsadmin", "wrong");
  }
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(client.Login("tsadmin", "admin").code(), StatusCode::kResourceExhausted);
}

TEST_P(TransportSuite, ReopensExpiredSession) {
  Service service(GetParam(), {.session_idle_timeout = 1s});
  const std::shared_ptr<Transport> transport = service.NewTransport();
  const std::string user(mock::kDefaultUser);
  const std::string password(mock::kDefaultPassword);
  ASSERT_TRUE(transport->Login({user, password, {}}).ok());
  Client client = service.Login();
  std::this_thread::sleep_for(1100ms);
  EXPECT_EQ(transport->SchemaVersion({}).status().code(), StatusCode::kUnauthenticated);
  EXPECT_TRUE(client.SchemaVersion().ok());
  std::this_thread::sleep_for(1100ms);
  EXPECT_EQ(client.Execute("create database d;").status, Status());
}

TEST_P(TransportSuite, StatementsNeedThePrivilege) {
  Service service(GetParam(), {.users = {{"reader", "x", false}}});
  Client client = service.Connect();
  ASSERT_TRUE(client.Login("reader", "x").ok());
  const Status status = client.Execute("show databases;").status;
  EXPECT_EQ(status.code(), StatusCode::kPermissionDenied);
  EXPECT_THAT(status.message(), HasSubstr("User does not have required privileges."));
  EXPECT_EQ(client.RunScript("show databases;").status().code(), StatusCode::kPermissionDenied);
  // Over HTTP, as the vendor's client expects: as if not logged in.
  for (const TokenKind kind : {TokenKind::kStatic, TokenKind::kDynamic}) {
    EXPECT_THAT(client.GetTokens(kind).status().code(),
                AnyOf(StatusCode::kPermissionDenied, StatusCode::kUnauthenticated));
  }
  EXPECT_TRUE(client.SchemaVersion().ok());
}

TEST_P(TransportSuite, EmptyTextSucceeds) {
  Service service(GetParam());
  Client client = service.Login();
  for (const char* const text : {" -- nothing\n", ";", "", " ;; /* nothing */ "}) {
    EXPECT_EQ(client.Execute(text).status, Status()) << text;
    ScriptResult script = client.RunScript(text);
    std::optional<QueryResult> answer = script.Next();
    ASSERT_TRUE(answer) << text;
    EXPECT_EQ(answer->Finish(), Status()) << text;
    EXPECT_FALSE(script.Next()) << text;
    EXPECT_EQ(script.status(), Status()) << text;
  }
}

TEST_P(TransportSuite, ReadsAllResultsOfAQuery) {
  Service service(GetParam());
  Client client = service.Login();
  const QueryParams query = QueryOf("select 1 as a; use nowhere; select 2 as a; select 3 as a;");
  QueryResult result = client.Query(query.statement);
  std::vector<int> rows;
  for (auto& row : result.rows<int>()) {
    if (row) rows.push_back(std::get<0>(*row));
  }
  EXPECT_EQ(rows, std::vector<int>({1, 2, 3}));
  EXPECT_EQ(result.Finish().code(), StatusCode::kFailedPrecondition);  // One of them failed.
}

TEST_P(TransportSuite, TokensAndSchemaVersion) {
  Service service(GetParam(), WithRows());
  Client client = service.Login();
  const auto words = client.GetTokens(TokenKind::kStatic);
  ASSERT_TRUE(words.ok()) << words.status();
  EXPECT_THAT(words->tokens, ::testing::Contains(::testing::StrCaseEq("select")));
  EXPECT_FALSE(words->server_schema_version);
  const auto names = client.GetTokens(TokenKind::kDynamic);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(names->tokens, ::testing::Contains("many"));
  EXPECT_EQ(names->server_schema_version, client.SchemaVersion().value());
  ASSERT_TRUE(client.Execute("create database e;").status.ok());
  EXPECT_EQ(client.SchemaVersion().value(), *names->server_schema_version + 1);
}

TEST_P(TransportSuite, Questions) {
  Service service(GetParam(),
                  {.init_scripts = {"create database d; use d; create dimension table dim (a int, "
                                    "primary key (a)); create table f (a int, constraint foreign "
                                    "key (a) references dim (a));"}});
  Client client = service.Login(InD());
  EXPECT_EQ(client.Execute("drop table dim;").status.code(), StatusCode::kFailedPrecondition);
  for (const std::string reply : {"no", "yes"}) {
    int asked = 0;
    const RequestOptions request{.on_question = [&](const Question& question) {
      EXPECT_THAT(question.options, ::testing::Contains(reply));
      ++asked;
      return StatusOr<std::string>(reply);
    }};
    (void)client.Execute("drop table dim;", request);
    EXPECT_EQ(asked, 1) << reply;
    EXPECT_EQ(client.Execute("select * from dim;").status.ok(), reply == "no");
  }
}

TEST_P(TransportSuite, LongResponseIsComplete) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  std::uint64_t rows = 0;
  std::int64_t sum = 0;
  for (auto& row : client.Query("select a.x, b.x, b.s from many a, many b where a.x < 200;")
                       .rows<std::int64_t, std::int64_t, std::string_view>()) {
    ASSERT_TRUE(row.ok()) << row.status();
    sum += std::get<0>(*row) * 1000 + std::get<1>(*row);
    ASSERT_EQ(std::get<2>(*row).size(), 40U);
    ++rows;
  }
  EXPECT_EQ(rows, 200'000U);
  EXPECT_EQ(sum, std::int64_t{199'999} * 200'000 / 2);
}

TEST_P(TransportSuite, LongText) {
  Service service(GetParam(), {.init_scripts = {"create database d; use d; create table t (s "
                                                "varchar(0)); insert into t values ('');"}});
  Client client = service.Login(InD());
  const std::string text(std::size_t{6} << 20, 'y');
  ASSERT_TRUE(client.Execute("insert into t values ('" + text + "');").status.ok());
  std::vector<std::size_t> sizes;
  for (auto& row : client.Query("select s from t order by s;").rows<std::string_view>()) {
    ASSERT_TRUE(row.ok()) << row.status();
    sizes.push_back(std::get<0>(*row).size());
  }
  EXPECT_THAT(sizes, ElementsAre(0U, text.size()));
}

TEST_P(TransportSuite, InvalidUtf8) {
  Service service(GetParam());
  const std::shared_ptr<Transport> transport = service.NewTransport();
  Client client(transport);
  ASSERT_TRUE(
      client.Login(std::string(mock::kDefaultUser), std::string(mock::kDefaultPassword)).ok());
  QueryParams params;
  params.statement = "select 'a\xff' as s;";
  EXPECT_THAT(Record(transport->Query(params)), ::testing::Contains("row |a\xEF\xBF\xBD"));
  EXPECT_EQ(client.Execute(params.statement).status.code(), StatusCode::kInvalidArgument);
}

TEST_P(TransportSuite, RejectsTooLongRequest) {
  Service service(GetParam(), {.max_request_bytes = 2000});
  Options options;
  options.retry.max_attempts = 1;
  Client client = service.Login(options);
  const StatusCode code = client.Execute("select '" + std::string(3000, 'x') + "';").status.code();
  EXPECT_EQ(code, StatusCode::kInvalidArgument);
  EXPECT_TRUE(client.Execute("show databases;").status.ok());
}

TEST_P(TransportSuite, CancelStopsStatement) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  {
    QueryResult result = client.Query(kMany);
    auto row = result.Next();
    ASSERT_TRUE(row.ok() && *row) << row.status();
    std::thread other([&] { result.Cancel(); });
    other.join();
    while (row.ok()) row = result.Next();
    EXPECT_EQ(row.status().code(), StatusCode::kCancelled);
  }
  // A statement that kept running would hold the table's rows for longer than this test may take.
  EXPECT_TRUE(client.Execute("show databases;").status.ok());
}

TEST_P(TransportSuite, StopEndsResponse) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  std::stop_source stop;
  QueryResult result = client.Query(kMany, {.stop = stop.get_token()});
  auto row = result.Next();
  ASSERT_TRUE(row.ok() && *row) << row.status();
  std::thread other([&] { stop.request_stop(); });
  while (row.ok() && *row) row = result.Next();
  other.join();
  EXPECT_EQ(row.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(result.Next().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(client.QueryValue<int>("select count(*) from many;").value(), 1000);
}

TEST_P(TransportSuite, StopEndsScript) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  std::stop_source stop;
  ScriptResult script =
      client.RunScript(std::string(kMany) + " show databases;", {.stop = stop.get_token()});
  std::optional<QueryResult> first = script.Next();
  ASSERT_TRUE(first) << script.status();
  auto row = first->Next();
  ASSERT_TRUE(row.ok() && *row) << row.status();
  std::thread other([&] { stop.request_stop(); });
  while (row.ok() && *row) row = first->Next();
  other.join();
  EXPECT_EQ(row.status().code(), StatusCode::kCancelled);
  EXPECT_FALSE(script.Next());
  EXPECT_EQ(script.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(client.QueryValue<int>("select count(*) from many;").value(), 1000);
}

TEST_P(TransportSuite, StopEndsStatementWithoutResponse) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  std::stop_source stop;
  std::thread other([&] { stop.request_stop(); });
  const Status status =
      client
          .Execute("select count(*) from many a, many b, many c, many d where a.x+b.x+c.x+d.x < 0;",
                   {.stop = stop.get_token()})
          .status;
  other.join();
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
}

TEST_P(TransportSuite, DeadlineCoversWholeCall) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  EXPECT_EQ(
      client
          .Execute("select count(*) from many a, many b, many c, many d where a.x+b.x+c.x+d.x < 0;",
                   {.timeout = 100ms})
          .status.code(),
      StatusCode::kDeadlineExceeded);
  QueryResult result = client.Query(kMany, {.timeout = 200ms});
  auto row = result.Next();
  while (row.ok() && *row) row = result.Next();
  EXPECT_EQ(row.status().code(), StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(client.Execute("show databases;").status.ok());
}

TEST_P(TransportSuite, DisconnectEndsStatements) {
  mock::Config config = WithRows();
  config.threads = 4;
  Service service(GetParam(), config);
  Client client = service.Login(InD());
  // More than there are threads: if they did not end, the last would wait forever.
  for (int i = 0; i < 12; ++i) {
    QueryResult result = client.Query(kMany);
    ASSERT_TRUE(result.Next().ok());
  }
  EXPECT_TRUE(client.Execute("show databases;").status.ok());
}

TEST_P(TransportSuite, ServerStopEndsCalls) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  QueryResult result = client.Query(kMany);
  auto row = result.Next();
  ASSERT_TRUE(row.ok() && *row) << row.status();
  service.server().Stop(10ms);
  while (row.ok() && *row) row = result.Next();
  EXPECT_FALSE(row.ok());
  EXPECT_NE(row.status().code(), StatusCode::kCancelled);  // Nobody cancelled it.
  EXPECT_EQ(client.Execute("show databases;").status.code(), StatusCode::kUnavailable);
}

class Recorder : public CallObserver {
 public:
  void OnStart(const CallInfo& call) override { ids.push_back("start " + call.request_id); }
  void OnEnd(const CallInfo& call, const CallOutcome& outcome) override {
    ids.push_back("end " + call.request_id);
    last = outcome;
  }
  std::vector<std::string> ids;
  CallOutcome last;
};

TEST_P(TransportSuite, RequestIdReachesServerLog) {
  std::mutex mutex;
  std::vector<std::string> log;
  mock::Config config = WithRows();
  config.log = [&](mock::LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    log.emplace_back(line);
  };
  const auto recorder = std::make_shared<Recorder>();
  {
    Service service(GetParam(), std::move(config));
    Options options = InD();
    options.observer = recorder;
    Client client = service.Login(options);
    recorder->ids.clear();
    RequestOptions request;
    request.request_id = "r-17";
    ASSERT_EQ(client.Execute("select top 3 x, s from many;", request).status, Status());
    EXPECT_THAT(recorder->ids, ElementsAre("start r-17", "end r-17"));
    EXPECT_EQ(recorder->last.rows, 3U);
    EXPECT_EQ(recorder->last.attempts, 1);
    EXPECT_GE(recorder->last.bytes, 3U * 41);
  }
  // The server has stopped, so the log is complete.
  const auto logged = ::testing::Contains(HasSubstr(", request r-17, "));
  if (GetParam() == Way::kInProcess) {
    EXPECT_THAT(log, ::testing::Not(logged));  // Calls in process are not logged.
  } else {
    EXPECT_THAT(log, logged);
  }
}

TEST_P(TransportSuite, ManyThreadsShareAClient) {
  Service service(GetParam(), WithRows());
  Client client = service.Login(InD());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([copy = client]() mutable {
      for (int n = 0; n < 10; ++n) {
        EXPECT_EQ(copy.QueryValue<int>("select count(*) from many;").value(), 1000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tql::testing
