// The readers that must accept these reports (prove, xmllint) run in tqlconform_test.py.
#include "tools/tqlconform/report/formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "tests/tools/tqlconform/report/reports.h"
#include "tools/tqlconform/report/console.h"
#include "tools/tqlconform/report/outcomes.h"

namespace tqlconform {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

confpb::Report RunOf() {
  confpb::Report report;
  report.set_mode("server");
  report.add_target("http://h:1");
  AddResult(&report, "a/good", confpb::PASSED);
  AddResult(&report, "a/bad", confpb::FAILED, "issue # TODO list <\x1b>");
  AddResult(&report, "a/known", confpb::FAILED, "x")->set_known(confpb::KNOWN_FAILING);
  AddResult(&report, "a/differs", confpb::DIFFERS, "y");
  AddResult(&report, "a/silent", confpb::NOT_JUDGED, "no response in time");
  AddResult(&report, "a/skipped", confpb::SKIPPED, "risk destructive; see --risk");
  return report;
}

TEST(OutcomesTest, ExitStatuses) {
  confpb::Report report;
  AddResult(&report, "a", confpb::PASSED);
  AddResult(&report, "b", confpb::DIFFERS);
  AddResult(&report, "c", confpb::LACKS);
  AddResult(&report, "d", confpb::SKIPPED);
  EXPECT_EQ(kExitOk, ExitStatusOf(report));
  report.add_stale("x");
  EXPECT_EQ(kExitStale, ExitStatusOf(report));
  AddResult(&report, "e", confpb::NOT_JUDGED);
  EXPECT_EQ(kExitUnreachable, ExitStatusOf(report));
  AddResult(&report, "f", confpb::FAILED);
  EXPECT_EQ(kExitFailed, ExitStatusOf(report));
  confpb::Report stopped;
  stopped.set_stopped("interrupted");
  EXPECT_EQ(kExitUnreachable, ExitStatusOf(stopped));
}

TEST(TapTest, NamesHideNothing) {
  const std::string tap = TapReport(RunOf(), 13);
  EXPECT_THAT(tap, StartsWith("TAP version 13\n1..6\nok 1 - a/good [http]\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 2 - a/bad [http]\n  ---\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 3 - a/known [http] # TODO known failing\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 4 - a/differs [http] # SKIP differs: y\n"));
  EXPECT_THAT(tap, HasSubstr("\nnot ok 5 - a/silent [http]\n"));
  EXPECT_THAT(tap, HasSubstr("\nok 6 - a/skipped [http] # SKIP skipped: risk"));
  EXPECT_THAT(TapReport(RunOf(), 14), StartsWith("TAP version 14\n"));
}

TEST(TapTest, AnEmptyRunIsSkipped) {
  confpb::Report report;
  EXPECT_EQ("TAP version 13\n1..0 # SKIP no case was selected\n", TapReport(report, 13));
}

TEST(TapTest, StaleEntriesAreNotOk) {
  confpb::Report report;
  report.add_stale("a/good # 1");
  EXPECT_EQ("TAP version 13\n1..1\nnot ok 1 - stale entry: a/good \\# 1\n", TapReport(report, 13));
}

TEST(JunitTest, CountsAndNames) {
  confpb::Report report = RunOf();
  AddResult(&report, "a/good", confpb::PASSED, "", "grpc");
  const std::string xml = JunitReport(report);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"a.grpc\" tests=\"1\" failures=\"0\" errors=\"0\" "
                             "skipped=\"0\" time=\"0.000\">"));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"a.http\" tests=\"6\" failures=\"1\" errors=\"1\" "
                             "skipped=\"3\" time=\"0.000\">"));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"known failing: x\"/>"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"issue # TODO list &lt;#x1B&gt;\" type=\"MUST\">"));
}

TEST(JsonTest, IsReadBack) {
  confpb::Report report = RunOf();
  report.mutable_result(1)->add_exchange()->set_sent(std::string("\0\xff\n", 3));
  report.mutable_duration()->set_nanos(1'500'000);
  report.mutable_started()->set_seconds(1'700'000'000);
  const auto again = ParseReport(JsonReport(report));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(report.SerializeAsString(), again->SerializeAsString());
  EXPECT_FALSE(ParseReport("{}x").ok());
  EXPECT_FALSE(ParseReport(R"({"resultat":[]})").ok());
}

TEST(DiffTest, NamesWhatChanged) {
  const confpb::Report before = RunOf();
  confpb::Report after = RunOf();
  bool worse = true;
  EXPECT_EQ("", Diff(before, after, &worse));
  EXPECT_FALSE(worse);
  after.mutable_result(1)->set_outcome(confpb::PASSED);
  after.mutable_result(0)->set_outcome(confpb::FAILED);
  after.mutable_result(0)->set_reason("why");
  after.mutable_result(5)->set_id("a/new");
  EXPECT_EQ(
      "a/bad [http]: failed -> passed\na/good [http]: passed -> failed  why\n"
      "a/new [http]: absent -> skipped  risk destructive; see --risk\n"
      "a/skipped [http]: skipped -> absent\n",
      Diff(before, after, &worse));
  EXPECT_TRUE(worse);
}

TEST(HtmlTest, StandsAloneAndEscapes) {
  const std::string html = HtmlReport(RunOf());
  EXPECT_THAT(html, HasSubstr("issue # TODO list &lt;#x1B&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("href=")));
}

TEST(ConsoleTest, SaysWhatFailedAndWhatDidNotRun) {
  confpb::Report report = RunOf();
  confpb::Exchange* const exchange = report.mutable_result(1)->add_exchange();
  exchange->set_what("POST /x");
  exchange->set_received("HTTP/1.1 200 OK\r\n\r\na\x01");
  const std::string text = ConsoleReport(report);
  EXPECT_THAT(text, HasSubstr("FAILED  a/bad [http]  MUST, DOC, tql.md#5.4 (Responses)\n"));
  EXPECT_THAT(text, HasSubstr("    < HTTP/1.1 200 OK\n    < \n    < a\\x01\n"));
  EXPECT_THAT(text, HasSubstr("NOT JUDGED  a/silent [http]"));
  EXPECT_THAT(text, HasSubstr("1 passed, 1 failed, 1 known failing, 1 differs, 1 skipped, "
                              "1 not judged"));
  EXPECT_THAT(text, HasSubstr("  1 skipped: risk destructive; see --risk\n"));
}

TEST(ConsoleTest, BytesOfManyFailuresAreNotShown) {
  confpb::Report report;
  for (int i = 0; i < 12; ++i) {
    confpb::Result* const result = AddResult(&report, "a/" + std::to_string(i), confpb::FAILED);
    result->add_exchange()->set_sent("bytes of " + std::to_string(i));
  }
  const std::string text = ConsoleReport(report);
  EXPECT_THAT(text, HasSubstr("bytes of 9\n"));
  EXPECT_THAT(text, Not(HasSubstr("bytes of 10\n")));
  EXPECT_THAT(text, HasSubstr("FAILED  a/11 [http]"));
  EXPECT_THAT(text, HasSubstr("The bytes of the first 10 are shown"));
}

TEST(ConsoleTest, CountsFindingsThatFailuresShare) {
  confpb::Report report;
  for (const char* const id : {"a/1", "a/2", "b/3", "b/4"}) {
    confpb::Finding* const finding = AddResult(&report, id, confpb::FAILED)->add_finding();
    finding->set_check("expect.ok");
    finding->set_expected("a result that is complete");
    finding->set_found(id == std::string_view("b/4") ? "another" : "none");
  }
  EXPECT_THAT(ConsoleReport(report),
              HasSubstr("\n3 failures: expect.ok: expected a result that is complete, found none\n"
                        "4 cases"));
}

}  // namespace
}  // namespace tqlconform
