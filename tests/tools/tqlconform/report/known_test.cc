#include "tools/tqlconform/report/known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/tqlconform/report/reports.h"
#include "tools/tqlconform/report/outcomes.h"

namespace tqlconform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::set<std::string> kIds = {"a/bad", "a/good", "a/other", "b/unselected"};

confpb::Report RunOf() {
  confpb::Report report;
  AddResult(&report, "a/bad", confpb::FAILED, "step 0 (query): expect.rows[0]: expected 1");
  AddResult(&report, "a/bad", confpb::FAILED, "step 0 (query): expect.rows[0]: expected 1", "grpc");
  AddResult(&report, "a/good", confpb::PASSED);
  AddResult(&report, "a/other", confpb::SKIPPED, "risk");
  return report;
}

confpb::Report Judged(std::string_view list) {
  confpb::Report report = RunOf();
  auto known = KnownFailing::Parse(list, "known.txt");
  EXPECT_TRUE(known.ok()) << known.status();
  known->Apply(kIds, &report);
  return report;
}

TEST(KnownFailingTest, ListedFailuresDoNotFail) {
  for (const char* list : {"a/bad\n", "a/*  # not a comment within an entry\n"}) {
    const auto known = KnownFailing::Parse(list, "known.txt");
    EXPECT_EQ(std::string_view(list) == "a/bad\n", known.ok()) << list;
  }
  EXPECT_EQ(kExitOk, ExitStatusOf(Judged("# why\n\na/bad")));
  EXPECT_EQ(kExitOk, ExitStatusOf(Judged("a/bad: step 0 (query): expect.rows")));
  EXPECT_EQ(kExitOk, ExitStatusOf(Judged("a/b*")));
  EXPECT_EQ(kExitFailed, ExitStatusOf(Judged("a/bad @http")));
  EXPECT_EQ(kExitOk, ExitStatusOf(Judged("a/bad @http\na/bad @grpc: step 0")));
}

TEST(KnownFailingTest, EntriesThatDoNotHoldAreStale) {
  EXPECT_THAT(Judged("a/bad\na/good").stale(), ElementsAre("a/good  (passed)"));
  EXPECT_EQ(kExitStale, ExitStatusOf(Judged("a/bad\na/good")));
  EXPECT_THAT(Judged("a/bad\na/other").stale(), ElementsAre("a/other  (skipped)"));
  EXPECT_THAT(Judged("a/bad\nx/y").stale(), ElementsAre("x/y  (no such case)"));
  EXPECT_THAT(Judged("a/bad\nb/unselected").stale(), IsEmpty());
  EXPECT_THAT(Judged("a/bad: step 1").stale(), ElementsAre(HasSubstr("another message")));
  EXPECT_EQ(kExitFailed, ExitStatusOf(Judged("a/bad: step 1")));
}

TEST(KnownFailingTest, FixedList) {
  auto known = KnownFailing::Parse("# why\na/good\nb/unselected\na/bad @grpc\n", "known.txt");
  confpb::Report report = RunOf();
  confpb::Finding* const finding = report.mutable_result(0)->add_finding();
  finding->set_step("step 0 (query)");
  finding->set_check("expect.rows[0]");
  known->Apply(kIds, &report);
  const std::string fixed = known->Fixed(report);
  EXPECT_EQ("# why\nb/unselected\na/bad @grpc\na/bad @http: step 0 (query): expect.rows[0]\n",
            fixed);
  confpb::Report again = RunOf();
  auto list = KnownFailing::Parse(fixed, "known.txt");
  list->Apply(kIds, &again);
  EXPECT_EQ(kExitOk, ExitStatusOf(again));
}

TEST(KnownFailingTest, InvalidLines) {
  for (const char* list : {"a/b c", "a/b @", "a/b @http c", ": message"}) {
    const auto known = KnownFailing::Parse(list, "known.txt");
    ASSERT_FALSE(known.ok()) << list;
    EXPECT_THAT(known.status().message(), HasSubstr("known.txt: line 1: expected CASE")) << list;
  }
}

TEST(KnownFailingTest, Targets) {
  EXPECT_EQ(kExitOk, ExitStatusOf(Judged("a/bad @HTTP\na/bad @Grpc")));
  const std::string targets[] = {"http", "grpc"};
  EXPECT_TRUE(KnownFailing::Parse("a/bad @HTTP\n", "known.txt", targets).ok());
  EXPECT_EQ("known.txt: line 2: expected one of the targets @http, @grpc, found \"@nonsense\"",
            KnownFailing::Parse("a/b\na/bad @nonsense", "known.txt", targets).status().message());
  EXPECT_EQ("flaky.txt: line 1: expected one of the targets @http, @grpc, found \"@https\"",
            KnownFlaky::Parse("a/bad @https 2", "flaky.txt", targets).status().message());
}

TEST(KnownFlakyTest, Tries) {
  const auto list = KnownFlaky::Parse("# why\na/* 2\na/bad @gRPC 5\nx/* 3\n", "flaky.txt");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(2U, list->TriesOf("a/good", "http"));
  EXPECT_EQ(2U, list->TriesOf("a/bad", "http"));
  EXPECT_EQ(5U, list->TriesOf("a/bad", "grpc"));
  EXPECT_EQ(1U, list->TriesOf("b/x", "grpc"));
  confpb::Report report = RunOf();
  report.mutable_result(2)->set_tries(2);
  list->Apply(kIds, &report);
  EXPECT_EQ(confpb::KNOWN_FLAKY, report.result(2).known());
  EXPECT_THAT(report.stale(), ElementsAre("x/* 3  (no such case)"));
  for (const char* bad : {"a/b", "a/b 1", "a/b 11", "a/b x", "a/b c 2", "2"}) {
    EXPECT_FALSE(KnownFlaky::Parse(bad, "flaky.txt").ok()) << bad;
  }
}

}  // namespace
}  // namespace tqlconform
