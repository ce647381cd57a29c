#include "tools/tqlconform/suite/json_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tqlconform {
namespace {

using testing::HasSubstr;

std::string Mismatch(std::string_view pattern, std::string_view line) {
  const auto parsed = LinePattern::Parse(pattern);
  if (!parsed.ok()) return "INVALID: " + parsed.status().message();
  return parsed->Mismatch(line);
}

TEST(LinePatternTest, MatchingLines) {
  const std::pair<const char*, const char*> kCases[] = {
      {"...", "no JSON at all"},
      {"/^a.*z$/", "abcz"},
      {"{}", R"({"a":1})"},
      {R"({"a": {"b": 1}})", R"({"x":0,"a":{"y":0,"b":1}})"},
      {R"({"a": "*"})", R"({"a":null})"},
      {R"({"a": "-"})", R"({"b":1})"},
      {R"({"a": "re:^[0-9]+$"})", R"({"a":"163"})"},
      {R"({"a": 1, "...": "-"})", R"({"a":1})"},
      {R"({"a": [1, "...", 4]})", R"({"a":[1,2,3,4]})"},
      {R"({"a": ["...", 2, "..."]})", R"({"a":[1,2]})"},
      {R"({"a": ["..."]})", R"({"a":[]})"},
      {R"({"a": true, "b": null, "c": -1.5})", R"({"a":true,"b":null,"c":-1.5})"},
  };
  for (const auto& [pattern, line] : kCases) {
    EXPECT_EQ("", Mismatch(pattern, line)) << pattern << "  " << line;
  }
}

TEST(LinePatternTest, MismatchesNameTheirPlace) {
  struct Case {
    const char* pattern;
    const char* line;
    const char* why;
  };
  const Case kCases[] = {
      {"/^a$/", "b", "a line that matches ^a$"},
      {"{}", "[]", "expected {}"},
      {"{}", "{", "a line of JSON"},
      {R"({"a": {"b": 1}})", R"({"a":{"b":2}})", "/a/b: expected 1, found 2"},
      {R"({"a": 1})", R"({})", "/a: expected 1, found nothing"},
      {R"({"a": "1"})", R"({"a":1})", "/a: expected \"1\", found 1"},
      {R"({"a": true})", R"({"a":"true"})", "/a: expected true, found \"true\""},
      {R"({"a": "-"})", R"({"a":null})", "/a: expected no value, found null"},
      {R"({"a": "re:x"})", R"({"a":5})", "a string that matches x, found 5"},
      {R"({"a": 1, "...": "-"})", R"({"a":1,"b":2})", "/b: expected no such key, found 2"},
      {R"({"a": [1, 2]})", R"({"a":[1,3]})", "/a/1: expected 2, found 3"},
      {R"({"a": [1, 2]})", R"({"a":[1]})", "/a: expected [1,2], found [1]"},
      {R"({"a": ["...", 9]})", R"({"a":[1]})", "found [1]"},
  };
  for (const Case& c : kCases) EXPECT_THAT(Mismatch(c.pattern, c.line), HasSubstr(c.why));
}

TEST(LinePatternTest, InvalidPatterns) {
  for (const char* pattern :
       {"", "x", "[1]", "{", "/(/", R"({"a": "re:("})", R"({"...": "*"})", R"({"a":1,"a":2})"}) {
    EXPECT_THAT(Mismatch(pattern, "{}"), HasSubstr("INVALID")) << pattern;
  }
}

std::string MismatchOf(const std::vector<std::string>& patterns,
                       const std::vector<std::string_view>& lines) {
  std::vector<LinePattern> parsed;
  for (const std::string& pattern : patterns) parsed.push_back(*LinePattern::Parse(pattern));
  std::size_t index = 0;
  return MismatchOfLines(parsed, lines, &index);
}

TEST(LinesTest, AnyNumberOfLinesBetween) {
  EXPECT_EQ("", MismatchOf({"/a/", "...", "/z/"}, {"a", "z"}));
  EXPECT_EQ("", MismatchOf({"/a/", "...", "/z/"}, {"a", "z", "b", "z"}));
  EXPECT_EQ("", MismatchOf({"...", "/b/", "..."}, {"a", "b"}));
  EXPECT_EQ("", MismatchOf({"..."}, {}));
  EXPECT_THAT(MismatchOf({"/a/", "...", "/z/"}, {"a", "b"}), HasSubstr("matches z"));
  EXPECT_THAT(MismatchOf({"/a/"}, {"a", "b"}), HasSubstr("expected 1 lines, found 2"));
  EXPECT_THAT(MismatchOf({"/a/", "/b/"}, {"a"}), HasSubstr("no more lines"));
}

TEST(LinesTest, ManyWildcardsTakeBoundedTime) {
  std::vector<std::string> patterns;
  for (int i = 0; i < 50; ++i) {
    patterns.emplace_back("...");
    patterns.emplace_back("/a/");
  }
  patterns.emplace_back("/b/");
  EXPECT_NE("", MismatchOf(patterns, std::vector<std::string_view>(500, "a")));
}

std::vector<std::string> Values(std::string_view json, std::string_view pointer) {
  const auto root = ParseResponseJson(json);
  std::vector<std::string> values;
  for (const JsonValue* const value : AtPointer(*root, pointer)) {
    values.push_back(value == nullptr ? "missing" : TextOf(*value));
  }
  return values;
}

TEST(PointerTest, ValuesAtPointers) {
  using Texts = std::vector<std::string>;
  constexpr std::string_view kJson = R"({"a":[{"b":1},{"c":2}],"x/y":{"~":"t"},"n":null})";
  EXPECT_EQ(Texts{"1"}, Values(kJson, "/a/0/b"));
  EXPECT_EQ((Texts{"1", "missing"}), Values(kJson, "/a/*/b"));
  EXPECT_EQ(Texts{"t"}, Values(kJson, "/x~1y/~0"));
  EXPECT_EQ(Texts{"missing"}, Values(kJson, "/a/7"));
  EXPECT_EQ(Texts{"missing"}, Values(kJson, "/a/-1"));
  EXPECT_EQ(Texts{"missing"}, Values(kJson, "/q/r"));
  EXPECT_EQ(Texts{"null"}, Values(kJson, "/n"));
  EXPECT_EQ(Texts{R"({"b":1})"}, Values(kJson, "/a/0"));
  EXPECT_EQ(Texts{}, Values("[]", "/*"));
  EXPECT_TRUE(CheckPointer("/a~0~1").ok());
  EXPECT_FALSE(CheckPointer("a").ok());
  EXPECT_FALSE(CheckPointer("/a~2").ok());
}

}  // namespace
}  // namespace tqlconform
