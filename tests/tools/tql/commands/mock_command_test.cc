#include "tools/tql/commands/mock_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tql::shell {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MockCommandTest, ParsesVerbsWithTheirArguments) {
  EXPECT_EQ(ParseMock("")->verb, MockVerb::kList);
  const auto fork = ParseMock("  fork t1   seed ");
  ASSERT_TRUE(fork.ok()) << fork.status();
  EXPECT_EQ(fork->verb, MockVerb::kFork);
  EXPECT_EQ(fork->argument, "t1");
  EXPECT_EQ(fork->second, "seed");
  EXPECT_EQ(ParseMock("plan a file.yaml")->argument, "a file.yaml");
  EXPECT_EQ(ParseMock("verify {expect: [{at_least: 1}]}")->argument, "{expect: [{at_least: 1}]}");
  EXPECT_EQ(ParseMock("journal 7")->argument, "7");
  EXPECT_EQ(ParseMock("clock")->verb, MockVerb::kClock);
  EXPECT_EQ(ParseMock("clock  {advance: 60s, frozen: true}")->argument,
            "{advance: 60s, frozen: true}");
}

TEST(MockCommandTest, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"forks", "found 'forks', expected fork, reset, use"},
      {"fork", "found '', expected NAME [FROM]"},
      {"fork a b c", "found 'a b c', expected NAME [FROM]"},
      {"clear all", "found 'all', expected nothing"},
      {"journal x", "found 'x', expected a number of entries"},
      {"journal 9999999999", "expected a number of entries"},
      {"add", "expected FILE"}};
  for (const auto& [line, message] : cases) {
    EXPECT_THAT(ParseMock(line).status().message(), HasSubstr(message)) << line;
  }
}

TEST(MockCommandTest, UserNamesHaveTheNamespace) {
  EXPECT_EQ(MockUserOf("tsadmin").space, "main");
  EXPECT_EQ(MockUserOf("a+b+t1").name, "a+b");
  EXPECT_EQ(MockUserOf("a+b+t1").space, "t1");
}

TEST(MockCommandTest, TablesOfAnswers) {
  const auto spaces = NamespacesOf(R"({"namespace":[{"name":"main","tables":"3"},{"name":"t1"}]})");
  ASSERT_TRUE(spaces.ok()) << spaces.status();
  EXPECT_THAT(spaces->rows,
              ElementsAre(ElementsAre("main", "3", "0"), ElementsAre("t1", "0", "0")));
  const auto rules = PlanRulesOf(
      R"({"rule":[{"id":"r1","match":{"kind":["USE"],"header":{"a":"b"}},"seen":2,"times":0}]})");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_THAT(rules->rows,
              ElementsAre(ElementsAre("r1", "2", "0", "0", "{kind: [USE], header: {a: b}}", "")));
  const auto entries = EntriesOf(
      R"({"entry":[{"seq":"1"},{"seq":"2","call":"QUERY","text":"use d;","outcome":"OK"}]})", 1);
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->rows.size(), 1U);
  EXPECT_EQ(entries->rows[0][6], "use d;");
  EXPECT_EQ(*FailureOf(R"({"ok":true})"), "");
  EXPECT_EQ(*FailureOf(R"({"explanation":"no\n"})"), "no\n");
  for (const char* bad : {"", "[]", "x", "<html>", "{\"namespace\":"}) {
    EXPECT_EQ(NamespacesOf(bad).status().code(), StatusCode::kInternal) << bad;
  }
}

}  // namespace
}  // namespace tql::shell
