#include "mockserver/net/memory_budget.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <vector>

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

TEST(MemoryBudgetTest, HoldersThatWaitForEachOtherProceedOneByOne) {
  constexpr std::size_t kHolders = 8;
  MemoryBudget budget(100);
  std::latch all_hold(kHolders);
  std::vector<std::future<bool>> holders;
  for (std::size_t i = 0; i < kHolders; ++i) {
    holders.push_back(std::async(std::launch::async, [&] {
      MemoryBudget::Reservation share(budget);
      const bool begun = share.Grow(12, hours(1));
      all_hold.arrive_and_wait();
      return begun && share.Grow(50, hours(1)) && share.Grow(200, hours(1));
    }));
  }
  for (std::future<bool>& holder : holders) EXPECT_TRUE(holder.get());
}

TEST(MemoryBudgetTest, NobodyExceedsTheBudgetBesideAHolderAtWork) {
  MemoryBudget budget(100);
  MemoryBudget::Reservation at_work(budget);
  MemoryBudget::Reservation other(budget);
  MemoryBudget::Reservation another(budget);
  ASSERT_TRUE(at_work.Grow(60, milliseconds(0)));
  ASSERT_TRUE(other.Grow(30, milliseconds(0)));
  auto waiting = std::async(std::launch::async, [&] { return other.Grow(70, hours(1)); });
  EXPECT_FALSE(another.Grow(70, milliseconds(5)));
  at_work.Release();
  EXPECT_TRUE(waiting.get());
}

}  // namespace
}  // namespace tql::net
