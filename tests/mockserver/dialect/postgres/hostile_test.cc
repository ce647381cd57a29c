// Hostile statements for PostgreSQL's parser yield an error or a result quickly, never a crash.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/printer.h"
#include "tests/mockserver/dialect/texts.h"

namespace tql::dialect {
namespace {

void ExpectRefused(const std::string& text, const std::string& message) {
  const Status status = ParsePostgresStatement(text).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(status.message().starts_with(message)) << text.substr(0, 40) << status.message();
  EXPECT_NE(status.place(), nullptr);
}

constexpr char kTooDeep[] = "nested more than 200 levels deep; write it with fewer brackets";
constexpr char kChain[] = "a chain of more than 5000 words and operators";

TEST(Hostile, LimitsDepth) {
  constexpr std::size_t kDeep = 100000;
  ExpectRefused("SELECT " + Repeat("(", kDeep) + "1" + Repeat(")", kDeep), kTooDeep);
  for (const char* piece : {"(", "f(", "CAST(", "(SELECT ", "1 IN (", "EXISTS ("}) {
    ExpectRefused("SELECT " + Repeat(piece, kDeep), kTooDeep);
  }
  ExpectRefused(Repeat("(", kDeep) + "SELECT 1", kTooDeep);
  ExpectRefused("INSERT INTO t VALUES (" + Repeat("(", kDeep), kTooDeep);
  for (const char* piece : {"- ", "NOT ", "CASE WHEN ", "@ ", "CASE "}) {
    ExpectRefused("SELECT " + Repeat(piece, kDeep) + "a", kChain);
  }
  for (const char* piece :
       {" + a", " UNION SELECT 1", " JOIN a ON b", " IS NULL", "::int", "[1]"}) {
    ExpectRefused("SELECT a FROM a" + Repeat(piece, kDeep / 2), kChain);
  }
  // Within the limit of PostgreSQL but too deep for our tree.
  ExpectRefused("SELECT a" + Repeat(" IS NULL", 2000), kTooDeep);
  ExpectRefused("SELECT " + Repeat("NOT ", 2000) + "a", kTooDeep);
}

TEST(Hostile, AllowsMaximumDepth) {
  for (const std::string& text :
       {"SELECT " + Repeat("(", 200) + "1" + Repeat(")", 200),
        "SELECT " + Repeat("f(", 200) + "1" + Repeat(")", 200), "SELECT a" + Repeat(" + a", 2400),
        "SELECT 1" + Repeat(" UNION SELECT 1", 4000),
        "SELECT 1" + Repeat(" UNION SELECT 1 INTERSECT SELECT 2", 2000),
        "SELECT 1 FROM a" + Repeat(" JOIN a ON b", 1200), "SELECT " + Repeat("NOT ", 1000) + "a",
        "SELECT 1 FROM " + Repeat("(SELECT 1 FROM ", 200) + "t" + Repeat(") x", 200),
        "SELECT " + Repeat("(SELECT 1 + ", 200) + "1" + Repeat(")", 200)}) {
    const StatusOr<Statement> statement = ParsePostgresStatement(text);
    ASSERT_TRUE(statement.ok()) << text.substr(0, 40) << statement.status();
    const StatusOr<Statement> again = ParseStatement(Print(*statement), {.max_depth = 1200});
    ASSERT_TRUE(again.ok()) << text.substr(0, 40) << again.status();
    EXPECT_TRUE(*again == *statement) << text.substr(0, 40);
  }
}

TEST(Hostile, LongLists) {
  constexpr std::size_t kLong = 40000;
  for (const std::string& text :
       {"SELECT a FROM t WHERE a" + Repeat(" AND a", kLong),
        "SELECT a FROM t WHERE a = 1" + Repeat(" OR a = 1", kLong),
        "SELECT 1" + Repeat(", 1", kLong), "SELECT 1 IN (1" + Repeat(", 1", kLong) + ")",
        "SELECT CASE" + Repeat(" WHEN a THEN b", kLong) + " END",
        "INSERT INTO t VALUES (1, 'x', NULL)" + Repeat(", (1, 'x', NULL)", kLong)}) {
    const StatusOr<Statement> statement = ParsePostgresStatement(text);
    ASSERT_TRUE(statement.ok()) << text.substr(0, 40) << statement.status();
    EXPECT_EQ(Print(*statement), text);
  }
}

TEST(Hostile, StatementLength) {
  const std::string longest = "SELECT '" + std::string(kPostgresMaxBytes - 9, 'x') + "'";
  EXPECT_TRUE(ParsePostgresStatement(longest).ok());
  const std::string message =
      "the statement is longer than 1048576 bytes, the most for PostgreSQL's parser";
  ExpectRefused(longest + ";", message);
  ExpectRefused("SELECT '" + std::string(10'000'000, 'x') + "'", message);
  ExpectRefused("SELECT '" + std::string(10'000'000, 'x'), message);
  EXPECT_TRUE(ParsePostgresStatement("SELECT 1", {.max_bytes = 8}).ok());
  EXPECT_FALSE(ParsePostgresStatement("SELECT 1;", {.max_bytes = 8}).ok());
  // Other statements are parsed by the TQL parser.
  EXPECT_TRUE(ParsePostgresStatement("SHOW TABLES --" + std::string(2'000'000, 'x')).ok());
}

TEST(Hostile, QuadraticLexing) {
  const std::string message = "the run of operators is too long for PostgreSQL's parser";
  ExpectRefused("SELECT " + Repeat("+", 1'000'000) + "1", message);
  ExpectRefused("SELECT 1" + Repeat("/*", 500'000), message);
  ExpectRefused("SELECT " + Repeat("@", 200'000) + "a", "operator too long at or near \"@@@");
}

TEST(Hostile, InvalidText) {
  ExpectRefused(std::string("SELECT 'a\0b'", 12), "the text holds a NUL byte here");
  ExpectRefused("SELECT 'a\xFF'", "the text is not valid UTF-8 here");
  ExpectRefused("SELECT a\xED\xA0\x80", "the text is not valid UTF-8 here");
  ExpectRefused("SELECT E'\\000'", "invalid byte sequence for encoding \"UTF8\": 0x00");
  ExpectRefused("SELECT E'\\xC3'", "invalid byte sequence for encoding \"UTF8\": 0xc3");
  ExpectRefused("SELECT E'\\uD800'", "invalid Unicode surrogate pair");
}

TEST(Hostile, MessagesAreShort) {
  for (const std::string& text :
       {"SELECT '" + std::string(500'000, 'x'), "SELECT 1 '" + std::string(500'000, 'x') + "'",
        "SELECT \"" + std::string(500'000, 'x'), "SELECT $a$" + std::string(500'000, '\n')}) {
    const Status status = ParsePostgresStatement(text).status();
    EXPECT_FALSE(status.ok());
    EXPECT_LT(status.message().size(), 500U);  // Including what was expected.
    EXPECT_EQ(status.message().find('\n'), std::string::npos);
  }
}

// Every prefix of statements with all constructs; most are errors.
TEST(Hostile, Beginnings) {
  const std::string text =
      "SELECT DISTINCT a.b AS \"c\", count(*), sum(DISTINCT d::int), -1, E'e\\'', $$f$$, "
      "CASE g WHEN 1 THEN 'h' ELSE NULL END, (SELECT i FROM j LIMIT 1) k INTO l "
      "FROM m n LEFT JOIN (SELECT 1 UNION (SELECT 2 ORDER BY 1)) o ON p = q, r "
      "WHERE s IN (1, 2) AND NOT t LIKE 'u' ESCAPE '!' OR v BETWEEN 1 AND 2 AND w IS NOT NULL "
      "GROUP BY x HAVING EXISTS (SELECT 1) ORDER BY y DESC LIMIT 3";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const StatusOr<Statement> statement = ParsePostgresStatement(text.substr(0, length));
    if (!statement.ok()) {
      EXPECT_NE(statement.status().place(), nullptr) << length;
      EXPECT_LE(statement.status().place()->offset, length);
    }
  }
  EXPECT_TRUE(ParsePostgresStatement(text).ok());
}

TEST(Hostile, ManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([i] {
      const std::string good = "SELECT a" + std::to_string(i) + " FROM t WHERE b = 'c'";
      for (int round = 0; round < 50; ++round) {
        const StatusOr<Statement> statement = ParsePostgresStatement(good);
        ASSERT_TRUE(statement.ok());
        EXPECT_EQ(Print(*statement), good);
        EXPECT_FALSE(ParsePostgresStatement(good + " FROM").ok());
        EXPECT_FALSE(ParsePostgresStatement("SELECT a ILIKE b").ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tql::dialect
