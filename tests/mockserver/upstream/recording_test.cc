#include "mockserver/upstream/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "mockserver/testdouble/plan.h"
#include "mockserver/upstream/forwarded_statement.h"
#include "proto/document/message_reader.h"

namespace tql::upstream {
namespace {

using Result = pb::ExecuteQueryResponse::Result;
using ::testing::HasSubstr;

Result Rows(std::initializer_list<std::string> cells) {
  Result result;
  result.mutable_final_context()->set_database("d");
  auto& table = *result.mutable_table();
  table.add_headers()->set_name("a");
  table.mutable_headers(0)->set_type(Result::TableResult::ColumnHeader::BIGINT);
  for (const std::string& cell : cells) table.add_rows()->add_v(cell);
  result.set_complete(true);
  return result;
}

void Add(Recording& recording, const Recording::Statement& statement, const Result& answer) {
  AnswerCapture capture(Recording::kMostAnswerBytes);
  capture.Add(answer);
  recording.Add(statement, capture);
}

/// The plan, which must be one that a server accepts.
mockpb::Plan PlanOf(const Recording& recording) {
  mockpb::Plan plan;
  const std::string yaml = recording.ToYaml();
  const Status read = document::ReadMessage(yaml, &plan);
  EXPECT_TRUE(read.ok()) << read << "\n" << yaml.substr(0, 2000);
  testdouble::Plan compiled;
  const Status accepted = compiled.Replace(plan);
  EXPECT_TRUE(accepted.ok()) << accepted;
  return plan;
}

TEST(RecordingTest, IsEmptyAtFirst) {
  EXPECT_EQ(PlanOf(Recording("https://other")).rule_size(), 0);
}

TEST(RecordingTest, AnswersFollowEachOtherAndTheLastIsRepeated) {
  Recording recording("https://other");
  const Recording::Statement statement{.text = "select a from t", .database = "d", .options = {}};
  for (const char* cell : {"1", "1", "2", "1"}) Add(recording, statement, Rows({cell}));
  const mockpb::Plan plan = PlanOf(recording);
  ASSERT_EQ(plan.rule_size(), 3);
  EXPECT_EQ(plan.rule(0).times(), 2U);
  EXPECT_FALSE(plan.rule(1).has_times());
  EXPECT_EQ(plan.rule(2).times(), 0U);
  EXPECT_TRUE(plan.rule(2).has_times());
  EXPECT_EQ(plan.rule(0).do_(0).answer().result(0).SerializeAsString(),
            Rows({"1"}).SerializeAsString());
  EXPECT_EQ(plan.settings().unmatched(), mockpb::Settings::FAIL);
  EXPECT_EQ(recording.counts().statements, 4U);
}

/// The first rule that matches acts.
TEST(RecordingTest, RulesWithMoreConditionsComeFirst) {
  Recording recording("other");
  const std::string text = "select a from t";
  Add(recording, {.text = text, .database = "", .options = {}}, Rows({"1"}));
  Add(recording, {.text = "select 2", .database = "", .options = {}}, Rows({"2"}));
  Add(recording, {.text = text, .database = "d", .options = {}}, Rows({"3"}));
  Add(recording,
      {.text = text,
       .database = "d",
       .options = {{"adv_options.allow_unsafe", "true"},
                   {"adv_options.skip_cache", "true"},
                   {"formatting_options.null_string", "x"}}},
      Rows({"4"}));
  const mockpb::Plan plan = PlanOf(recording);
  ASSERT_EQ(plan.rule_size(), 4);
  EXPECT_EQ(plan.rule(0).match().option_size(), 1)
      << "those that do not shape the answer are left out";
  EXPECT_EQ(plan.rule(1).match().database(), "d");
  EXPECT_EQ(plan.rule(2).match().exact(), text);
  EXPECT_EQ(plan.rule(3).match().exact(), "select 2");
}

TEST(RecordingTest, NullIsATextThatNoOtherCellHas) {
  Recording recording("other");
  Add(recording, {.text = "a", .database = "", .options = {}}, Rows({NullMarker(), "x"}));
  Add(recording, {.text = "b", .database = "", .options = {}}, Rows({NullMarker(), "(null)"}));
  Add(recording, {.text = "c", .database = "", .options = {}}, Rows({"(null)"}));
  const mockpb::Plan plan = PlanOf(recording);
  EXPECT_EQ(plan.rule(0).do_(0).answer().null_string(), "(null)");
  EXPECT_EQ(plan.rule(1).do_(0).answer().null_string(), "NULL");
  EXPECT_EQ(plan.rule(1).do_(0).answer().result(0).table().rows(0).v(0), "NULL");
  EXPECT_FALSE(plan.rule(2).do_(0).answer().has_null_string());
  EXPECT_EQ(recording.ToYaml().find(NullMarker()), std::string::npos);
}

TEST(RecordingTest, QuestionsErrorsAndOddTextsAreKept) {
  Recording recording("other");
  Result question;
  auto& asked = *question.add_interactive_question();
  asked.set_question_id("q");
  asked.set_banner("b: \"x\"\n# y");
  asked.set_prompt("p");
  asked.add_options("yes");
  asked.add_options("no: [");
  question.set_complete(false);
  Add(recording, {.text = "ask '\\ \x1b'", .database = "d: {", .options = {}}, question);
  Result error;
  error.mutable_final_context();
  auto& message = *error.add_message();
  message.set_type(Result::OutMessage::ERROR);
  message.set_value("no\n");
  error.set_complete(true);
  Add(recording, {.call = mockpb::SCRIPT, .text = "bad", .database = "", .options = {}}, error);
  Result table;
  table.mutable_table();
  table.set_complete(true);
  Add(recording, {.text = "empty", .database = "", .options = {}}, table);
  const mockpb::Plan plan = PlanOf(recording);
  ASSERT_EQ(plan.rule_size(), 3);
  EXPECT_EQ(plan.rule(0).match().exact(), "ask '\\ \x1b'");
  EXPECT_EQ(plan.rule(0).match().database(), "d: {");
  const Result* const expected[] = {&question, &error, &table};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(plan.rule(i).do_(0).answer().result(0).SerializeAsString(),
              expected[i]->SerializeAsString());
  }
}

TEST(RecordingTest, LimitsAreThoseOfPlans) {
  Recording recording("other");
  AnswerCapture large(10);
  large.Add(Rows({"12345678901234567890"}));
  recording.Add({.text = "large", .database = "", .options = {}}, large);
  EXPECT_THAT(PlanOf(recording).rule(0).do_(0).answer().error(), HasSubstr("bytes, more than"));
  EXPECT_EQ(recording.counts().too_large, 1U);

  Add(recording, {.text = std::string(70'000, 'x'), .database = "", .options = {}}, Rows({"1"}));
  Add(recording, {.text = "nul", .database = "", .options = {}}, Rows({std::string("a\0b", 3)}));
  EXPECT_EQ(recording.counts().left_out, 2U);
  EXPECT_EQ(PlanOf(recording).rule_size(), 1);

  const std::string cell(500'000, 'y');
  for (int i = 0; i < 30; ++i) {
    Add(recording, {.text = std::to_string(i), .database = "", .options = {}}, Rows({cell}));
  }
  EXPECT_GT(recording.counts().left_out, 2U);
  EXPECT_GT(PlanOf(recording).rule_size(), 10);

  Recording many("other");
  for (int i = 0; i < 10'100; ++i) {
    Add(many, {.text = std::to_string(i), .database = "", .options = {}}, Rows({"1"}));
  }
  EXPECT_GT(many.counts().left_out, 0U);
  EXPECT_GT(PlanOf(many).rule_size(), 1000);
}

}  // namespace
}  // namespace tql::upstream
