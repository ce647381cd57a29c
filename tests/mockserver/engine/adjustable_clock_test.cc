#include "mockserver/engine/adjustable_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tql::engine {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr sys_days kBase = year(2024) / 2 / 29;

class BaseClock : public Clock {
 public:
  TimePoint Now() const override { return TimePoint(hours(5) + passed); }
  std::chrono::system_clock::time_point WallTime() const override { return kBase + passed + late; }
  seconds passed{0};
  seconds late{0};  // how much later than Now() it is read
};

class AdjustableClockTest : public ::testing::Test {
 protected:
  void ExpectTime(std::chrono::system_clock::time_point expected) {
    EXPECT_EQ((clock_.WallTime() - expected).count(), 0);
    EXPECT_EQ(clock_.Read().now, clock_.WallTime());
  }

  BaseClock base_;
  AdjustableClock clock_{base_};
};

TEST_F(AdjustableClockTest, ShowsTheTimeOfItsBaseAtFirst) {
  ExpectTime(kBase);
  EXPECT_EQ(clock_.Now(), base_.Now());
  base_.passed = seconds(7);
  ExpectTime(kBase + seconds(7));
  EXPECT_EQ(clock_.Now(), base_.Now());
  EXPECT_TRUE(clock_.Read().real);
  EXPECT_FALSE(clock_.Read().frozen);
}

TEST_F(AdjustableClockTest, RunsFromTheTimeThatIsSet) {
  const Clock::TimePoint before = clock_.Now();
  const sys_days set = year(2030) / 1 / 1;
  ASSERT_EQ(clock_.Adjust({.now = set}), Status());
  ExpectTime(set);
  EXPECT_EQ((clock_.Now() - before).count(), std::chrono::nanoseconds(set - kBase).count());
  base_.passed = seconds(7);
  ExpectTime(set + seconds(7));
  EXPECT_FALSE(clock_.Read().real);
}

TEST_F(AdjustableClockTest, StandsStillWhileItIsFrozen) {
  ASSERT_EQ(clock_.Adjust({.frozen = true}), Status());
  const Clock::TimePoint before = clock_.Now();
  base_.passed = seconds(7);
  ExpectTime(kBase);
  EXPECT_EQ(clock_.Now(), before);
  ASSERT_EQ(clock_.Adjust({.advance = seconds(60)}), Status());
  ExpectTime(kBase + seconds(60));
  EXPECT_TRUE(clock_.Read().frozen);
  EXPECT_EQ(clock_.Now(), before + seconds(60));
  ASSERT_EQ(clock_.Adjust({.frozen = false}), Status());
  base_.passed += seconds(1);
  ExpectTime(kBase + seconds(61));
}

TEST_F(AdjustableClockTest, AdvancesExactlyWhileItIsFrozen) {
  ASSERT_EQ(clock_.Adjust({.frozen = true}), Status());
  const Clock::TimePoint before = clock_.Now();
  base_.late = seconds(3);
  ASSERT_EQ(clock_.Adjust({.advance = seconds(10)}), Status());
  ExpectTime(kBase + seconds(10));
  EXPECT_EQ(clock_.Now() - before, seconds(10));
}

TEST_F(AdjustableClockTest, ReturnsToTheTimeOfItsBase) {
  ASSERT_EQ(
      clock_.Adjust({.now = sys_days(year(1999) / 1 / 1), .advance = hours(1), .frozen = true}),
      Status());
  ExpectTime(sys_days(year(1999) / 1 / 1) + hours(1));
  ASSERT_EQ(clock_.Adjust({.real = true}), Status());
  base_.passed = seconds(3);
  ExpectTime(kBase + seconds(3));
  EXPECT_TRUE(clock_.Read().real);
}

TEST_F(AdjustableClockTest, ACopyGoesItsOwnWay) {
  ASSERT_EQ(clock_.Adjust({.advance = hours(1), .frozen = true}), Status());
  AdjustableClock copy(clock_);
  EXPECT_EQ(copy.WallTime(), clock_.WallTime());
  EXPECT_TRUE(copy.Read().frozen);
  ASSERT_EQ(copy.Adjust({.advance = hours(1), .frozen = false}), Status());
  base_.passed = seconds(1);
  EXPECT_EQ(copy.WallTime(), kBase + hours(2) + seconds(1));
  ExpectTime(kBase + hours(1));
}

TEST_F(AdjustableClockTest, ATimeOutOfRangeChangesNothing) {
  ASSERT_EQ(clock_.Adjust({.advance = hours(1)}), Status());
  const seconds two_hundred_years{std::chrono::years(200)};
  for (const AdjustableClock::Change& change :
       {AdjustableClock::Change{.now = sys_days(year(1969) / 12 / 31)},
        AdjustableClock::Change{.now = sys_days(year(2200) / 1 / 1)},
        AdjustableClock::Change{.now = std::chrono::system_clock::time_point::max()},
        AdjustableClock::Change{.now = std::chrono::system_clock::time_point::min()},
        AdjustableClock::Change{.advance = two_hundred_years},
        AdjustableClock::Change{.advance = std::chrono::nanoseconds::max()},
        AdjustableClock::Change{.advance = seconds(-1)}}) {
    EXPECT_EQ(clock_.Adjust(change).code(), StatusCode::kOutOfRange);
  }
  ExpectTime(kBase + hours(1));
  // From one end to the other, as often as a test likes.
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(clock_.Adjust({.now = sys_days(year(1970) / 1 / 1)}), Status());
    ASSERT_EQ(clock_.Adjust({.now = sys_days(year(2199) / 12 / 31)}), Status());
  }
  ExpectTime(sys_days(year(2199) / 12 / 31));
}

}  // namespace
}  // namespace tql::engine
