#include "tools/tqlbench/lineitem.h"

#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <vector>

namespace tqlbench {
namespace {

std::vector<std::string> Copy(std::span<const std::string_view> cells) {
  return {cells.begin(), cells.end()};
}

bool IsUnusual(std::string_view cell) {
  for (const unsigned char c : cell) {
    if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '\'') return true;
  }
  return false;
}

TEST(LineitemTest, RowDependsOnItsNumberOnly) {
  LineitemGenerator forward;
  LineitemGenerator backward;
  const auto second = Copy((forward.Row(1), forward.Row(2)));
  EXPECT_EQ(Copy((backward.Row(3), backward.Row(2))), second);
  EXPECT_NE(Copy(LineitemGenerator(Shape::kShort, 1).Row(2)), second);
  EXPECT_NE(Copy(forward.Row(1)), second);
}

TEST(LineitemTest, CellsHaveColumnTypes) {
  LineitemGenerator generator;
  for (std::uint64_t number = 1; number <= 2000; ++number) {
    const auto cells = generator.Row(number);
    ASSERT_EQ(cells.size(), kLineitemColumns);
    EXPECT_EQ(cells[0], std::to_string(number));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      ASSERT_FALSE(cells[i].empty());
      if (kLineitem[i].kind == CellKind::kText) continue;
      double value = 0;
      const char* end = cells[i].data() + cells[i].size();
      ASSERT_EQ(std::from_chars(cells[i].data(), end, value).ptr, end) << cells[i];
      const std::size_t point = cells[i].find('.');
      if (point == std::string_view::npos) continue;
      EXPECT_EQ(kLineitem[i].kind, CellKind::kDouble);
      EXPECT_LE(cells[i].size() - point, 3U) << cells[i];
      EXPECT_NE(cells[i].back(), '0') << cells[i];
    }
  }
}

TEST(LineitemTest, TwoPercentOfTextsAreUnusual) {
  LineitemGenerator generator;
  int unusual = 0;
  int texts = 0;
  for (std::uint64_t number = 1; number <= 10'000; ++number) {
    const auto cells = generator.Row(number);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (kLineitem[i].kind != CellKind::kText) continue;
      ++texts;
      unusual += IsUnusual(cells[i]);
    }
  }
  EXPECT_NEAR(static_cast<double>(unusual) / texts, 0.02, 0.003);
}

TEST(LineitemTest, WideTextsHave200Characters) {
  LineitemGenerator generator(Shape::kWide);
  const auto cells = generator.Row(1);
  for (std::size_t i = 8; i < cells.size(); ++i) EXPECT_EQ(cells[i].size(), 200U);
}

TEST(LineitemTest, InsertStatement) {
  LineitemGenerator generator;
  std::string sql;
  AppendInsert(generator, 1, 500, &sql);
  EXPECT_TRUE(sql.starts_with("INSERT INTO lineitem VALUES (1, "));
  EXPECT_TRUE(sql.ends_with("');"));
  EXPECT_NE(sql.find("), (500, "), std::string::npos);
  EXPECT_NE(sql.find("O''Neil"), std::string::npos);
}

TEST(LineitemTest, StatementsNameEveryColumn) {
  EXPECT_TRUE(CreateLineitemStatement().starts_with("CREATE TABLE lineitem (l_orderkey BIGINT, "));
  EXPECT_TRUE(CreateLineitemStatement().ends_with("PRIMARY KEY (l_orderkey));"));
  EXPECT_TRUE(LineitemColumnList("l").starts_with("l.l_orderkey, l.l_partkey, "));
  EXPECT_TRUE(LineitemColumnList().ends_with("l_shipmode, l_comment"));
}

}  // namespace
}  // namespace tqlbench
