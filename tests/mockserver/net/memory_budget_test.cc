#include "mockserver/net/memory_budget.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>

namespace tql::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(MemoryBudgetTest, LimitsSumOfReservations) {
  MemoryBudget budget(100);
  MemoryBudget::Reservation one(budget);
  MemoryBudget::Reservation other(budget);
  EXPECT_TRUE(one.Grow(60, milliseconds(0)));
  EXPECT_FALSE(other.Grow(41, milliseconds(0)));
  EXPECT_EQ(other.bytes(), 0U);
  EXPECT_TRUE(other.Grow(40, milliseconds(0)));
  EXPECT_FALSE(one.Grow(61, milliseconds(0)));
  EXPECT_TRUE(one.Grow(10, milliseconds(0)));  // It already has more.
  EXPECT_EQ(one.bytes(), 60U);
  other.Release();
  EXPECT_TRUE(one.Grow(100, milliseconds(0)));
}

TEST(MemoryBudgetTest, SingleReservationMayExceedBudget) {
  MemoryBudget budget(100);
  MemoryBudget::Reservation one(budget);
  EXPECT_TRUE(one.Grow(1000, milliseconds(0)));
  EXPECT_TRUE(one.Grow(2000, milliseconds(0)));
  MemoryBudget::Reservation other(budget);
  EXPECT_FALSE(other.Grow(1, milliseconds(0)));
}

TEST(MemoryBudgetTest, WaitsForReleasedBytes) {
  MemoryBudget budget(100);
  auto one = std::make_unique<MemoryBudget::Reservation>(budget);
  ASSERT_TRUE(one->Grow(100, milliseconds(0)));
  auto waiting = std::async(std::launch::async, [&] {
    MemoryBudget::Reservation other(budget);
    return other.Grow(50, hours(1));
  });
  one.reset();
  EXPECT_TRUE(waiting.get());
}

}  // namespace
}  // namespace tql::net
