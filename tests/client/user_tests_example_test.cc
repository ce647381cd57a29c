// How a program that uses tql can be tested: with a mock transport and with its own mock server.
// These are the examples of tql/mocks.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tql/client.h"
#include "tql/mocks/fork_fixture.h"
#include "tql/mocks/matchers.h"
#include "tql/mocks/mock_transport.h"
#include "tql/mocks/server_fixture.h"

namespace {

using ::testing::_;
using ::testing::HasSubstr;
using ::testing::Not;
using tql::StatusCode;
using namespace tql::mocks;

// The code under test, which receives a client.
tql::StatusOr<double> Turnover(tql::Client& client, const std::string& region) {
  double sum = 0;
  for (auto& row : client.Query("select region, amount from sale;").rows<std::string, double>()) {
    if (!row) return row.status();
    if (std::get<0>(*row) == region) sum += std::get<1>(*row);
  }
  return sum;
}

TEST(WithAMockTransport, ScriptedResponses) {
  auto transport = std::make_shared<MockTransport>();
  EXPECT_CALL(*transport, Query(_)).WillOnce([](const tql::QueryParams&) {
    using tql::ColumnType;
    return tql::StatusOr<std::unique_ptr<tql::ResultStream>>(
        std::make_unique<FakeResultStream>(std::vector<FakeEvent>{
            tql::Header{{{"region", ColumnType::kVarchar}, {"amount", ColumnType::kDouble}}},
            FakeRow{"north", "1.5"}, FakeRow{"south", "7"}, FakeRow{"north", "2"},
            tql::StatementEnd{}}));
  });
  tql::Client client(transport);
  EXPECT_THAT(Turnover(client, "north"), IsOkAndHolds(3.5));
}

TEST(WithAMockTransport, ErrorsComeAtWill) {
  auto transport = std::make_shared<MockTransport>();
  EXPECT_CALL(*transport, Query(_)).WillOnce([](const tql::QueryParams&) {
    return tql::StatusOr<std::unique_ptr<tql::ResultStream>>(tql::UnavailableError("away"));
  });
  tql::Client client(transport);
  EXPECT_THAT(Turnover(client, "north"), StatusIs(StatusCode::kUnavailable, "away"));
}

TEST(WithARow, MadeByHand) {
  const tql::Row row = MakeRow({{"id", tql::ColumnType::kInt}, {"name", {}}}, {"7", std::nullopt});
  EXPECT_THAT(row, RowIs({"7", std::nullopt}));
  EXPECT_THAT(row, Not(RowIs({"7", "(null)"})));
  EXPECT_THAT(row.get<std::string>("name"), StatusIs(StatusCode::kFailedPrecondition));
}

class SalesTest : public tql::mock::ServerTest {
 protected:
  SalesTest() {
    config.init_scripts = {
        "create database sales; use sales;"
        "create table sale (region varchar(9), amount double);"
        "insert into sale values ('north', 1.5); insert into sale values ('south', null);"};
    options.database = "sales";
  }
};

TEST_F(SalesTest, RunsAgainstARealServer) {
  EXPECT_THAT(client().QueryTable("select region, amount from sale order by region;"),
              IsOkAndHolds(RowsAre({{"north", "1.5"}, {"south", std::nullopt}})));
  EXPECT_THAT(client().QueryValue<int>("select count(*) from sale;"), IsOkAndHolds(2));
}

TEST_F(SalesTest, EachTestHasItsOwnServer) {
  EXPECT_THAT(client().Execute("drop table sale;").status, IsOk());
  EXPECT_THAT(Turnover(client(), "north"),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("sale")));
  EXPECT_THAT(NewClient(), IsOk());
}

class SalesOverHttpTest : public SalesTest {
 protected:
  SalesOverHttpTest() { in_process = false; }
};

TEST_F(SalesOverHttpTest, GoesOverASocket) {
  EXPECT_THAT(client().Execute("selec 1;").status, StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(client().QueryValue<double>("select sum(amount) from sale;"), IsOkAndHolds(1.5));
}

class SharedSalesTest : public tql::mock::ForkTest {
 protected:
  SharedSalesTest() { options.database = "sales"; }
  static void SetUpTestSuite() {
    StartServer({.init_scripts = {"create database sales; use sales;"
                                  "create table sale (region varchar(9), amount double);"
                                  "insert into sale values ('north', 1.5);"}});
  }
};

TEST_F(SharedSalesTest, AnInsertIsRefused) {
  EXPECT_EQ(space().SetPlan("rule: [{match: {kind: [INSERT]}, do: [{status: {http: 503}}]}]"),
            tql::Status());
  EXPECT_THAT(client().Execute("insert into sale values ('east', 4);").status,
              StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(space().Verify("{expect: [{match: {kind: [INSERT]}, exactly: 1}]}"), tql::Status());
}

TEST_F(SharedSalesTest, AnAnswerIsLost) {
  tql::mock::Rule lost{
      .match = {.kind = {"INSERT"}, .table = {"sale"}},
      .actions = {tql::mock::Cut{.run = tql::mock::Run::kFirst,  // the rows are stored
                                 .how = tql::mock::Cut::How::kReset}}};
  EXPECT_EQ(space().SetPlan({.rules = {lost}}), tql::Status());
  EXPECT_THAT(client().Execute("insert into sale values ('east', 4);").status,
              StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(space().Verify({.expect = {{.match = {.kind = {"INSERT"}}, .exactly = 1}}}),
            tql::Status());
  EXPECT_THAT(client().QueryValue<int>("select count(*) from sale;"), IsOkAndHolds(2));
}

TEST_F(SharedSalesTest, ATestChangesItsOwnData) {
  EXPECT_THAT(client().Execute("drop table sale;").status, IsOk());
}

TEST_F(SharedSalesTest, OtherTestsSeeNoChange) {
  EXPECT_THAT(Turnover(client(), "north"), IsOkAndHolds(1.5));
  EXPECT_THAT(server().Namespaces(), ::testing::SizeIs(2));
}

class SharedSalesOverHttpTest : public SharedSalesTest {
 protected:
  SharedSalesOverHttpTest() { in_process = false; }
};

TEST_F(SharedSalesOverHttpTest, ARowIsLost) {
  EXPECT_EQ(space().SetPlan("rule: [{match: {kind: [SELECT]}, do: [{cut: {at: {row: 0}}}]}]"),
            tql::Status());
  EXPECT_THAT(Turnover(client(), "north"), StatusIs(StatusCode::kUnavailable));
}

/// A test whose rule is not used.
class ForgetfulTest : public SharedSalesTest {
 public:
  using SharedSalesTest::SetUpTestSuite;
  using SharedSalesTest::TearDownTestSuite;
  void Run() {
    SetUp();
    EXPECT_EQ(space().SetPlan("rule: [{match: {kind: [DELETE]}}]"), tql::Status());
    TearDown();
  }
  void TestBody() override {}
};

TEST(ForkTest, AnUnusedRuleFailsTheTest) {
  ForgetfulTest::SetUpTestSuite();
  EXPECT_NONFATAL_FAILURE(ForgetfulTest().Run(), "rule r1 acted 0 of 1 times");
  ForgetfulTest::TearDownTestSuite();
}

}  // namespace
