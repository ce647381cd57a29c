#include "mockserver/dialect/postgres/postgres_parser.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mockserver/dialect/printer.h"
#include "tests/mockserver/dialect/case_file.h"
#include "tests/mockserver/dialect/texts.h"

namespace tql::dialect {
namespace {

// Cases of the dialect that PostgreSQL reads differently or rejects; postgres.txt has them as
// PostgreSQL reads them.
const std::set<std::string> kDifferent = {
    // Not in its grammar.
    "top",
    "top and distinct",
    "distinct and top",
    "count distinct without brackets",
    "select into two",
    "a derived table without an alias",
    "insert into table",
    // Its tree does not contain brackets that only group.
    "terms in brackets",
    "a query of terms in brackets as a value",
    "from the left",
    "a query of terms in brackets in a list's place",
    "a query in brackets of its own is an item of a list",
    "insert from a query in brackets",
};

// Cases of foreign.txt in which PostgreSQL's parser reports another part of the statement.
const std::set<std::string> kOtherName = {
    "a named window",
    "a subscript",
    "a variable",
    "top in brackets",
};

class CommonCases : public testing::TestWithParam<const char*> {};

TEST_P(CommonCases, BothParsersAgree) {
  int compared = 0;
  for (const Case& c : ReadCases(GetParam())) {
    const StatusOr<Statement> ours = ParseStatement(c.input);
    if (!ours.ok() || kDifferent.contains(c.title)) continue;
    SCOPED_TRACE(c.file + ":" + std::to_string(c.line) + " " + c.title);
    const StatusOr<Statement> theirs = ParsePostgresStatement(c.input);
    ASSERT_TRUE(theirs.ok()) << Describe(theirs.status());
    EXPECT_EQ(Print(*theirs), c.canonical);
    EXPECT_TRUE(*theirs == *ours);
    EXPECT_EQ(theirs->range.begin, ours->range.begin);
    EXPECT_EQ(theirs->range.end, ours->range.end);
    ++compared;
  }
  EXPECT_GT(compared, 10);
}

INSTANTIATE_TEST_SUITE_P(Files, CommonCases,
                         testing::Values("rows.txt", "select.txt", "expressions.txt", "look.txt",
                                         "ddl.txt"),
                         [](const auto& param_info) {
                           const std::string name = param_info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(PostgresParser, PostgresCases) {
  for (const Case& c : ReadCases("postgres.txt")) {
    SCOPED_TRACE(c.file + ":" + std::to_string(c.line) + " " + c.title);
    const StatusOr<Statement> statement = ParsePostgresStatement(c.input);
    if (!c.error.empty()) {
      EXPECT_EQ(statement.status().code(), StatusCode::kInvalidArgument);
      EXPECT_EQ(Describe(statement.status()), c.error);
      continue;
    }
    ASSERT_TRUE(statement.ok()) << Describe(statement.status());
    EXPECT_EQ(Print(*statement), c.canonical);
    // The printed text is TQL.
    const StatusOr<Statement> again = ParseStatement(c.canonical);
    ASSERT_TRUE(again.ok()) << Describe(again.status());
    EXPECT_EQ(Print(*again), c.canonical);
  }
}

// Both parsers use the same name for an unsupported construct; the place may be another word of it.
TEST(PostgresParser, ForeignSql) {
  const auto words = [](const std::string& error) { return error.substr(error.find(' ') + 1); };
  int compared = 0;
  for (const Case& c : ReadCases("foreign.txt")) {
    const StatusOr<Statement> statement = ParsePostgresStatement(c.input);
    if (statement.ok() || !words(c.error).starts_with("TQL has no")) continue;
    SCOPED_TRACE(c.file + ":" + std::to_string(c.line) + " " + c.title);
    const std::string theirs = words(Describe(statement.status()));
    if (kOtherName.contains(c.title)) {
      EXPECT_TRUE(theirs.starts_with("TQL has no")) << theirs;
    } else {
      EXPECT_EQ(Describe(statement.status()), c.error);
    }
    ++compared;
  }
  EXPECT_GT(compared, 80);
}

class Ranges : public testing::Test {
 protected:
  const SelectCore& Parse(std::string text) {
    text_ = std::move(text);
    StatusOr<Statement> statement = ParsePostgresStatement(text_);
    EXPECT_TRUE(statement.ok()) << Describe(statement.status());
    if (statement.ok()) statement_ = *std::move(statement);
    return *statement_.as<Select>()->query.simple();
  }
  std::string Cut(SourceRange range) const {
    return text_.substr(range.begin, range.end - range.begin);
  }

  std::string text_;
  Statement statement_{Select{}, {}};
};

TEST_F(Ranges, PointIntoTheText) {
  const SelectCore& core = Parse(
      "\xEF\xBB\xBF  select a + 1 x, (b), sum( c ), t . * /* c */, case when d then (1) end \n"
      "from s . t as u join (select 2) v on e in (3, 4) where 'é' = f.g and h is not null ; ");
  EXPECT_TRUE(Cut(statement_.range).starts_with("select a"));
  EXPECT_TRUE(Cut(statement_.range).ends_with("not null"));
  EXPECT_EQ(Cut(core.items[0].range), "a + 1 x");
  EXPECT_EQ(Cut(core.items[0].expr->range), "a + 1");
  EXPECT_EQ(Cut(core.items[0].alias->range), "x");
  EXPECT_EQ(Cut(core.items[1].range), "(b)");
  EXPECT_EQ(Cut(core.items[1].expr->range), "b");
  EXPECT_EQ(Cut(core.items[2].expr->range), "sum( c )");
  EXPECT_EQ(Cut(core.items[3].range), "t . *");
  EXPECT_EQ(Cut(core.items[4].expr->range), "case when d then (1) end");
  EXPECT_EQ(Cut(core.from[0].first.range), "s . t as u");
  EXPECT_EQ(Cut(core.from[0].first.table.parts[1].range), "t");
  EXPECT_EQ(Cut(core.from[0].joins[0].right.range), "(select 2) v");
  EXPECT_EQ(Cut(core.from[0].joins[0].on->range), "e in (3, 4)");
  const auto& conditions = core.where->as<OperatorExpr>()->operands;
  EXPECT_EQ(Cut(conditions[0].range), "'é' = f.g");
  EXPECT_EQ(Cut(conditions[0].as<OperatorExpr>()->operands[1].range), "f.g");
  EXPECT_EQ(Cut(conditions[1].range), "h is not null");
}

TEST_F(Ranges, CastsAndPredicates) {
  const SelectCore& core = Parse(
      "select cast(a as int), b::varchar(3), date '2020-01-01', -(5), exists (select 1), "
      "(select 2), c not in (select 3), d not like 'e' escape '!', f between 1 and 2, g isnull");
  const char* const expected[] = {
      "cast(a as int)",    "b::varchar(3)", "date '2020-01-01'",   "-(5",
      "exists (select 1)", "(select 2)",    "c not in (select 3)", "d not like 'e' escape '!'",
      "f between 1 and 2", "g isnull"};
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(Cut(core.items[i].expr->range), expected[i]);
  }
}

TEST(PostgresParser, ValueRows) {
  const auto statement = ParsePostgresStatement("INSERT INTO t VALUES (-5, 'it''s', a), (NULL)");
  ASSERT_TRUE(statement.ok());
  const ValueRows& rows = statement->as<Insert>()->rows;
  ASSERT_EQ(rows.row_count(), 2U);
  ASSERT_EQ(rows.row(0).size(), 3U);
  EXPECT_EQ(rows.text(rows.row(0)[0]), "-5");
  EXPECT_EQ(rows.row(0)[0].range.begin, 22U);
  EXPECT_EQ(rows.row(0)[0].range.end, 24U);
  EXPECT_EQ(rows.text(rows.row(0)[1]), "it's");
  EXPECT_FALSE(rows.row(0)[2].is_literal());
  EXPECT_EQ(rows.row(1)[0].kind(), LiteralKind::kNull);
}

TEST(PostgresParser, ErrorPlacesInScript) {
  const ParseOptions options{.origin = {.offset = 100, .line = 7, .column = 5}};
  const Status first = ParsePostgresStatement("SELECT a b c", options).status();
  ASSERT_NE(first.place(), nullptr);
  EXPECT_EQ(*first.place(), (TextPlace{.offset = 111, .line = 7, .column = 16}));
  const Status second = ParsePostgresStatement("SELECT\n a ILIKE 'b'", options).status();
  EXPECT_EQ(*second.place(), (TextPlace{.offset = 110, .line = 8, .column = 4}));
}

}  // namespace
}  // namespace tql::dialect
