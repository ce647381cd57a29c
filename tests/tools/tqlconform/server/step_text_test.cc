#include "tools/tqlconform/server/step_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

using testing::HasSubstr;

Answer SavedAnswer() {
  Answer answer;
  answer.status = 200;
  answer.cookie = "JSESSIONID=x";
  answer.headers = {{"content-type", "text/plain"}};
  answer.body = R"({"result":{"final_context":{"database":"d","server_schema_version":"6"}}})"
                "\n"
                R"({"result":{"final_context":{"database":"e","server_schema_version":"7"},)"
                R"("interactive_question":[{"question_id":"q1","prompt":"sure?"}]}})"
                "\n";
  return answer;
}

TEST(StepTextTest, PartsOfAnswers) {
  const Answer answer = SavedAnswer();
  const std::pair<const char*, const char*> kCases[] = {
      {"status", "200"},
      {"cookie", "JSESSIONID=x"},
      {"header.Content-Type", "text/plain"},
      {"version", "7"},
      {"final_context", R"({"database":"e","server_schema_version":"7"})"},
      {"question", "q1"},
      {"/0/result/final_context/database", "d"},
      {"/1/result/interactive_question/0/prompt", "sure?"},
  };
  for (const auto& [part, value] : kCases) {
    const auto found = PartOf(answer, true, part);
    ASSERT_TRUE(found.ok()) << part << ": " << found.status();
    EXPECT_EQ(value, *found) << part;
  }
  EXPECT_EQ(answer.body, *PartOf(answer, true, "body"));
}

TEST(StepTextTest, PartsThatAreMissing) {
  const Answer answer = SavedAnswer();
  for (const char* part : {"header.x", "/2", "/*", "/0/x", "else"}) {
    EXPECT_FALSE(PartOf(answer, true, part).ok()) << part;
  }
  for (const char* part : {"status", "cookie", "version", "final_context", "question", "/a"}) {
    EXPECT_FALSE(PartOf(Answer(), false, part).ok()) << part;
  }
}

TEST(StepTextTest, TheBodyOfOtherCallsIsOneDocument) {
  Answer answer;
  answer.body = R"({"tokens":["abs"]})";
  EXPECT_EQ("abs", *PartOf(answer, false, "/tokens/0"));
}

TEST(StepTextTest, VariablesOfAStepAreReplaced) {
  confpb::Step step;
  const tql::Status status = tql::document::ReadMessage(
      R"({http: {path: "/${x}", header: {A: "${x}"}, body: "b${x}"}, context: "{${x}}",)"
      R"( answers: ["${x}=yes"], expect: {error: "${x}"}})",
      &step);
  ASSERT_TRUE(status.ok()) << status;
  const auto expanded = ExpandStep(
      step, [](std::string_view) -> tql::StatusOr<std::string> { return std::string("1"); });
  ASSERT_TRUE(expanded.ok()) << expanded.status();
  EXPECT_EQ("/1", expanded->http().path());
  EXPECT_EQ("1", expanded->http().header().at("A"));
  EXPECT_EQ("b1", expanded->http().body());
  EXPECT_EQ("{1}", expanded->context());
  EXPECT_EQ("1=yes", expanded->answers(0));
  EXPECT_EQ("${x}", expanded->expect().error());
}

TEST(StepTextTest, ErrorsNameTheField) {
  confpb::Step step;
  step.set_query("${x}");
  const auto expanded = ExpandStep(
      step, [](std::string_view) -> tql::StatusOr<std::string> { return tql::NotFoundError("n"); });
  EXPECT_THAT(expanded.status().message(), HasSubstr("query: ${x}: n"));
}

}  // namespace
}  // namespace tqlconform
