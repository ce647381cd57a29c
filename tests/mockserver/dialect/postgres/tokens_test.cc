#include "mockserver/dialect/postgres/tokens.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::dialect::postgres {
namespace {

constexpr std::string_view kFrom[] = {"from", "where"};

Tokens Scan(const std::string& text) {
  std::vector<TokenRange> ranges;
  EXPECT_FALSE(ScanTokens(text, &ranges).has_value());
  return {text, ranges};
}

TEST(Tokens, SkipsComments) {
  const std::string text = "a -- b\n , /* c */ 'd'";
  const Tokens tokens = Scan(text);
  ASSERT_EQ(tokens.size(), 3U);
  EXPECT_EQ(tokens.Text(2), "'d'");
  EXPECT_EQ(tokens.At(0), 0U);
  EXPECT_EQ(tokens.At(1), 1U);
  EXPECT_EQ(tokens.At(8), 1U);
  EXPECT_EQ(tokens.At(100), 3U);
}

TEST(Tokens, TokenPastTheEnd) {
  const std::string text = "a b ";
  const Tokens tokens = Scan(text);
  EXPECT_EQ(tokens.Text(2), "");
  EXPECT_EQ(tokens.Range(7).begin, 4U);
  EXPECT_FALSE(tokens.IsWord(2, "a"));
  EXPECT_FALSE(tokens.IsKeyword(2, kFrom));
  EXPECT_EQ(tokens.Close(2), 2U);
}

TEST(Tokens, Brackets) {
  const std::string text = "( a [ ( ] ) ) b (";
  const Tokens tokens = Scan(text);
  EXPECT_EQ(tokens.Close(0), 6U);
  EXPECT_EQ(tokens.Close(1), 1U);
  EXPECT_EQ(tokens.Close(3), 4U);
  EXPECT_EQ(tokens.Close(8), tokens.size());
}

TEST(Tokens, KeywordsAndNames) {
  const std::string text = "FROM t.from AS from x as AS from 'from' \"from\" where";
  const Tokens tokens = Scan(text);
  EXPECT_TRUE(tokens.IsKeyword(0, kFrom));
  EXPECT_TRUE(tokens.IsWord(3, "from"));
  EXPECT_FALSE(tokens.IsKeyword(3, kFrom));  // After a dot.
  EXPECT_FALSE(tokens.IsKeyword(5, kFrom));  // After AS.
  EXPECT_TRUE(tokens.IsKeyword(9, kFrom));   // After an AS that is itself a name.
  EXPECT_FALSE(tokens.IsWord(10, "from"));
  EXPECT_FALSE(tokens.IsKeyword(11, kFrom));
  EXPECT_TRUE(tokens.IsKeyword(12, kFrom));
}

}  // namespace
}  // namespace tql::dialect::postgres
