#include "mockserver/dialect/postgres/scan_cost.h"
#include "tests/mockserver/dialect/texts.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::dialect::postgres {
namespace {

TEST(ScanCost, OrdinaryText) {
  EXPECT_FALSE(FindCostlyRun(""));
  EXPECT_FALSE(FindCostlyRun("SELECT a+b-c*d /* e */ -- f"));
  EXPECT_FALSE(FindCostlyRun("SELECT 1 -- " + Repeat("=", 1000000)));
  EXPECT_FALSE(FindCostlyRun("SELECT a" + Repeat(" + a", 200000)));
  EXPECT_FALSE(FindCostlyRun("SELECT 1 /* " + Repeat("/* */ ", 100000) + " */"));
  EXPECT_FALSE(FindCostlyRun("/" + Repeat("*", 1000000) + "/"));
}

TEST(ScanCost, CostlyRuns) {
  EXPECT_EQ(FindCostlyRun("SELECT " + Repeat("+", 100000) + "1"), 7U);
  EXPECT_EQ(FindCostlyRun("SELECT " + Repeat("+-", 100000) + "1"), 7U);
  EXPECT_EQ(FindCostlyRun("SELECT 1" + Repeat("/*", 100000)), 8U);
  EXPECT_TRUE(FindCostlyRun(Repeat(Repeat("+", 1000) + " 1 ", 1000)));
}

}  // namespace
}  // namespace tql::dialect::postgres
