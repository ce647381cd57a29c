#include "mockserver/dialect/postgres/pg_query.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "mockserver/dialect/postgres/json_tree.h"

namespace tql::dialect::postgres {
namespace {

std::vector<std::string> TokensOf(const std::string& text) {
  std::vector<TokenRange> ranges;
  EXPECT_FALSE(ScanTokens(text, &ranges).has_value());
  std::vector<std::string> tokens;
  for (const TokenRange& range : ranges) {
    tokens.push_back(text.substr(range.begin, range.end - range.begin));
  }
  return tokens;
}

TEST(PgQuery, Tokens) {
  EXPECT_EQ(TokensOf("SELECT \"é\"\"x\", E'a\\'b' /* c /* d */ */ || $$;$$ <> 1.5e3::int -- e"),
            (std::vector<std::string>{"SELECT", "\"é\"\"x\"", ",", "E'a\\'b'", "/* c /* d */ */",
                                      "||", "$$;$$", "<>", "1.5e3", "::", "int", "-- e"}));
  EXPECT_TRUE(TokensOf("").empty());
}

TEST(PgQuery, TokensBeyondFirstHundredBytes) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "ab ";
  const std::vector<std::string> tokens = TokensOf(text);
  ASSERT_EQ(tokens.size(), 100000U);
  EXPECT_EQ(tokens.back(), "ab");
}

TEST(PgQuery, FailureOffset) {
  std::vector<TokenRange> ranges;
  const auto failure = ScanTokens("'é€😀' 'x", &ranges);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->message, "unterminated quoted string at or near \"'x\"");
  EXPECT_EQ(failure->offset, 12U);
  std::string json;
  const auto syntax = ParseToJson("SELECT 'é€😀' 1", &json);
  ASSERT_TRUE(syntax.has_value());
  EXPECT_EQ(syntax->message, "syntax error at or near \"1\"");
  EXPECT_EQ(syntax->offset, 19U);
}

TEST(PgQuery, ATree) {
  std::string json;
  ASSERT_FALSE(ParseToJson("SELECT 1", &json).has_value());
  const auto tree = JsonTree::Parse(json);
  ASSERT_TRUE(tree.has_value());
  EXPECT_TRUE(tree->root()["stmts"].front()["stmt"].is("SelectStmt"));
}

// Each thread has its own memory context, which is freed when the thread ends.
TEST(PgQuery, ManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([i] {
      const std::string name = "column_" + std::to_string(i);
      for (int round = 0; round < 100; ++round) {
        EXPECT_EQ(TokensOf("SELECT " + name).back(), name);
        std::string json;
        EXPECT_FALSE(ParseToJson("SELECT " + name + " FROM t WHERE a = 'x'", &json).has_value());
        EXPECT_NE(json.find('"' + name + '"'), std::string::npos);
        EXPECT_TRUE(ParseToJson("SELECT FROM FROM", &json).has_value());
        EXPECT_TRUE(ParseToJson("SELECT 'x", &json).has_value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tql::dialect::postgres
