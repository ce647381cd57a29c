#include "tools/tqlconform/suite/regex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tqlconform {
namespace {

using testing::HasSubstr;

TEST(RegexTest, MatchesAnywhere) {
  const auto regex = Regex::Compile("b.d");
  ASSERT_TRUE(regex.ok()) << regex.status();
  EXPECT_TRUE(regex->Matches("a bad c"));
  EXPECT_FALSE(regex->Matches("b\nd"));
}

TEST(RegexTest, PatternsOfOtherDialectsNameTheReplacement) {
  const std::pair<const char*, const char*> kCases[] = {
      {"(?<name>x)", "(?P<name>"},
      {"a(?=b)", "no look-ahead"},
      {"(?<=a)b", "no look-behind"},
      {"\\h", "[ \\t]"},
      {"a\\Z", "\\z"},
      {"a++", "possessive"},
      {"(a)\\1", "references"},
      {"a{1001}", "1000 repetitions"},
  };
  for (const auto& [pattern, hint] : kCases) {
    const auto regex = Regex::Compile(pattern);
    ASSERT_FALSE(regex.ok()) << pattern;
    EXPECT_THAT(regex.status().message(), HasSubstr(hint)) << pattern;
  }
}

TEST(RegexTest, NestedRepetitionsTakeLinearTime) {
  const auto regex = Regex::Compile("^(a+)+$");
  ASSERT_TRUE(regex.ok());
  EXPECT_FALSE(regex->Matches(std::string(100'000, 'a') + '!'));
}

TEST(RegexTest, LargePatternsAreErrors) {
  EXPECT_FALSE(Regex::Compile(std::string(100'000, 'a')).ok());
  EXPECT_FALSE(Regex::Compile("((((a{100}){100}){100}){100})").ok());
}

TEST(ValueRuleTest, WordsAndPatterns) {
  struct Case {
    const char* rule;
    std::optional<std::string> value;
    bool allowed;
  };
  const Case kCases[] = {
      {"*", "x", true},      {"*", std::nullopt, false},     {"-", std::nullopt, true},
      {"-", "x", false},     {"a.c", "xabcx", true},         {"a.c", "x", false},
      {"!json", "x", true},  {"!json", "text/json", false},  {"!json", std::nullopt, false},
      {"-!json", "x", true}, {"-!json", "text/json", false}, {"-!json", std::nullopt, true},
  };
  for (const Case& c : kCases) {
    const auto rule = ValueRule::Parse(c.rule);
    ASSERT_TRUE(rule.ok()) << c.rule;
    EXPECT_EQ(c.allowed, rule->Allows(c.value)) << c.rule << ' ' << c.value.value_or("nothing");
  }
}

}  // namespace
}  // namespace tqlconform
