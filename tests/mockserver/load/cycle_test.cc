// The states of a cycle, and what becomes of cycles that nobody ends.
#include "mockserver/load/cycle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "mockserver/load/load_numbers.h"
#include "mockserver/load/load_service.h"

namespace tql::load {
namespace {

using ::testing::HasSubstr;
using ::testing::IsNull;
using ::testing::NotNull;

class StoppedClock : public engine::Clock {
 public:
  TimePoint Now() const override { return TimePoint(now); }
  std::chrono::system_clock::time_point WallTime() const override {
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(now));
  }
  std::chrono::nanoseconds now{std::chrono::hours(1)};
};

class LoadServiceTest : public ::testing::Test {
 protected:
  StatusOr<std::shared_ptr<Cycle>> Start() {
    StatusOr<LoadParams> params = ParseLoadParams(R"({"target":{"database":"d","table":"t"}})");
    if (!params.ok()) return params.status();
    return service.Start(owner, *std::move(params));
  }

  StoppedClock clock;
  space::Namespaces namespaces{std::make_shared<space::Namespace>(
      "main", nullptr, std::make_shared<space::Environment>("main", clock),
      space::Namespace::Settings(), std::stop_token(),
      space::Attachments{std::make_shared<LoadNumbers>()})};
  LoadService service{namespaces, std::filesystem::temp_directory_path()};
  const Owner owner{"ann", "main"};
};

TEST_F(LoadServiceTest, ACycleThatNobodyCallsIsForgottenAfterAnHour) {
  const auto cycle = Start();
  ASSERT_TRUE(cycle.ok()) << cycle.status();
  clock.now += LoadService::kLongestIdle;
  EXPECT_THAT(service.Find(owner, (*cycle)->id()), NotNull());
  clock.now += std::chrono::seconds(1);
  EXPECT_THAT(service.Find(owner, (*cycle)->id()), IsNull());
  EXPECT_EQ((*cycle)->stage(), Cycle::Stage::kDone);
}

TEST_F(LoadServiceTest, AnUploadInProgressKeepsItsCycle) {
  const auto cycle = Start();
  ASSERT_TRUE(cycle.ok()) << cycle.status();
  ASSERT_TRUE((*cycle)->BeginUpload().ok());
  clock.now += 2 * LoadService::kLongestIdle;
  EXPECT_THAT(service.Find(owner, (*cycle)->id()), NotNull());
  (*cycle)->EndUpload();
}

TEST_F(LoadServiceTest, ACycleBelongsToItsUserAndNamespace) {
  const auto cycle = Start();
  ASSERT_TRUE(cycle.ok()) << cycle.status();
  EXPECT_THAT(service.Find({"bob", "main"}, (*cycle)->id()), IsNull());
  EXPECT_THAT(service.Find({"ann", "other"}, (*cycle)->id()), IsNull());
}

TEST_F(LoadServiceTest, OpenCyclesAreBoundedAndDoneOnesAreForgotten) {
  std::shared_ptr<Cycle> first;
  for (std::size_t i = 0; i < LoadService::kMostOpen; ++i) {
    const auto cycle = Start();
    ASSERT_TRUE(cycle.ok()) << cycle.status();
    if (!first) first = *cycle;
  }
  EXPECT_EQ(Start().status().code(), StatusCode::kResourceExhausted);
  first->Cancel();
  EXPECT_TRUE(Start().ok());
  for (const auto& cycle : service.CyclesOf("main")) cycle->Cancel();
  EXPECT_EQ(service.CyclesOf("main").size(), LoadService::kMostDone);
  EXPECT_THAT(service.Find(owner, first->id()), IsNull());
}

TEST_F(LoadServiceTest, StatusHasMicrosecondsAndTheRateOfUploads) {
  const auto started = Start();
  ASSERT_TRUE(started.ok()) << started.status();
  Cycle& cycle = **started;
  Spool spool(std::filesystem::temp_directory_path());
  ASSERT_TRUE(cycle.BeginUpload().ok());
  clock.now += std::chrono::seconds(2);
  {
    const auto bytes = std::make_shared<SpooledBytes>(spool);
    ASSERT_TRUE(bytes->Append("12345678").ok());
    ASSERT_TRUE(bytes->Finish().ok());
    ASSERT_TRUE(cycle.AddUpload({bytes}, std::nullopt).ok());
  }
  cycle.EndUpload();
  const std::string status = cycle.StatusJson(true);
  EXPECT_THAT(status, HasSubstr(R"("ingested_network_bw":"4")"));
  EXPECT_THAT(status, HasSubstr(R"("start_time":"3600000000")"));
  cycle.Cancel();
  EXPECT_THAT(cycle.StatusJson(true), HasSubstr(R"("end_time":"3602000000")"));
}

}  // namespace
}  // namespace tql::load
