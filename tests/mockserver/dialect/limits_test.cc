// Extreme sizes and depths yield an error or a result, never a crash.
#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "tests/mockserver/dialect/texts.h"

namespace tql::dialect {
namespace {

void ExpectTooDeep(const std::string& text) {
  const Status status = ParseStatement(text).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "nested more than 200 levels deep; write it with fewer brackets")
      << text.substr(0, 40);
}

TEST(Limits, LimitsDepth) {
  constexpr std::size_t kDeep = 100000;
  ExpectTooDeep("SELECT " + Repeat("(", kDeep) + "1" + Repeat(")", kDeep));
  ExpectTooDeep("SELECT " + Repeat("(", kDeep));
  ExpectTooDeep("SELECT " + Repeat("- ", kDeep) + "1");
  ExpectTooDeep("SELECT " + Repeat("+", kDeep) + "1");
  ExpectTooDeep("SELECT " + Repeat("NOT ", kDeep) + "a");
  ExpectTooDeep("SELECT " + Repeat("f(", kDeep));
  ExpectTooDeep("SELECT " + Repeat("count distinct ", kDeep) + "a");
  ExpectTooDeep("SELECT " + Repeat("CASE WHEN ", kDeep));
  ExpectTooDeep("SELECT " + Repeat("CASE ", kDeep));
  ExpectTooDeep("SELECT " + Repeat("CAST(", kDeep));
  ExpectTooDeep("SELECT " + Repeat("EXISTS (SELECT ", kDeep));
  ExpectTooDeep("SELECT " + Repeat("1 IN (", kDeep));
  ExpectTooDeep("SELECT " + Repeat("1 IN (SELECT ", kDeep));
  ExpectTooDeep("SELECT " + Repeat("(SELECT ", kDeep));
  ExpectTooDeep("SELECT 1 FROM " + Repeat("(SELECT 1 FROM ", kDeep));
  ExpectTooDeep(Repeat("(", kDeep) + "SELECT 1");
  ExpectTooDeep("INSERT INTO t VALUES (" + Repeat("(", kDeep));
}

TEST(Limits, AllowsMaximumDepth) {
  const std::string text = "SELECT " + Repeat("(1 + 2 * -f(CASE WHEN NOT a AND ", 66) + "b" +
                           Repeat(" OR c THEN d END))", 66);
  const StatusOr<Statement> statement = ParseStatement(text, {.max_depth = 400});
  ASSERT_TRUE(statement.ok()) << statement.status();
  const std::string printed = Print(*statement);
  const StatusOr<Statement> again = ParseStatement(printed, {.max_depth = 400});
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(*again == *statement);
  EXPECT_TRUE(ParseStatement("SELECT " + Repeat("(", 200) + "1" + Repeat(")", 200)).ok());
  EXPECT_FALSE(ParseStatement("SELECT " + Repeat("(", 201) + "1" + Repeat(")", 201)).ok());
}

TEST(Limits, LongChains) {
  constexpr std::size_t kLong = 200000;
  for (const std::string& text :
       {"SELECT a" + Repeat(" + a", kLong), "SELECT a" + Repeat(" * a", kLong),
        "SELECT a" + Repeat(" || a", kLong), "SELECT a FROM t WHERE a" + Repeat(" AND a", kLong),
        "SELECT a FROM t WHERE a = 1" + Repeat(" OR a = 1", kLong),
        "SELECT 1" + Repeat(" UNION SELECT 1", kLong),
        "SELECT 1" + Repeat(" INTERSECT SELECT 1", kLong),
        "SELECT 1 FROM a" + Repeat(" JOIN a ON b", kLong), "SELECT 1" + Repeat(", 1", kLong),
        "SELECT 1 IN (1" + Repeat(", 1", kLong) + ")",
        "SELECT CASE" + Repeat(" WHEN a THEN b", kLong) + " END",
        "CREATE TABLE t (a INT" + Repeat(", a INT", kLong) + ")",
        "ALTER TABLE t DROP COLUMN a" + Repeat(", DROP COLUMN a", kLong)}) {
    SCOPED_TRACE(text.substr(0, 40));
    const StatusOr<Statement> statement = ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << statement.status();
    EXPECT_EQ(Print(*statement), text);
  }
}

TEST(Limits, AMillionRows) {
  const std::string row = ", (1, 'x', NULL)";
  const std::string text = "INSERT INTO t VALUES (1, 'x', NULL)" + Repeat(row, 999999);
  const StatusOr<Statement> statement = ParseStatement(text);
  ASSERT_TRUE(statement.ok());
  const ValueRows& rows = statement->as<Insert>()->rows;
  EXPECT_EQ(rows.row_count(), 1000000U);
  EXPECT_EQ(rows.value_count(), 3000000U);
  EXPECT_EQ(rows.text(rows.row(999999)[1]), "x");
}

TEST(Limits, AMillionColumns) {
  const std::string text = "INSERT INTO t VALUES (1" + Repeat(",1", 999999) + ")";
  const StatusOr<Statement> statement = ParseStatement(text);
  ASSERT_TRUE(statement.ok());
  EXPECT_EQ(statement->as<Insert>()->rows.row(0).size(), 1000000U);
}

TEST(Limits, StatementLength) {
  EXPECT_TRUE(ParseStatement("SHOW TABLES", {.max_bytes = 11}).ok());
  const Status status = ParseStatement("SHOW TABLES;", {.max_bytes = 11}).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "the statement is longer than 11 bytes");
  ASSERT_NE(status.place(), nullptr);
  EXPECT_EQ(status.place()->offset, 11U);
  EXPECT_TRUE(ParseStatement("SELECT '" + std::string(10000000, 'x') + "'").ok());
}

}  // namespace
}  // namespace tql::dialect
