#include "tools/tqlbench/recorder.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "tools/tqlbench/report.h"

namespace tqlbench {
namespace {

constexpr Target kTargets[] = {{"ratio", "work", "peer", "x", Better::kMore, 3, 4},
                               {"time", "other work", "", "ms", Better::kLess, 20, 5}};
constexpr Measurement kMeasurement = {"m", kTargets, nullptr};

TEST(JudgeTest, MoreIsBetter) {
  EXPECT_EQ(Judge(kTargets[0], 4), Verdict::kAim);
  EXPECT_EQ(Judge(kTargets[0], 3), Verdict::kFloor);
  EXPECT_EQ(Judge(kTargets[0], 2.99), Verdict::kMissed);
}

TEST(JudgeTest, LessIsBetter) {
  EXPECT_EQ(Judge(kTargets[1], 5), Verdict::kAim);
  EXPECT_EQ(Judge(kTargets[1], 20), Verdict::kFloor);
  EXPECT_EQ(Judge(kTargets[1], 20.1), Verdict::kMissed);
}

TEST(ReportTest, CountsMissedFloors) {
  Recorder recorder;
  EXPECT_EQ(CountMissed({&kMeasurement, 1}, recorder), 2);
  for (const double sample : {1, 3, 5}) recorder.Add("ratio", sample);
  EXPECT_EQ(CountMissed({&kMeasurement, 1}, recorder), 1);
  recorder.Add("time", 21);
  EXPECT_EQ(CountMissed({&kMeasurement, 1}, recorder), 1);
}

TEST(ReportTest, SkippedTargets) {
  Recorder recorder;
  recorder.Add("ratio", 5);
  recorder.Skip("time", "no clock");
  EXPECT_EQ(CountMissed({&kMeasurement, 1}, recorder), 0);
  const RunDescription run{10, 3, "machine"};
  std::ostringstream text;
  PrintText(run, {&kMeasurement, 1}, recorder, text);
  EXPECT_NE(text.str().find("skipped: no clock\n"), std::string::npos) << text.str();
  std::ostringstream json;
  PrintJson(run, {&kMeasurement, 1}, recorder, json);
  EXPECT_NE(json.str().find(R"("reached":"skipped")"), std::string::npos) << json.str();
}

TEST(ReportTest, InfinityIsNullInJson) {
  Recorder recorder;
  recorder.Add("ratio", std::numeric_limits<double>::infinity());
  std::ostringstream json;
  PrintJson({10, 3, "machine"}, {&kMeasurement, 1}, recorder, json);
  EXPECT_NE(json.str().find(R"("median":null,"min":null,"max":null)"), std::string::npos)
      << json.str();
}

TEST(ReportTest, TellsMedianAndSpread) {
  Recorder recorder;
  for (const double sample : {2.5, 3.25, 5.0}) recorder.Add("ratio", sample);
  recorder.Detail("speed", "rows/s", 1000);
  recorder.Detail("speed", "rows/s", 3000);
  const RunDescription run{10, 3, "a \"machine\""};
  std::ostringstream json;
  PrintJson(run, {&kMeasurement, 1}, recorder, json);
  EXPECT_NE(json.str().find(R"("machine":"a \"machine\"")"), std::string::npos);
  EXPECT_NE(json.str().find(R"("unit":"x","samples":3,"median":3.25,"min":2.5,"max":5,)"
                            R"("floor":3,"aim":4,"reached":"floor")"),
            std::string::npos)
      << json.str();
  EXPECT_NE(json.str().find(R"("name":"speed","unit":"rows/s","samples":2,"median":2000)"),
            std::string::npos);
  std::ostringstream text;
  PrintText(run, {&kMeasurement, 1}, recorder, text);
  EXPECT_NE(text.str().find("3.25 x      2.50 .. 5.00"), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("not measured"), std::string::npos);
}

}  // namespace
}  // namespace tqlbench
