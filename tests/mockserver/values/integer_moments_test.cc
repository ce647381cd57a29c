// Expected values are sum, avg and variance of NUMERIC in PostgreSQL 15, rounded to DOUBLE.
#include "mockserver/values/integer_moments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace tql::values {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kTwo53 = std::int64_t{1} << 53;

IntegerMoments Of(const std::vector<std::int64_t>& values) {
  IntegerMoments moments;
  for (const std::int64_t value : values) moments.Add(value);
  return moments;
}
double VarianceOf(const std::vector<std::int64_t>& values) {
  return static_cast<double>(Of(values).Variance());
}

TEST(IntegerMomentsTest, IntermediateSumsBeyond64Bits) {
  EXPECT_EQ(Of({kMost, 1, -5}).Sum(), kMost - 4);
  EXPECT_EQ(Of({kLeast, kLeast, kMost, kMost, 1}).Sum(), -1);
  EXPECT_EQ(Of({kMost, 1}).Sum(), std::nullopt);
  EXPECT_EQ(Of({kLeast, -1}).Sum(), std::nullopt);
  EXPECT_EQ(Of({kLeast}).Sum(), kLeast);
  EXPECT_EQ(Of({}).Sum(), 0);
}

TEST(IntegerMomentsTest, PartsAreMergedExactly) {
  IntegerMoments merged = Of({kMost, kMost, kLeast});
  merged.Add(Of({kLeast, kLeast, 5}));
  const IntegerMoments whole = Of({kMost, kMost, kLeast, kLeast, kLeast, 5});
  EXPECT_EQ(merged.count(), 6U);
  EXPECT_EQ(merged.Sum(), whole.Sum());
  EXPECT_EQ(merged.Mean(), whole.Mean());
  EXPECT_EQ(merged.Variance(), whole.Variance());
}

TEST(IntegerMomentsTest, MeansAreRoundedOnce) {
  EXPECT_EQ(Of({kTwo53, 1, -kTwo53}).Mean(), 1.0 / 3);
  EXPECT_EQ(Of({kMost, kMost}).Mean(), 9223372036854775807.0);
  EXPECT_EQ(Of({kLeast, kLeast}).Mean(), -9223372036854775808.0);
  EXPECT_EQ(Of({kMost, kLeast}).Mean(), -0.5);
  EXPECT_EQ(Of({-1, -1, 0}).Mean(), -2.0 / 3);
  EXPECT_EQ(Of({0, 0}).Mean(), 0);
  EXPECT_FALSE(std::signbit(Of({5, -5}).Mean()));
  // Halfway between two doubles, rounds to the even one; a little above, rounds up.
  EXPECT_EQ(Of({kTwo53 + 1}).Mean(), 9007199254740992.0);
  EXPECT_EQ(Of({kTwo53 + 1, kTwo53 + 1, kTwo53 + 2}).Mean(), 9007199254740994.0);
  EXPECT_EQ(Of({kTwo53 + 1, kTwo53 + 1, kTwo53}).Mean(), 9007199254740992.0);
}

TEST(IntegerMomentsTest, VariancesOfLargeValues) {
  EXPECT_EQ(VarianceOf({kTwo53, kTwo53 + 1}), 0.5);
  EXPECT_EQ(VarianceOf({kMost, kMost - 1, kMost - 2}), 1);
  EXPECT_EQ(VarianceOf({kMost, kLeast}), 1.7014118346046923e38);
  EXPECT_EQ(VarianceOf({kLeast, kLeast, kLeast}), 0);
  EXPECT_EQ(VarianceOf({1, 2, 3, 4}), 5.0 / 3);
}

}  // namespace
}  // namespace tql::values
