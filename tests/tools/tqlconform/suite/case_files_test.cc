#include "tools/tqlconform/suite/case_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tools/tqlconform/suite/lint.h"
#include "tools/tqlconform/suite/selection.h"

namespace tqlconform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

CaseFile Parsed(const std::string& text) {
  auto file = ParseCaseFile("x.yaml", text);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : CaseFile();
}

constexpr char kHead[] = "area: a\ncase:\n";
/// A case that has no mistake, to which lines are added.
std::string Case(const std::string& more, const std::string& id = "a/one") {
  return "- id: " + id +
         "\n  title: T\n  level: MUST\n  ref: tql.md#5.4\n  evidence: DOC\n  kills: [m]\n" + more;
}

std::vector<std::string> MistakesOf(const std::string& text) {
  const std::vector<CaseFile> files = {Parsed(kHead + text)};
  std::vector<std::string> mistakes;
  for (const Mistake& mistake : Lint(files)) mistakes.push_back(ToString(mistake));
  return mistakes;
}

TEST(CaseFilesTest, MistakesOfFormHaveTheirPlace) {
  const std::pair<const char*, const char*> kCases[] = {
      {"area: a\ncase:\n- id: x\n  titel: T\n", "x.yaml: case[0]: line 4, column 3: unknown key"},
      {"area: a\ncase:\n- level: MIGHT\n", "case[0].level: line 3, column 10: expected one of"},
      {"area: a\ncase:\n- kills:\n", "expected a list, found nothing"},
      {"area: a\narea: b\n", "line 2"},
      {"case: [{step: [{query: a, script: b}]}]", "both query and script are set"},
      {"a: &a [*a]", "line 1"},
      {"", "x.yaml: "},
  };
  for (const auto& [text, error] : kCases) {
    const auto file = ParseCaseFile("x.yaml", text);
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_THAT(file.status().message(), HasSubstr(error)) << text;
  }
}

TEST(CaseFilesTest, JsonIsReadToo) {
  const CaseFile file = Parsed(R"({"area": "a", "case": [{"id": "a/b", "level": "MAY"}]})");
  ASSERT_EQ(1, file.suite.case__size());
  EXPECT_EQ(confpb::MAY, file.suite.case_(0).level());
}

TEST(CaseFilesTest, BuiltInCasesHaveNoMistake) {
  const auto files = BuiltInCases();
  ASSERT_TRUE(files.ok()) << files.status();
  std::vector<std::string> mistakes;
  for (const Mistake& mistake : Lint(*files)) mistakes.push_back(ToString(mistake));
  EXPECT_THAT(mistakes, IsEmpty());
}

TEST(CaseFilesTest, SourceOfACase) {
  const CaseFile file = Parsed(kHead + Case("  step: [{query: a}]\n", "a/one") + "\n" +
                               Case("  step: [{query: b}]\n", "a/one-more"));
  EXPECT_THAT(SourceOf(file, "a/one"), StartsWith("- id: a/one\n"));
  EXPECT_THAT(SourceOf(file, "a/one"), testing::EndsWith("[{query: a}]\n"));
  EXPECT_EQ("", SourceOf(file, "a/other"));
}

TEST(LintTest, ACaseWithoutMistakes) {
  EXPECT_THAT(MistakesOf(Case("  step: [{query: a, expect: {ok: true}}]\n")), IsEmpty());
}

TEST(LintTest, Mistakes) {
  const std::pair<const char*, const char*> kCases[] = {
      {"  needs: [warp]\n  step: [{query: a, expect: {ok: true}}]\n", "unknown feature \"warp\""},
      {"  step: [{expect: {ok: true}}]\n", "step[0]: expected one of http, query"},
      {"  step: [{query: '${nothing}', expect: {ok: true}}]\n", "step[0].query: ${nothing}"},
      {"  step: [{query: '${later.body}', save: later, expect: {ok: true}}]\n", "no step before"},
      {"  step: [{query: a, expect: {error: '('}}]\n", "step[0].expect.error: invalid pattern"},
      {"  step: [{query: a, expect: {never: ['(?=a)']}}]\n", "expect.never[0]"},
      {"  step: [{query: a, expect: {line: [x]}}]\n", "expect.line[0]: expected ..."},
      {"  step: [{query: a, expect: {json: {a: x}}}]\n", "a JSON pointer begins with /"},
      {"  step: [{query: a, expect: {header: {a: '!('}}}]\n", "expect.header[\"a\"]"},
      {"  step: [{query: a, options: '{\"x\":1}', expect: {ok: true}}]\n", "step[0].options"},
      {"  step: [{query: a, expect: {status: [42]}}]\n", "expected 100 to 599"},
      {"  step: [{query: a, session: me, expect: {ok: true}}]\n", "saves a login as \"me\""},
      {"  step: [{query: drop table t, expect: {ok: true}}]\n", "must not change anything"},
      {"  step: [{query: 'use ${db}', expect: {ok: true}}]\n", "has no ${db}"},
      {"  setup: [a]\n  step: [{query: a, expect: {ok: true}}]\n", "READ_ONLY case has none"},
      {"  over: [GRPC]\n  step: [{raw: a, expect: {ok: true}}]\n", "cannot be sent over gRPC"},
      {"  client: {run: [a]}\n  step: [{query: a, expect: {ok: true}}]\n", "both step and client"},
      {"", "neither step nor client"},
      {"  step: [{query: a, expect: {ok: true, error: x}}]\n", "contradicts"},
      {"  step: [{query: a}]\n", "expects nothing (advice)"},
      {"  step: [{login: {password: wrong}, expect: {ok: false}}]\n", "can lock the account"},
      {"  step: [{login: {user: '${user}', password: x}, expect: {ok: false}}]\n",
       "set risk: DESTRUCTIVE"},
      {"  step: [{rpc: {method: a.B/C}, expect: {ok: true}}]\n", "found \"a.B/C\""},
      {"  step: [{rpc: {method: grpc.health.v1.Health/Check, request: ['{\"service\":']}}]\n",
       "step[0].rpc: "},
  };
  for (const auto& [more, mistake] : kCases) {
    EXPECT_THAT(MistakesOf(Case(more)), testing::Contains(HasSubstr(mistake))) << more;
  }
}

TEST(LintTest, IdsAreUnique) {
  const std::string one = Case("  step: [{query: a, expect: {ok: true}}]\n");
  EXPECT_THAT(MistakesOf(one + one), ElementsAre(HasSubstr("the id is also in x.yaml")));
}

TEST(SelectionTest, Globs) {
  EXPECT_TRUE(MatchesGlob("*", "a/b"));
  EXPECT_TRUE(MatchesGlob("a/*", "a/b/c"));
  EXPECT_TRUE(MatchesGlob("a?c*", "abc"));
  EXPECT_TRUE(MatchesGlob("*b*d", "abcbd"));
  EXPECT_FALSE(MatchesGlob("a", "ab"));
  EXPECT_FALSE(MatchesGlob("", "a"));
  EXPECT_FALSE(MatchesGlob("*a*a*a*a*a*b", std::string(200, 'a')));
}

TEST(SelectionTest, LevelsSidesAndGlobs) {
  const std::vector<CaseFile> files = {
      Parsed("area: a\ncase:\n- {id: a/must, level: MUST}\n- {id: a/may, level: MAY}\n"
             "- {id: a/client, level: MUST, client: {}}\n")};
  const auto ids = [&](const Selection& selection) {
    std::vector<std::string> found;
    const auto cases = Select(files, selection);
    for (const SelectedCase& selected : *cases) {
      found.push_back(selected.test->id());
    }
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre("a/must", "a/may", "a/client"));
  EXPECT_THAT(ids({.level = confpb::SHOULD}), ElementsAre("a/must", "a/client"));
  EXPECT_THAT(ids({.side = Side::kServer}), ElementsAre("a/must", "a/may"));
  EXPECT_THAT(ids({.run = {"*m*"}, .skip = {"a/must"}}), ElementsAre("a/may"));
  EXPECT_THAT(Select(files, {.run = {"b/*"}}).status().message(), HasSubstr("\"b/*\""));
}

}  // namespace
}  // namespace tqlconform
