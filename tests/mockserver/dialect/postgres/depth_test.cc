#include "mockserver/dialect/postgres/depth.h"
#include "tests/mockserver/dialect/texts.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::dialect::postgres {
namespace {

constexpr std::size_t kLong = 50000;

std::optional<DepthExcess> Find(const std::string& text) {
  std::vector<TokenRange> ranges;
  EXPECT_FALSE(ScanTokens(text, &ranges).has_value());
  return FindDepthExcess(Tokens(text, ranges), 200);
}

bool IsChain(const std::optional<DepthExcess>& excess) {
  return excess && excess->message.starts_with("a chain of more than 5000");
}

TEST(Depth, Brackets) {
  EXPECT_FALSE(Find(Repeat("(", 200) + Repeat(")", 200)));
  const auto excess = Find("SELECT " + Repeat("(", 201));
  ASSERT_TRUE(excess.has_value());
  EXPECT_EQ(excess->message, "nested more than 200 levels deep; write it with fewer brackets");
  EXPECT_EQ(excess->offset, 207U);
  EXPECT_TRUE(Find(Repeat("[", 201)));
  EXPECT_FALSE(Find(Repeat("(", 200) + Repeat("),(", 100000)));
  EXPECT_FALSE(Find("SELECT '" + Repeat("(", 1000) + "'"));
}

TEST(Depth, ListsDoNotNest) {
  EXPECT_FALSE(Find("SELECT a" + Repeat(", a", kLong)));
  EXPECT_FALSE(Find("SELECT a FROM t WHERE a = 1" + Repeat(" OR a = 1 AND NOT b", kLong)));
  EXPECT_FALSE(Find("SELECT CASE" + Repeat(" WHEN a THEN b", kLong) + " END"));
  EXPECT_FALSE(Find("SELECT a" + Repeat(", CASE WHEN a THEN b END", kLong)));
  EXPECT_FALSE(Find("INSERT INTO t VALUES (1, -2)" + Repeat(", (1, - 2)", kLong)));
  EXPECT_FALSE(Find("SELECT a FROM t WHERE a BETWEEN 1 AND 2" +
                    Repeat(" OR a BETWEEN 1 AND 2 AND b", kLong)));
  EXPECT_FALSE(Find(Repeat("SELECT 1;", kLong)));
}

TEST(Depth, ChainsNest) {
  for (const char* link :
       {" + a", " UNION SELECT a", " UNION SELECT b, a", " JOIN a ON b", " JOIN a ON b AND c",
        " IS NULL", "::int", " COLLATE b", " NOT", " BETWEEN 1 AND 2 IS NULL",
        " + CASE WHEN a OR b THEN c END", " + t.and", " + t.or", " = a", "[1]", ".b"}) {
    const std::string text = "SELECT a" + Repeat(link, kLong);
    EXPECT_TRUE(IsChain(Find(text))) << link;
  }
  EXPECT_TRUE(IsChain(Find("SELECT t.as" + Repeat(" UNION SELECT a, t.as", kLong))));
  EXPECT_TRUE(IsChain(Find("SELECT " + Repeat("- ", kLong) + "a")));
  EXPECT_TRUE(IsChain(
      Find("SELECT " + Repeat("CASE WHEN a THEN b, ", 0) + Repeat("CASE WHEN a AND ", kLong))));
  EXPECT_FALSE(Find("SELECT a" + Repeat(" + a", 2400)));
}

// A chain before a bracket continues after it.
TEST(Depth, ChainsContinueAfterBrackets) {
  EXPECT_TRUE(IsChain(Find("SELECT a" + Repeat(" + (a, b AND c)", kLong))));
  EXPECT_TRUE(IsChain(Find("SELECT " + Repeat("(a" + Repeat(" + a", 100) + " + ", 40))));
}

}  // namespace
}  // namespace tql::dialect::postgres
