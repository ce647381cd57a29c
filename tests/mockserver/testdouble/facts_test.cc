#include "mockserver/testdouble/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mockserver/dialect/parser.h"
#include "mockserver/service/coverage.h"
#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Tables(const Facts& facts) {
  std::vector<std::string> names;
  for (const TableName& table : facts.tables()) names.push_back(table.ToString());
  return names;
}

TEST(Facts, KindsAreThoseOfTheTableOfCoverage) {
  for (const service::StatementCoverage& row : service::StatementsCovered()) {
    EXPECT_THAT(StatementKinds(), Contains(row.statement));
    // A clause that the dialect rejects makes the text something else than a statement.
    if (row.support == service::Support::kRejected && !row.clause.empty()) continue;
    EXPECT_EQ(Query(row.example).kind(), row.statement) << row.example;
  }
}

TEST(Facts, TextThatIsNotAStatement) {
  for (const char* text : {"", " -- x", "selekt 1", "select from", "insert into t values (?)",
                           "\xff", "select 1; select 2"}) {
    const Facts facts = Query(text);
    EXPECT_EQ(facts.kind(), "") << text;
    EXPECT_THAT(facts.tables(), IsEmpty());
    EXPECT_EQ(facts.shape().text, "");
  }
  EXPECT_EQ(Query("CREATE /* */ view v as select 1").kind(), "CREATE VIEW");
  EXPECT_EQ(Query("create viewer").kind(), "");
}

TEST(Facts, TablesHaveTheDatabaseAndTheSchemaOfTheContext) {
  EXPECT_THAT(Tables(Query("select a from t, S.t, Store.s.\"T\", T, u x, x.s.t")),
              ElementsAre("shop.falcon_default_schema.t", "shop.S.t", "Store.s.T",
                          "shop.falcon_default_schema.u", "x.s.t"));
  Facts facts = Query("delete from t where a in (select b from u)");
  facts.database = "";
  facts.schema = "s";
  EXPECT_THAT(Tables(facts), ElementsAre("s.t", "s.u"));
}

TEST(Facts, UsesTheStatementThatWasParsed) {
  const auto statement = dialect::ParseStatement("drop table t");
  ASSERT_TRUE(statement.ok());
  Facts facts = Query("not the text of the statement");
  facts.statement = &*statement;
  EXPECT_EQ(facts.kind(), "DROP TABLE");
  EXPECT_EQ(facts.shape().text, "DROP TABLE t");
  EXPECT_THAT(Tables(facts), ElementsAre("shop.falcon_default_schema.t"));
}

TEST(Facts, UsesAPatternForWhatDoesNotDependOnLiterals) {
  const auto pattern = dialect::ParseStatement("select a from s.t where b = 'x' limit 3");
  ASSERT_TRUE(pattern.ok());
  Facts facts = Query("select a from s.t where b = 'y' limit 4");
  facts.pattern = &*pattern;
  EXPECT_EQ(facts.kind(), "SELECT");
  EXPECT_THAT(Tables(facts), ElementsAre("shop.s.t"));
  EXPECT_THAT(facts.table_keys(), ElementsAre(TableKey("T")));
  EXPECT_TRUE(facts.has_unordered_rows());
  EXPECT_EQ(facts.shape().literals.at(0).text, "y") << "the literals are those of the text";
}

TEST(Facts, KeysOfTables) {
  EXPECT_THAT(Query("select a from t, s.U where b in (select c from d.s.\"t\")").table_keys(),
              ElementsAre(TableKey("t"), TableKey("u"), TableKey("t")));
  EXPECT_THAT(Query("selekt").table_keys(), IsEmpty());
  const StatementFacts known = Query("delete from t").Derive();
  Facts facts = Query("del");
  facts.known = &known;
  EXPECT_THAT(facts.table_keys(), ElementsAre(TableKey("t")));
}

TEST(Facts, KeyOfATextIgnoresBlanksAroundItAndSemicolons) {
  EXPECT_EQ(Query("\n select 1 ;; ").text_key(), TextKey("select 1"));
  EXPECT_NE(TextKey("select 1"), TextKey("select  1"));
}

TEST(Facts, UsesWhatIsKnown) {
  const StatementFacts known = Query("select a from t where b = 7").Derive();
  Facts facts = Query("select a from t whe");  // an excerpt
  facts.known = &known;
  EXPECT_EQ(facts.kind(), "SELECT");
  EXPECT_EQ(facts.shape().text, "SELECT a FROM t WHERE b = ?");
  EXPECT_EQ(facts.shape().literals.at(0).text, "7");
  EXPECT_THAT(Tables(facts), ElementsAre("shop.falcon_default_schema.t"));
}

TEST(Facts, ParsesAsTheOptionSays) {
  const std::vector<OptionValue> options = {{"adv_options.use_postgres_sql_parser", "true"}};
  // The :: of a cast is PostgreSQL's.
  Facts facts = Query("select a::int from t");
  EXPECT_EQ(facts.kind(), "");
  Facts postgres = Query("select a::int from t");
  postgres.options = [&] { return std::span<const OptionValue>(options); };
  EXPECT_EQ(postgres.kind(), "SELECT");
  EXPECT_EQ(postgres.shape().text, "SELECT CAST(a AS INT) FROM t");
}

TEST(OptionsSet, HasThePathsOfWhatIsSet) {
  pb::TqlOptions options;
  EXPECT_THAT(OptionsSet(options), IsEmpty());
  options.mutable_query_options()->mutable_pagination()->set_size(7);
  options.set_format_output(true);  // the default, but set
  options.mutable_formatting_options()->set_null_string("");
  options.mutable_adv_options()->set_allow_unsafe(false);
  EXPECT_THAT(OptionsSet(options), ElementsAre(OptionValue{"query_options.pagination.size", "7"},
                                               OptionValue{"format_output", "true"},
                                               OptionValue{"formatting_options.null_string", ""},
                                               OptionValue{"adv_options.allow_unsafe", "false"}));
}

}  // namespace
}  // namespace tql::testdouble
