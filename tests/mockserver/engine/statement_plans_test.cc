// Which statements a compiled plan applies to. That answers are the same with and without plans is
// tested in tests/integration/compiled_plans_test.cc.
#include "mockserver/engine/statement_plans.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

class StatementPlansTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto storage = storage::OpenSqlite({});
    ASSERT_TRUE(storage.ok()) << storage.status();
    auto engine = Engine::Create(*std::move(storage), RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    Run("create database d");
    context_.database = "d";
    Run("create table t (i int, b bigint, f float, x double, s varchar(0), y date, z bool)");
    Run("insert into t values (1, 1, 1, 1, '1', '2020-01-01', true)");
  }

  void Run(std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << text;
    testing::TextSink sink;
    const Status status = engine_->Execute(RequestOf(text, *statement), sink);
    ASSERT_TRUE(status.ok()) << text << ": " << status;
  }

  Engine::Request RequestOf(std::string_view text, const dialect::Statement& statement) const {
    return {.text = text,
            .statement = statement,
            .context = context_,
            .options = options_,
            .cancellation = cancellation_};
  }

  /// Begins a SELECT twice, so that it is compiled if it can be.
  void Compile(std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << text;
    for (int i = 0; i < 2; ++i) {
      const auto begun = engine_->BeginSelect(RequestOf(text, *statement));
      ASSERT_TRUE(begun && begun->ok()) << text;
    }
  }
  bool HasPlan(std::string_view text) {
    return engine_->FindPlan({text, context_, options_}).has_value();
  }
  /// Whether a plan of `compiled` applies to `text`.
  bool Applies(std::string_view compiled, std::string_view text) {
    Compile(compiled);
    return HasPlan(text);
  }

  std::unique_ptr<Engine> engine_;
  Context context_;
  StatementOptions options_;
  const storage::Cancellation cancellation_;
};

TEST_F(StatementPlansTest, ApplyToOtherValuesOfOneKind) {
  EXPECT_TRUE(Applies("select * from t where i = 1", "select * from t where i = 999999999"));
  EXPECT_TRUE(Applies("select s from t where 1 < b", "select s from t where 27 < b"));
  EXPECT_TRUE(Applies("select i from t where s = 'a'", "select i from t where s = 'it''s'"));
  EXPECT_TRUE(Applies("select i from t where x > 1.5", "select i from t where x > 1e3"));
  EXPECT_TRUE(Applies("select i from t where f > 1", "select i from t where f > 2"));
  EXPECT_TRUE(Applies("select i from t where b between 1 and -2",
                      "select i from t where b between 3 and -4"));
  EXPECT_TRUE(Applies("select i from t where i in (1, 2) and s <> 'x'",
                      "select i from t where i in (7, 9) and s <> 'y'"));
  EXPECT_TRUE(Applies("select i from t where i in (select i from t where b = 1)",
                      "select i from t where i in (select i from t where b = 2)"));
}

TEST_F(StatementPlansTest, DoNotApplyWhereAValueMatters) {
  // A type depends on it, or an error.
  EXPECT_FALSE(Applies("select s from t where i = 1", "select s from t where i = 2147483648"));
  EXPECT_FALSE(Applies("select s from t where b = 1", "select s from t where b = 1.5"));
  EXPECT_FALSE(Applies("select s from t where i = 2.5", "select s from t where i = 3.5"));
  EXPECT_FALSE(Applies("select s from t where i = '1'", "select s from t where i = '2'"));
  EXPECT_FALSE(
      Applies("select s from t where y = '2020-01-01'", "select s from t where y = '2020-01-02'"));
  EXPECT_FALSE(Applies("select i from t where s = 1", "select i from t where s = 2"));
  EXPECT_FALSE(Applies("select i from t where z = 1", "select i from t where z = 2"));
  // It is part of a column's name, of the order or of the limit.
  EXPECT_FALSE(Applies("select 1, i from t", "select 2, i from t"));
  EXPECT_FALSE(Applies("select (select max(i) from t where b = 1)",
                       "select (select max(i) from t where b = 2)"));
  EXPECT_FALSE(Applies("select i, b from t order by 1", "select i, b from t order by 2"));
  EXPECT_FALSE(Applies("select top 1 i from t", "select top 2 i from t"));
  EXPECT_FALSE(Applies("select b from t limit 1", "select b from t limit 2"));
}

TEST_F(StatementPlansTest, ApplyToOneTextContextAndOptions) {
  Compile("select i from t where i = 1");
  EXPECT_TRUE(HasPlan("select i from t where i = 1"));
  EXPECT_FALSE(HasPlan("select i from t where b = 1"));
  EXPECT_FALSE(HasPlan("select i from t where i =  1"));
  options_.query_results_apply_top_row_count = 1;
  EXPECT_FALSE(HasPlan("select i from t where i = 1"));
  options_ = {};
  options_.pagination_start = 1;
  EXPECT_FALSE(HasPlan("select i from t where i = 1"));
  options_ = {};
  options_.use_jit = false;
  EXPECT_FALSE(HasPlan("select i from t where i = 1"));
  options_ = {};
  context_.database = "D";
  EXPECT_FALSE(HasPlan("select i from t where i = 1"));
}

TEST_F(StatementPlansTest, EndWithTheNextChangeOfADefinition) {
  Compile("select i from t where i = 1");
  Run("insert into t (i) values (2)");
  EXPECT_TRUE(HasPlan("select i from t where i = 2"));
  Run("alter table t add column more int default 0");
  EXPECT_FALSE(HasPlan("select i from t where i = 2"));
}

TEST_F(StatementPlansTest, AreBounded) {
  for (int i = 0; i < 10; ++i) Compile("select " + std::to_string(i) + " from t where i = 1");
  EXPECT_TRUE(HasPlan("select 0 from t where i = 1"));
  EXPECT_FALSE(HasPlan("select 9 from t where i = 1"));  // kMostOfAShape
  for (std::size_t i = 0; i < StatementPlans::kMost; ++i) {
    Compile("select i as n" + std::to_string(i) + " from t where i = 1");
  }
  EXPECT_FALSE(HasPlan("select 0 from t where i = 1"));
  EXPECT_TRUE(HasPlan("select i as n1 from t where i = 2"));
}

}  // namespace
}  // namespace tql::engine
