#include "mockserver/dialect/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/dialect/table_names.h"
#include "tests/mockserver/dialect/random_ast.h"
#include "tests/mockserver/dialect/texts.h"

namespace tql::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

constexpr ParseOptions kPattern{.placeholders = true};

Statement Parsed(std::string_view text, const ParseOptions& options = {}) {
  const StatusOr<Statement> statement = ParseStatement(text, options);
  EXPECT_TRUE(statement.ok()) << text << ": " << Describe(statement.status());
  return statement.ok() ? *statement : Statement{};
}

std::vector<std::string> LiteralsOf(std::string_view text) {
  std::vector<std::string> texts;
  for (const Literal& literal : ShapeOf(Parsed(text)).literals) texts.push_back(Print(literal));
  return texts;
}

std::string TablesOf(std::string_view text) {
  const Statement statement = Parsed(text);
  std::string names;
  for (const ObjectName* name : TableNamesIn(statement)) {
    names += (names.empty() ? "" : " ") + Print(*name);
  }
  return names;
}

TEST(Shape, ReplacesConstants) {
  const struct {
    const char* text;
    const char* shape;
  } cases[] = {
      {"insert into sales values ('north', 1.5)", "INSERT INTO sales VALUES (?, ?)"},
      {"select a from t where b = null and c = true limit 5",
       "SELECT a FROM t WHERE b = ? AND c = ? LIMIT ?"},
      {"select top 3 a from t where b is null", "SELECT TOP ? a FROM t WHERE b IS NULL"},
      {"select a from t where a between -1 and 2 or a in (1, 2)",
       "SELECT a FROM t WHERE a BETWEEN ? AND ? OR a IN (?, ?)"},
      {"create table t (a varchar(10) default 'x' [parsinghint=\"%Y\"]) partition by hash (4) "
       "key (a)",
       "CREATE TABLE t (a VARCHAR(?) DEFAULT ? [parsinghint=\"%Y\"]) PARTITION BY HASH (?) KEY "
       "(a)"},
      {"alter table t set load priority 7", "ALTER TABLE t SET LOAD PRIORITY ?"},
      {"show tables", "SHOW TABLES"},
  };
  for (const auto& c : cases) EXPECT_EQ(ShapeOf(Parsed(c.text)).text, c.shape);
}

TEST(Shape, IgnoresCaseBlanksAndNeedlessQuotes) {
  const std::string shape = ShapeOf(Parsed("SELECT a, SUM(b) FROM Sales AS s")).text;
  EXPECT_EQ(shape, "SELECT a, sum(b) FROM sales AS s");
  for (const char* same :
       {"select A,sum( B )\nfrom SALES s;", "select \"a\", sum(b) from 'sales' s",
        "select a, sum(\"B\") -- x\n from \"Sales\" as \"S\""}) {
    EXPECT_EQ(ShapeOf(Parsed(same)).text, shape) << same;
  }
  EXPECT_EQ(ShapeOf(Parsed("select \"Select\", \"a b\" from \"7\"")).text,
            "SELECT \"select\", \"a b\" FROM \"7\"");
}

TEST(Shape, ListsConstantsInTheOrderOfTheText) {
  EXPECT_THAT(LiteralsOf("insert into t values (1, -2, .5, 'it''s', null), (true, - 3, +4)"),
              ElementsAre("1", "-2", ".5", "'it''s'", "NULL", "TRUE", "-3", "4"));
  EXPECT_THAT(LiteralsOf("select top 3 'x' from t where a = 1 order by b limit 9"),
              ElementsAre("3", "'x'", "1", "9"));
  EXPECT_THAT(LiteralsOf("select a from t where b is not null"), IsEmpty());
}

TEST(Shape, APatternHasTheShapeOfItsStatements) {
  const struct {
    const char* pattern;
    const char* text;
  } cases[] = {
      {"insert into t values (?,?)", "INSERT INTO t VALUES (1, 'x')"},
      {"insert into t values (-?)", "INSERT INTO t VALUES (-1)"},
      {"insert into t values (? + 1)", "INSERT INTO t VALUES (2 + 1)"},
      {"select a from t where b = ? and c like ? limit ?",
       "select a from t where b = 'x' and c like '%?' limit 5"},
      {"select top ? a from t", "select top 7 a from t"},
      {"create table t (a varchar(?) default ?)", "create table t (a varchar(1) default null)"},
      {"select '?', -- ?\n \"?\" from t", "select '', \"?\" from t"},
  };
  for (const auto& c : cases) {
    const Shape pattern = ShapeOf(Parsed(c.pattern, kPattern));
    const Shape shape = ShapeOf(Parsed(c.text));
    EXPECT_EQ(pattern.text, shape.text);
    EXPECT_EQ(pattern.literals.size(), shape.literals.size());
  }
}

TEST(Shape, ErrorsOfPatternsNameThePlaceholder) {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"select ? ? from t", "1:10 found '?', expected "},
      {"select a from ?", "1:15 found '?', expected '(' or a table name"},
      {"select a? from t", "1:9 found '?', expected "},
      {"select a from t where b = $1", "1:27 TQL has no placeholders (?, $1, :name)"},
      {"select ? from t where c ilike 'x'", "1:25 TQL has no ILIKE"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Describe(ParseStatement(c.text, kPattern).status()), StartsWith(c.error));
  }
  EXPECT_THAT(Describe(ParseStatement("select ? from t").status()),
              StartsWith("1:8 TQL has no placeholders"));
}

// Equal shapes of a statement and of its canonical text, for random trees of every statement.
TEST(Shape, IsStableForEveryStatement) {
  for (std::size_t kind = 0; kind < kStatementKindCount; ++kind) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
      const Statement statement = RandomAst(seed).MakeStatement(static_cast<StatementKind>(kind),
                                                                static_cast<int>(seed % 5));
      const Shape shape = ShapeOf(statement);
      // As a pattern, -'x' is the same as a negative number.
      if (shape.text.find("-?") != std::string::npos) continue;
      SCOPED_TRACE(Print(statement));
      const StatusOr<Statement> pattern =
          ParseStatement(shape.text, {.max_depth = 400, .placeholders = true});
      ASSERT_TRUE(pattern.ok()) << shape.text << ": " << Describe(pattern.status());
      const Shape again = ShapeOf(*pattern);
      EXPECT_EQ(again.text, shape.text);
      EXPECT_EQ(again.literals.size(), shape.literals.size());
    }
  }
}

TEST(Shape, IsCut) {
  std::string text = "insert into t values (1)";
  while (text.size() < 4 * kMaxShapeBytes) text += ", (1, 'é')";
  const Shape shape = ShapeOf(Parsed(text));
  EXPECT_TRUE(shape.truncated);
  EXPECT_LE(shape.text.size(), kMaxShapeBytes);
  EXPECT_LE(shape.literals.size(), kMaxShapeBytes);
  EXPECT_FALSE(ShapeOf(Parsed("insert into t values (1)")).truncated);
}

TEST(TableNames, OfEveryStatement) {
  const struct {
    const char* text;
    const char* tables;
  } cases[] = {
      {"show tables", ""},
      {"show table s.t", "s.t"},
      {"show view v", "v"},
      {"show statistics for table t", "t"},
      {"show statistics for database d", ""},
      {"script table t", "t"},
      {"script schema s", ""},
      {"use d", ""},
      {"create table t (a int, constraint foreign key (a) references u (id), relationship r with "
       "w as t.a = w.b)",
       "t u w"},
      {"drop table d.s.t", "d.s.t"},
      {"drop schema s", ""},
      {"truncate table t", "t"},
      {"compact table t", "t"},
      {"compact all_tables", ""},
      {"alter table t add constraint foreign key (a) references u (id)", "t u"},
      {"alter table t drop relationship with u", "t u"},
      {"insert into t values (1, (select max(a) from u))", "t u"},
      {"insert into t (a) select a from u join v on u.a = v.a", "t u v"},
      {"update t set a = (select b from u) where c in (select d from v)", "t u v"},
      {"delete from t where exists (select a from u)", "t u"},
      {"select a into t from u, (select b from v) x left join w on x.b = w.b union select c from "
       "y order by 1",
       "t u v w y"},
      {"select case when a = 1 then (select 1 from t) else cast((select 2 from u) as int) end, "
       "sum((select 3 from v)), (select 4 from w) between (select 5 from x) and -(select 6 from y)",
       "t u v w x y"},
      {"select a from t where (select 1 from u) like (select 2 from v) group by (select 3 from w) "
       "having (select 4 from x) is null order by (select 5 from y)",
       "t u v w x y"},
  };
  for (const auto& c : cases) EXPECT_EQ(TablesOf(c.text), c.tables) << c.text;
}

}  // namespace
}  // namespace tql::dialect
