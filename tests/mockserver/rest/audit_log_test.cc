// The form of entries is that of the vendor's documentation of logs/topics.
#include "mockserver/rest/audit_log.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace tql::rest {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

TEST(IsoTimeTest, HasMicroseconds) {
  EXPECT_EQ(IsoTime(WallTime(microseconds(1'686'222'926'421'996))), "2023-06-08T11:15:26.421996Z");
}

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() {
    EXPECT_EQ(environment_.clock.Adjust({.now = WallTime(hours(24 * 365 * 50))}), Status());
  }

  space::Environment environment_{space::kMain, engine::SystemClock(), 7};
  AuditLog log_;
};

TEST_F(AuditLogTest, KeepsTheLast) {
  for (std::size_t number = 0; number < AuditLog::kMost; ++number) {
    const std::string name = std::string(300, 'x') + std::to_string(number);
    log_.Add({.type = "LOGIN_FAILED", .user_name = name}, environment_);
  }
  const auto entries = log_.Between(WallTime(), WallTime::max());
  std::size_t bytes = 0;
  for (const AuditLog::EntryPtr& entry : entries) bytes += entry->log.size();
  EXPECT_LE(bytes, AuditLog::kMostBytes);
  EXPECT_GT(bytes, AuditLog::kMostBytes - 1000);
  EXPECT_NE(entries.back()->log.find(R"(x9999")"), std::string::npos);
}

TEST_F(AuditLogTest, IsDeterminedByTheSeed) {
  ASSERT_EQ(environment_.clock.Adjust({.frozen = true}), Status());
  AuditLog other;
  const AuditEvent event{.type = "LOGIN_FAILED", .user_name = "ann", .peer = "127.0.0.1"};
  log_.Add(event, environment_);
  other.Add(event, environment_);
  EXPECT_EQ(log_.Between(WallTime(), WallTime::max())[0]->log,
            other.Between(WallTime(), WallTime::max())[0]->log);
}

TEST_F(AuditLogTest, SelectsByTime) {
  ASSERT_EQ(environment_.clock.Adjust({.frozen = true}), Status());
  const WallTime now = environment_.clock.WallTime();
  log_.Add({.type = "LOGIN_FAILED"}, environment_);
  EXPECT_EQ(log_.Between(now, now).size(), 1);
  EXPECT_EQ(log_.Between(now + microseconds(1), WallTime::max()).size(), 0);
  EXPECT_EQ(log_.Between(WallTime(), now - microseconds(1)).size(), 0);
}

TEST_F(AuditLogTest, AForkHasAnEmptyLog) {
  log_.Add({.type = "LOGIN_FAILED"}, environment_);
  const auto fork = std::dynamic_pointer_cast<AuditLog>(log_.Fork());
  EXPECT_EQ(fork->Between(WallTime(), WallTime::max()).size(), 0);
}

}  // namespace
}  // namespace tql::rest
