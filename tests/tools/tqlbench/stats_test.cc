#include "tools/tqlbench/stats.h"

#include <gtest/gtest.h>

namespace tqlbench {
namespace {

TEST(QuantileTest, InterpolatesBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(Quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({5, 1, 3}, 0.5), 3);
  EXPECT_DOUBLE_EQ(Quantile({0, 10}, 0.25), 2.5);
}

TEST(QuantileTest, ReachesTheEnds) {
  EXPECT_DOUBLE_EQ(Quantile({7, 3, 9}, 0), 3);
  EXPECT_DOUBLE_EQ(Quantile({7, 3, 9}, 1), 9);
  EXPECT_DOUBLE_EQ(Quantile({7, 3, 9}, 2), 9);
  EXPECT_DOUBLE_EQ(Quantile({42}, 0.99), 42);
  EXPECT_DOUBLE_EQ(Quantile({}, 0.5), 0);
}

TEST(SummarizeTest, TellsMiddleAndSpread) {
  const Summary summary = Summarize({2, 4, 3, 5, 1});
  EXPECT_EQ(summary.count, 5U);
  EXPECT_DOUBLE_EQ(summary.median, 3);
  EXPECT_DOUBLE_EQ(summary.min, 1);
  EXPECT_DOUBLE_EQ(summary.max, 5);
  EXPECT_DOUBLE_EQ(summary.Spread(), 4.0 / 3);
  EXPECT_EQ(Summarize({}).count, 0U);
  EXPECT_DOUBLE_EQ(Summarize({}).Spread(), 0);
}

}  // namespace
}  // namespace tqlbench
