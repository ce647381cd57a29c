#include "mockserver/upstream/comparison.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace tql::upstream {
namespace {

using mockpb::Difference;
using Result = pb::ExecuteQueryResponse::Result;
using ::testing::HasSubstr;

Result ResultOf(const std::string& text) {
  Result result;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &result)) << text;
  return result;
}

std::string Rows(const std::string& rows) {
  return R"(final_context { database: "d" } table { headers { name: "a" type: INT } )" + rows +
         R"(} message { type: INFO value: "done" } complete: true)";
}

constexpr char kOne[] = R"(rows { v: "1" } rows { v: "2" })";

TEST(ComparisonTest, FindsKindsOfDifferences) {
  const std::string same = Rows(kOne);
  const struct {
    std::string theirs;
    Difference::Kind kind;
    const char* explanation;
  } cases[] = {
      {same, Difference::NONE, ""},
      {Rows(R"(rows { v: "2" } rows { v: "1" })"), Difference::ORDER,
       R"(row 1: ours "1", theirs "2")"},
      {Rows(R"(rows { v: "1" } rows { v: "3" })"), Difference::MEANING,
       R"(row 2: ours "2", theirs "3")"},
      {Rows(R"(rows { v: "1" })"), Difference::MEANING, "rows: ours 2, theirs 1"},
      {R"(message { type: ERROR value: "no" })", Difference::MEANING, R"(the error "no")"},
      {R"(interactive_question { prompt: "Sure?" })", Difference::MEANING,
       R"(theirs a question: "Sure?")"},
  };
  for (const auto& c : cases) {
    const AnswerDifference found = Compare(ResultOf(same), ResultOf(c.theirs));
    EXPECT_EQ(found.kind, c.kind) << c.theirs;
    EXPECT_THAT(found.explanation, HasSubstr(c.explanation));
  }
}

TEST(ComparisonTest, ComparesTypesContextsAndMessages) {
  const Result ours = ResultOf(Rows(kOne));
  Result theirs = ours;
  theirs.mutable_table()->mutable_headers(0)->set_type(Result::TableResult::ColumnHeader::BIGINT);
  EXPECT_THAT(Compare(ours, theirs).explanation, HasSubstr(R"(ours "a INT", theirs "a BIGINT")"));
  theirs = ours;
  theirs.mutable_final_context()->set_database("e");
  EXPECT_THAT(Compare(ours, theirs).explanation, HasSubstr("database afterwards"));
  theirs = ours;
  theirs.mutable_final_context()->set_server_schema_version(7);
  EXPECT_EQ(Compare(ours, theirs).kind, Difference::NONE);
  theirs = ours;
  theirs.mutable_message(0)->set_value("made");
  EXPECT_EQ(Compare(ours, theirs).kind, Difference::MEANING);
}

TEST(ComparisonTest, IgnoresGuidsAndTimesInMessages) {
  const auto message = [](const std::string& text) {
    return ResultOf(R"(message { type: INFO value: ")" + text + R"(" })");
  };
  EXPECT_EQ(Compare(message("a|5c0963a8-27d5-4a55-88ff-bcc0fd93af5d|b"),
                    message("a|FFFFFFFF-27d5-4a55-88ff-bcc0fd93af5e|b"))
                .kind,
            Difference::NONE);
  EXPECT_EQ(Compare(message("2026-11-30 19:20:24"), message("2025-01-01 00:00:00")).kind,
            Difference::NONE);
  EXPECT_EQ(Compare(message("2026-11-30"), message("2025-01-01")).kind, Difference::MEANING);
}

TEST(ComparisonTest, TellsRejectionsApart) {
  const Result error = ResultOf(R"(message { type: ERROR value: "no\n" })");
  const Result other = ResultOf(R"(message { type: ERROR value: "never\n" })");
  EXPECT_EQ(Compare(error, error).kind, Difference::NONE);
  EXPECT_EQ(Compare(error, other).kind, Difference::ERROR);
  EXPECT_EQ(Compare(error, other).explanation, R"(ours "no", theirs "never")");
  EXPECT_EQ(Compare(error, ResultOf(Rows(kOne))).kind, Difference::GAP);
}

/// A cell with a separator is not two cells.
TEST(ComparisonTest, CellsAreNotMergedByTheirText) {
  const auto row = [](const char* cells) {
    return ResultOf(std::string("table { rows {") + cells + "} }");
  };
  EXPECT_EQ(Compare(row(R"(v: "" v: "a")"), row(R"(v: "a" v: "")")).kind, Difference::MEANING);
  EXPECT_EQ(Compare(row(R"(v: "a\037b")"), row(R"(v: "a" v: "b")")).kind, Difference::MEANING);
}

TEST(ComparisonTest, CountsEqualDifferencesAndBoundsThem) {
  Comparison comparison("https://other");
  AnswerCapture ours(Comparison::kMostAnswerBytes);
  AnswerCapture theirs(Comparison::kMostAnswerBytes);
  ours.Add(ResultOf(R"(message { type: ERROR value: "no" })"));
  theirs.Add(ResultOf(Rows(kOne)));
  comparison.Add({.text = "select 1", .database = ""}, ours, theirs);
  comparison.Add({.text = "select 1", .database = ""}, ours, theirs);
  comparison.Add({.text = "select 2", .database = ""}, theirs, theirs);
  comparison.AddFailure({.text = "select 3", .database = ""}, UnavailableError("away"));
  const mockpb::Comparison found = comparison.Get();
  EXPECT_EQ(found.statements(), 4U);
  EXPECT_EQ(found.equal(), 1U);
  ASSERT_EQ(found.difference_size(), 2);
  EXPECT_EQ(found.difference(0).count(), 2U);
  EXPECT_EQ(found.difference(1).kind(), Difference::UNKNOWN);
  EXPECT_THAT(ToText(found), HasSubstr("compared 4 statements with https://other: 1 equal, 2 gap"));
  EXPECT_THAT(ToText(found), HasSubstr("gap: select 1 (2 times)\n"));
  for (std::size_t i = 0; i < Comparison::kMost; ++i) {
    comparison.AddFailure({.text = std::to_string(i), .database = ""}, UnavailableError("away"));
  }
  EXPECT_EQ(comparison.Get().difference_size(), static_cast<int>(Comparison::kMost));
  EXPECT_EQ(comparison.Get().dropped(), 2U);
}

TEST(ComparisonTest, LargeAnswersAreNotCompared) {
  Comparison comparison("other");
  AnswerCapture small(100);
  AnswerCapture large(100);
  for (int i = 0; i < 50; ++i) large.Add(ResultOf(R"(table { rows { v: "1234567890" } })"));
  comparison.Add({.text = "select 1", .database = ""}, small, large);
  EXPECT_EQ(comparison.Get().difference(0).kind(), Difference::UNKNOWN);
}

}  // namespace
}  // namespace tql::upstream
