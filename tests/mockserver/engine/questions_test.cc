#include "mockserver/engine/questions.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "mockserver/engine/errors.h"

namespace tql::engine {
namespace {

TEST(QuestionIdTest, SameStatement) {
  const std::string id = QuestionId(QuestionKind::kBreakDependents, "drop table t;");
  EXPECT_EQ(id, QuestionId(QuestionKind::kBreakDependents, " \n\tdrop table t;\r\n"));
  EXPECT_EQ(id.find("break_dependents-"), 0U);
}

TEST(QuestionIdTest, DependsOnStatementAndKind) {
  std::set<std::string> ids;
  for (const QuestionKind kind : {QuestionKind::kBreakDependents, QuestionKind::kOfflineReshard}) {
    for (const char* statement : {"", "drop table t;", "drop table T;", "drop  table t;"}) {
      ids.insert(QuestionId(kind, statement));
    }
  }
  EXPECT_EQ(ids.size(), 8U);
}

TEST(ReplyToTest, OnlyYesIsYes) {
  const auto reply = [](const std::string& word) { return ReplyTo("q", {{"q", word}}); };
  for (const char* word : {"yes", "Yes", "YES", " yes", "yes\n"}) {
    EXPECT_EQ(reply(word), Reply::kYes) << word;
  }
  for (const char* word : {"", "y", "no", "yess", "ye s", "true"}) {
    EXPECT_EQ(reply(word), Reply::kNo) << word;
  }
}

TEST(ReplyToTest, LastAnswerCounts) {
  EXPECT_EQ(ReplyTo("q", {}), Reply::kMissing);
  EXPECT_EQ(ReplyTo("q", {{"Q", "yes"}, {"", "yes"}}), Reply::kMissing);
  EXPECT_EQ(ReplyTo("q", {{"q", "yes"}, {"q", "no"}, {"r", "yes"}}), Reply::kNo);
}

TEST(BreakDependentsQuestionTest, NamesEachDependent) {
  const Question question = BreakDependentsQuestion(
      "drop table t;", {{true, "fk", "a"}, {true, "", "b"}, {false, "r", "c"}});
  EXPECT_EQ(question.banner,
            "WARNING: This operation will break the Foreign Key relationship “fk” with table “a”, "
            "the Foreign Key relationship with table “b” and the relationship “r” with table “c”. "
            "We recommend taking a snapshot before performing this operation.");
  EXPECT_EQ(question.prompt, "Do you wish to proceed? (yes/no).");
  EXPECT_EQ(question.options, (std::vector<std::string>{"yes", "no"}));
}

}  // namespace
}  // namespace tql::engine
