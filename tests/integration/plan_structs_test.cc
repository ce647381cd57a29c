// Plans and verifications as C++ structs, over every transport.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/integration/transports.h"
#include "tql/mocks/matchers.h"

namespace tql::testing {
namespace {

using mock::Match;
using mocks::IsOk;
using mocks::IsOkAndHolds;
using mocks::RowsAre;
using mocks::StatusIs;
using ::testing::HasSubstr;

Match::Transport TransportOf(Way way) {
  switch (way) {
    case Way::kHttp:
      return Match::Transport::kHttp;
    case Way::kHttps:
      return Match::Transport::kHttps;
    case Way::kGrpc:
    case Way::kGrpcTls:
      return Match::Transport::kGrpc;
    case Way::kInProcess:
      break;
  }
  return Match::Transport::kInProcess;
}

class PlanStructsTest : public ::testing::TestWithParam<Way> {
 protected:
  PlanStructsTest()
      : service_(GetParam(), {.init_scripts = {"create database d; use d;"
                                               "create table t (a int, b varchar(0));"
                                               "insert into t values (1, 'one'), (2, 'two');"}}),
        client_(service_.Login({.database = "d", .retry = {.max_attempts = 1}})),
        space_(service_.server().Main()) {}

  Service service_;
  Client client_;
  mock::Namespace space_;
};

INSTANTIATE_TEST_SUITE_P(Ways, PlanStructsTest, ::testing::ValuesIn(AllWays()),
                         [](const auto& way) { return WayName(way.param); });

TEST_P(PlanStructsTest, ARefusalThatIsSkippedOnce) {
  ASSERT_THAT(
      space_.SetPlan({.rules = {{.id = "busy",
                                 .match = {.transport = {TransportOf(GetParam())},
                                           .kind = {"SELECT"},
                                           .table = {"t"}},
                                 .skip = 1,
                                 .times = 2,
                                 .actions = {mock::Refusal{.http = 503, .message = "busy"}}}}}),
      IsOk());
  EXPECT_THAT(client_.QueryValue<int>("select count(*) from t;"), IsOkAndHolds(2));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(client_.QueryValue<int>("select count(*) from t;"),
                StatusIs(StatusCode::kUnavailable, HasSubstr("busy")));
  }
  EXPECT_THAT(client_.QueryValue<int>("select count(*) from t;"), IsOkAndHolds(2));
  EXPECT_THAT(space_.Verify(), IsOk());
  EXPECT_THAT(space_.Verify({.expect = {{.match = {.transport = {TransportOf(GetParam())},
                                                   .outcome = {Match::Outcome::kRefused},
                                                   .rule = "busy"},
                                         .exactly = 2}}}),
              IsOk());
}

TEST_P(PlanStructsTest, AnAnswerThatIsLostAfterItsEffect) {
  ASSERT_THAT(
      space_.SetPlan(
          {.rules = {{.match = {.like = "insert into t values (?, ?)", .literal = {"3", "*"}},
                      .actions = {mock::Cut{.run = mock::Run::kFirst,
                                            .how = mock::Cut::How::kReset}}}}}),
      IsOk());
  EXPECT_THAT(client_.Execute("insert into t values (3, 'three');").status,
              StatusIs(StatusCode::kUnavailable));
  Client other = service_.Login({.database = "d"});
  EXPECT_THAT(other.QueryValue<std::string>("select b from t where a = 3;"), IsOkAndHolds("three"));
}

TEST_P(PlanStructsTest, RowsThatChangePlacesAndAreCut) {
  ASSERT_THAT(space_.SetPlan(
                  {.rules = {{.match = {.kind = {"SELECT"}},
                              .actions = {mock::Edit{.at = mock::Position::Row(0), .swap = true}}},
                             {.match = {.kind = {"SELECT"}},
                              .actions = {mock::Cut{.at = mock::Position::Row(1)}}}}}),
              IsOk());
  EXPECT_THAT(client_.QueryTable("select a from t order by a;"),
              IsOkAndHolds(RowsAre({{"2"}, {"1"}})));
  EXPECT_THAT(client_.QueryTable("select a from t order by a;"),
              StatusIs(StatusCode::kUnavailable));
}

TEST_P(PlanStructsTest, ACannedAnswerThatIsAdded) {
  ASSERT_THAT(space_.SetPlan(
                  {.settings = {.fail_unmatched = true}, .rules = {{.match = {.kind = {"USE"}}}}}),
              IsOk());
  ASSERT_THAT(
      space_.AddRule({.match = {.exact = "show cluster status"},
                      .times = 0,
                      .actions = {mock::Answer{.results = {{.columns = {{"node"}, {"n", "BIGINT"}},
                                                            .rows = {{"a", "9223372036854775807"}},
                                                            .messages = {{.text = "Done.\n"}}}}}}}),
      IsOk());
  EXPECT_THAT(client_.QueryTable("show cluster status;"),
              IsOkAndHolds(RowsAre({{"a", "9223372036854775807"}})));
  EXPECT_THAT(client_.QueryTable("select a from t;"),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("No rule of the plan")));
  EXPECT_THAT(space_.Verify(), StatusIs(StatusCode::kFailedPrecondition, HasSubstr("r1 acted 0")));
}

TEST_P(PlanStructsTest, MistakesNameTheField) {
  EXPECT_THAT(space_.SetPlan({.rules = {{}, {.match = {.like = "selekt 1"}}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("rule[1].match.like: ")));
  EXPECT_THAT(space_.Verify({.expect = {{.exactly = 1, .at_most = 2}}}),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("expect[0]")));
  EXPECT_THAT(service_.server().Find("nowhere").SetPlan(mock::Plan{}),
              StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace tql::testing
