#include "mockserver/dialect/parser.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mockserver/dialect/printer.h"
#include "mockserver/dialect/splitter.h"
#include "tests/mockserver/dialect/case_file.h"
#include "tests/mockserver/dialect/texts.h"

namespace tql::dialect {
namespace {

class DialectCases : public testing::TestWithParam<const char*> {};

TEST_P(DialectCases, ParseAndPrint) {
  const std::vector<Case> cases = ReadCases(GetParam());
  ASSERT_FALSE(cases.empty());
  for (const Case& c : cases) {
    SCOPED_TRACE(c.file + ":" + std::to_string(c.line) + " " + c.title);
    const StatusOr<Statement> statement = ParseStatement(c.input);
    if (!c.error.empty()) {
      EXPECT_EQ(statement.status().code(), StatusCode::kInvalidArgument);
      EXPECT_EQ(Describe(statement.status()), c.error);
      continue;
    }
    ASSERT_TRUE(statement.ok()) << Describe(statement.status());
    EXPECT_EQ(Print(*statement), c.canonical);
    const StatusOr<Statement> again = ParseStatement(c.canonical);
    ASSERT_TRUE(again.ok()) << Describe(again.status());
    EXPECT_TRUE(*again == *statement);
    EXPECT_EQ(Print(*again), c.canonical);
    const Statement copy = *statement;
    EXPECT_TRUE(copy == *statement);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, DialectCases,
                         testing::Values("look.txt", "ddl.txt", "alter.txt", "rows.txt",
                                         "select.txt", "expressions.txt", "foreign.txt"),
                         [](const auto& param_info) {
                           const std::string name = param_info.param;
                           return name.substr(0, name.find('.'));
                         });

TEST(Parser, CasesCoverEveryStatement) {
  std::set<StatementKind> seen;
  for (const char* file :
       {"look.txt", "ddl.txt", "alter.txt", "rows.txt", "select.txt", "expressions.txt"}) {
    for (const Case& c : ReadCases(file)) {
      if (c.error.empty()) seen.insert(ParseStatement(c.input)->kind());
    }
  }
  for (std::size_t i = 0; i < kStatementKindCount; ++i) {
    const auto kind = static_cast<StatementKind>(i);
    EXPECT_TRUE(seen.contains(kind)) << StatementKindName(kind);
  }
}

TEST(Parser, ParsesOutputOfScript) {
  const std::string script = ReadData("script.tql");
  ScriptSplitter splitter(script);
  std::vector<StatementKind> kinds;
  while (const auto statement = splitter.Next()) {
    const auto parsed = ParseStatement(statement->text, {.origin = statement->place});
    ASSERT_TRUE(parsed.ok()) << Describe(parsed.status());
    kinds.push_back(parsed->kind());
    EXPECT_TRUE(statement->terminated);
  }
  using enum StatementKind;
  EXPECT_EQ(kinds, (std::vector{kCreateDatabase, kUse, kCreateSchema, kCreateTable, kCreateTable,
                                kAlterTable, kAlterTable, kExit}));
}

TEST(Parser, SourceRanges) {
  const std::string text = "  select a + 1 x, (b) from s.t where c = 'y' ; ";
  const StatusOr<Statement> statement = ParseStatement(text);
  ASSERT_TRUE(statement.ok());
  const auto cut = [&](SourceRange r) { return text.substr(r.begin, r.end - r.begin); };
  EXPECT_EQ(cut(statement->range), "select a + 1 x, (b) from s.t where c = 'y'");
  const SelectCore& core = *statement->as<Select>()->query.simple();
  EXPECT_EQ(cut(core.items[0].range), "a + 1 x");
  EXPECT_EQ(cut(core.items[0].expr->range), "a + 1");
  EXPECT_EQ(cut(core.items[0].alias->range), "x");
  EXPECT_EQ(cut(core.items[1].range), "(b)");
  EXPECT_EQ(cut(core.items[1].expr->range), "b");
  EXPECT_EQ(cut(core.from[0].first.range), "s.t");
  EXPECT_EQ(cut(core.where->range), "c = 'y'");
  EXPECT_EQ(cut(core.where->as<OperatorExpr>()->operands[1].range), "'y'");
}

TEST(Parser, ValueRows) {
  const std::string text = "INSERT INTO t VALUES (-5, 'it''s', a), (NULL)";
  const StatusOr<Statement> statement = ParseStatement(text);
  ASSERT_TRUE(statement.ok());
  const ValueRows& rows = statement->as<Insert>()->rows;
  ASSERT_EQ(rows.row_count(), 2U);
  ASSERT_EQ(rows.row(0).size(), 3U);
  EXPECT_EQ(rows.text(rows.row(0)[0]), "-5");
  EXPECT_EQ(rows.row(0)[0].range.begin, 22U);
  EXPECT_EQ(rows.row(0)[0].range.end, 24U);
  EXPECT_EQ(rows.text(rows.row(0)[1]), "it's");
  EXPECT_EQ(rows.row(0)[1].kind(), LiteralKind::kString);
  EXPECT_FALSE(rows.row(0)[2].is_literal());
  EXPECT_NE(rows.expr(rows.row(0)[2]).as<ColumnRef>(), nullptr);
  EXPECT_EQ(rows.row(1)[0].kind(), LiteralKind::kNull);
}

TEST(Parser, ErrorPlacesInScript) {
  const ParseOptions options{.origin = {.offset = 100, .line = 7, .column = 5}};
  const Status first = ParseStatement("SHOW x", options).status();
  ASSERT_NE(first.place(), nullptr);
  EXPECT_EQ(*first.place(), (TextPlace{.offset = 105, .line = 7, .column = 10}));
  const Status second = ParseStatement("SHOW\n x", options).status();
  EXPECT_EQ(*second.place(), (TextPlace{.offset = 106, .line = 8, .column = 2}));
  const Status nul = ParseStatement(std::string_view("USE\n\"a\0\"", 8), options).status();
  EXPECT_EQ(*nul.place(), (TextPlace{.offset = 106, .line = 8, .column = 3}));
}

TEST(Parser, RejectsInvalidText) {
  EXPECT_EQ(Describe(ParseStatement(std::string_view("SELECT 'a\0b'", 12)).status()),
            "1:10 the text holds a NUL byte here");
  EXPECT_EQ(Describe(ParseStatement("SELECT 'a\xFF'").status()),
            "1:10 the text is not valid UTF-8 here");
  EXPECT_EQ(Describe(ParseStatement("SELECT 1 /* \xED\xA0\x80 */").status()),
            "1:13 the text is not valid UTF-8 here");
  EXPECT_TRUE(ParseStatement("\xEF\xBB\xBFSELECT 1").ok());
}

TEST(Parser, ShortensQuotedText) {
  const Status status =
      ParseStatement("SELECT 1 FROM t x '" + std::string(1000, 'a') + "'").status();
  EXPECT_LT(status.message().size(), 300U);
  EXPECT_NE(status.message().find("aaa..."), std::string::npos);
}

TEST(Parser, ParsesExpression) {
  for (const char* text :
       {"a", "t.a = u.b AND u.c >= t.c", "NOT (a OR b)", "\"a b\" IS NOT NULL"}) {
    const auto expr = ParseExpression(text);
    ASSERT_TRUE(expr.ok()) << expr.status();
    EXPECT_EQ(Print(*expr), text);
  }
  EXPECT_FALSE(ParseExpression("").ok());
  EXPECT_FALSE(ParseExpression("a b").ok());
  const Status status = ParseExpression("a = \nselect").status();
  ASSERT_NE(status.place(), nullptr);
  EXPECT_EQ(status.place()->line, 2);
}

}  // namespace
}  // namespace tql::dialect
