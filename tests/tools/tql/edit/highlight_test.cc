#include "tools/tql/edit/highlight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tools/tql/render/colors.h"

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Returns "keyword:select" and so on, without plain text.
std::vector<std::string> InksOf(const std::string& text) {
  static constexpr const char* kNames[] = {"plain",   "keyword", "string", "number", "name",
                                           "comment", "command", "error",  "chosen"};
  std::vector<std::string> inks;
  std::size_t end = 0;
  for (const Span& span : Highlight(text)) {
    EXPECT_LE(end, span.begin);
    EXPECT_LT(span.begin, span.end);
    EXPECT_LE(span.end, text.size());
    end = span.end;
    inks.push_back(kNames[static_cast<std::size_t>(span.ink)] +
                   (":" + text.substr(span.begin, end - span.begin)));
  }
  return inks;
}

TEST(HighlightTest, WordsOfTheLanguage) {
  EXPECT_THAT(InksOf("SELECT a, 1.5 from \"T\" where b = 'it''s';"),
              ElementsAre("keyword:SELECT", "number:1.5", "keyword:from", "name:\"T\"",
                          "keyword:where", "string:'it''s'"));
}

TEST(HighlightTest, NamesThatAreWords) {
  EXPECT_THAT(InksOf("select t.date, database.x, date"),
              ElementsAre("keyword:select", "keyword:date"));
}

TEST(HighlightTest, Comments) {
  EXPECT_THAT(InksOf("a -- b\n/* c */ d -- e"),
              ElementsAre("comment: -- b\n/* c */ ", "comment: -- e"));
  EXPECT_THAT(InksOf("a - b / c"), IsEmpty());
}

TEST(HighlightTest, WhatDoesNotEnd) {
  EXPECT_THAT(InksOf("a 'b;\nc"), ElementsAre("error:'", "string:b;\nc"));
  EXPECT_THAT(InksOf("a \"b"), ElementsAre("error:\"", "name:b"));
  EXPECT_THAT(InksOf("a /* b"), ElementsAre("error:/*", "comment: b"));
  EXPECT_THAT(InksOf("'"), ElementsAre("error:'"));
}

TEST(HighlightTest, InvalidTokens) {
  EXPECT_THAT(InksOf("12ab select # 1"),
              ElementsAre("error:12ab", "keyword:select", "error:#", "number:1"));
  EXPECT_THAT(InksOf("\u00e9 1"), ElementsAre("error:\u00e9", "number:1"));
}

TEST(HighlightTest, Commands) {
  EXPECT_THAT(InksOf("\\d select\nselect 1 \\g out.txt"),
              ElementsAre("command:\\d", "keyword:select", "number:1", "command:\\g"));
  EXPECT_THAT(InksOf("'\\d'"), ElementsAre("string:'\\d'"));
}

TEST(HighlightTest, AcceptsAnyBytes) {
  const std::string letters = "a1'\"\\/*-; \n.?\xE9#";
  for (std::size_t i = 0; i < letters.size() * letters.size() * letters.size(); ++i) {
    const std::size_t n = letters.size();
    InksOf({letters[i % n], letters[i / n % n], letters[i / n / n], 'x'});
  }
}

TEST(HighlightTest, MarkReplacesOtherInks) {
  std::vector<Span> spans = {{0, 6, Ink::kKeyword}, {8, 10, Ink::kString}};
  Mark({4, 9, Ink::kChosen}, &spans);
  EXPECT_THAT(spans, ElementsAre(Span{0, 4, Ink::kKeyword}, Span{4, 9, Ink::kChosen},
                                 Span{9, 10, Ink::kString}));
}

TEST(ColorsTest, AutoUsesTerminalAndEnvironment) {
  setenv("TERM", "xterm", 1);
  unsetenv("NO_COLOR");
  EXPECT_TRUE(UsesColors(Color::kAuto, true));
  EXPECT_FALSE(UsesColors(Color::kAuto, false));
  EXPECT_TRUE(UsesColors(Color::kAlways, false));
  EXPECT_FALSE(UsesColors(Color::kNever, true));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(UsesColors(Color::kAuto, true));
  EXPECT_TRUE(UsesColors(Color::kAlways, true));
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(UsesColors(Color::kAuto, true));
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(UsesColors(Color::kAuto, true));
  unsetenv("TERM");
  EXPECT_FALSE(UsesColors(Color::kAuto, true));
}

}  // namespace
}  // namespace tql::shell
