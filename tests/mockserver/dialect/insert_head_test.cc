#include "mockserver/dialect/insert_head.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "mockserver/dialect/parser.h"

namespace tql::dialect {
namespace {

std::optional<InsertHead> HeadOf(std::string_view text) {
  const auto statement = ParseStatement(text);
  EXPECT_TRUE(statement.ok()) << text;
  return InsertHead::Of(text, *statement->as<Insert>());
}

TEST(InsertHeadTest, ReadsRowsAsTheParser) {
  const auto head = HeadOf("insert into d.t (a, \"B b\") values (0, 0)");
  ASSERT_TRUE(head);
  std::size_t read = 0;
  for (const std::string_view rows :
       {"(1, 'x')", "(-1, -.5e3)", "( 1,\n'it''s' ) ,\t(2.,null)", "(TRUE, false)", "(NULL,'')",
        "(99999999999999999999, '\xC3\xA4')", "(1)", "(1, 2, 3), (4)"}) {
    const std::string text = "insert into d.t (a, \"B b\") values " + std::string(rows);
    const auto statement = ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << text;
    const ValueRows& expected = statement->as<Insert>()->rows;
    const auto found = head->RowsOf(text);
    ASSERT_TRUE(found) << text;
    EXPECT_TRUE(*found == expected) << text;
    ASSERT_EQ(found->row_count(), expected.row_count());
    for (std::size_t r = 0; r < expected.row_count(); ++r) {
      for (std::size_t c = 0; c < expected.row(r).size(); ++c) {
        EXPECT_EQ(found->row(r)[c].range.begin, expected.row(r)[c].range.begin) << text;
        EXPECT_EQ(found->row(r)[c].range.end, expected.row(r)[c].range.end) << text;
      }
    }
    ++read;
  }
  EXPECT_EQ(read, 8U);
}

TEST(InsertHeadTest, LeavesEverythingElseToTheParser) {
  const auto head = HeadOf("insert into t values (0, 0)");
  ASSERT_TRUE(head);
  for (const std::string_view text : {"insert into t values (1, 1 + 1)",
                                      "insert into t values (1, a)",
                                      "insert into t values ()",
                                      "insert into t values (1, 'x'",
                                      "insert into t values (1, 'x')) ",
                                      "insert into t values (1, 'open)",
                                      "insert into t values (1, - 1)",
                                      "insert into t values (1, -'x')",
                                      "insert into t values (1, 1e)",
                                      "insert into t values (1, 12abc)",
                                      "insert into t values (1) (2)",
                                      "insert into t values (1),",
                                      "insert into t values",
                                      "insert into t (a) values (1)",
                                      "insert into T values (1)",
                                      "insert into t select 1",
                                      "insert into t values (1 /* c */)",
                                      "insert into t values (1, 'x') -- c",
                                      "insert into t values (1, '\xFF')",
                                      "insert into t values (1, nulls)"}) {
    EXPECT_FALSE(head->RowsOf(text)) << text;
  }
  EXPECT_FALSE(head->RowsOf(std::string("insert into t values (1, '\0')", 28)));
}

TEST(InsertHeadTest, NeedsABracketAfterValues) {
  EXPECT_FALSE(HeadOf("insert into t values ((1), 2)"));
  EXPECT_FALSE(HeadOf("insert into t values (/* c */ 1)"));
  EXPECT_FALSE(HeadOf("insert into t select 1"));
  EXPECT_TRUE(HeadOf("insert into t VALUES\n(1 + 1)"));
}

}  // namespace
}  // namespace tql::dialect
