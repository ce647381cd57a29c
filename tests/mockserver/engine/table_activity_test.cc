#include "mockserver/engine/table_activity.h"

#include <gtest/gtest.h>

namespace tql::engine {
namespace {

using std::chrono::seconds;

class SetClock : public Clock {
 public:
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return time; }
  TableActivity::Time time{seconds(100)};
};

class TableActivityTest : public ::testing::Test {
 protected:
  /// Converts to seconds since the epoch.
  static std::int64_t In(TableActivity::Time time) {
    return std::chrono::duration_cast<seconds>(time.time_since_epoch()).count();
  }

  SetClock clock_;
  TableActivity activity_{clock_};
};

TEST_F(TableActivityTest, UnchangedTable) {
  clock_.time += seconds(5);
  EXPECT_EQ(activity_.Of(1).data_versions, 0);
  EXPECT_EQ(In(activity_.Of(1).changed), 100);
  EXPECT_EQ(In(activity_.Of(1).served), 100);
}

TEST_F(TableActivityTest, ChangesMakeVersions) {
  activity_.Changed({{1, 2'000}, {2, 1}});
  clock_.time += seconds(5);
  activity_.Changed(1);
  EXPECT_EQ(activity_.Of(1).data_versions, 2'001);
  EXPECT_EQ(In(activity_.Of(1).changed), 105);
  EXPECT_EQ(activity_.Of(2).data_versions, 1);
  EXPECT_EQ(In(activity_.Of(2).changed), 100);
}

TEST_F(TableActivityTest, FoldLeavesOneVersion) {
  activity_.Changed({{1, 3}});
  clock_.time += seconds(5);
  activity_.Fold(1);
  EXPECT_EQ(activity_.Of(1).data_versions, 1);
  EXPECT_EQ(In(activity_.Of(1).changed), 100);
  EXPECT_EQ(In(activity_.Of(1).served), 105);
  clock_.time += seconds(5);
  activity_.Fold(1);
  EXPECT_EQ(In(activity_.Of(1).served), 105) << "there was nothing to fold";
}

TEST_F(TableActivityTest, FoldOfUnchangedTable) {
  clock_.time += seconds(5);
  activity_.Fold(1);
  EXPECT_EQ(activity_.Of(1).data_versions, 0);
  EXPECT_EQ(In(activity_.Of(1).served), 100);
}

TEST_F(TableActivityTest, ForgetsDroppedTable) {
  activity_.Changed(1);
  activity_.Forget(1);
  EXPECT_EQ(activity_.Of(1).data_versions, 0);
}

}  // namespace
}  // namespace tql::engine
