#include "mockserver/thena/rate_limiter.h"

#include <gtest/gtest.h>

namespace tql::thena {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::chrono::system_clock::time_point At(milliseconds time) {
  return std::chrono::system_clock::time_point(time);
}

TEST(RateLimiterTest, RefusesWhatExceedsTheLimitUntilTheWindowEnds) {
  RateLimiter limiter(2, seconds(60));
  RateLimiter::Decision decision = limiter.Take(At(seconds(1000)));
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.remaining, 1U);
  EXPECT_EQ(decision.reset, seconds(60));
  decision = limiter.Take(At(milliseconds(1'010'500)));
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.remaining, 0U);
  EXPECT_EQ(decision.reset, seconds(50)) << "49.5 s, rounded up";
  decision = limiter.Take(At(milliseconds(1'059'999)));
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.remaining, 0U);
  EXPECT_EQ(decision.reset, seconds(1)) << "a client that waits so long is allowed";
  EXPECT_TRUE(limiter.Take(At(seconds(1060))).allowed);
}

TEST(RateLimiterTest, AWindowBeginsWithItsFirstRequest) {
  RateLimiter limiter(1, seconds(60));
  EXPECT_TRUE(limiter.Take(At(seconds(0))).allowed);
  EXPECT_TRUE(limiter.Take(At(seconds(90))).allowed);
  EXPECT_FALSE(limiter.Take(At(seconds(120))).allowed);
}

TEST(RateLimiterTest, ATimeBeforeTheWindowBeginsAnotherOne) {
  RateLimiter limiter(1, seconds(60));
  EXPECT_TRUE(limiter.Take(At(seconds(1000))).allowed);
  const RateLimiter::Decision decision = limiter.Take(At(seconds(500)));
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.reset, seconds(60));
}

}  // namespace
}  // namespace tql::thena
