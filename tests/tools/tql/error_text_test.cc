#include "tools/tql/error_text.h"

#include <gtest/gtest.h>

#include <clocale>

namespace tql::shell {
namespace {

class ErrorTextTest : public testing::Test {
 protected:
  void SetUp() override { std::setlocale(LC_CTYPE, "C.UTF-8"); }

  /// What stands below the error: the line and the caret.
  static std::string Place(const std::string& statement, std::size_t line, std::size_t column) {
    const std::string error =
        "no (line " + std::to_string(line) + ", column " + std::to_string(column) + ")\n";
    const std::string text = ErrorText(error, statement, nullptr);
    EXPECT_TRUE(text.starts_with("error: " + error));
    return text.substr(error.size() + 7);
  }
};

TEST_F(ErrorTextTest, TheCaretStandsUnderThePlace) {
  EXPECT_EQ(Place("select x", 1, 8), "  select x\n         ^\n");
  EXPECT_EQ(Place("select\n\n  x", 3, 3), "    x\n    ^\n");
  EXPECT_EQ(Place("select", 1, 7), "  select\n        ^\n");
}

TEST_F(ErrorTextTest, RedOnATerminal) {
  const Source source{"\x1b.tql", 3};
  EXPECT_EQ(ErrorText("no\x1b (line 1, column 3)\n",
                      "a\x1b"
                      "b",
                      &source, true),
            "\\x1b.tql:3: \x1b[1;31merror:\x1b[0m no\\x1b (line 1, column 3)\n"
            "  a\\x1b"
            "b\n       \x1b[1;31m^\x1b[0m\n");
}

TEST_F(ErrorTextTest, CharactersAreAsWideAsOnATerminal) {
  EXPECT_EQ(Place("\t'\u00e9' x", 1, 7), "  \t'\u00e9' x\n  \t    ^\n");
  EXPECT_EQ(Place("'\u672c' x", 1, 7), "  '\u672c' x\n       ^\n");
  EXPECT_EQ(Place("'e\u0301' x", 1, 7), "  'e\u0301' x\n      ^\n");
  EXPECT_EQ(Place("'\x01' x", 1, 5), "  '\\x01' x\n         ^\n");
}

TEST_F(ErrorTextTest, OfALongLineWhatStandsAround) {
  const std::string place = Place(std::string(1000, 'a') + "!" + std::string(1000, 'b'), 1, 1001);
  EXPECT_EQ(place, "  ..." + std::string(120, 'a') + "!" + std::string(119, 'b') + "...\n  " +
                       std::string(123, ' ') + "^\n");
  // No half characters at its ends.
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "\u672c";
  EXPECT_EQ(Place(wide, 1, 302).find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_TRUE(Place(wide, 1, 301).starts_with("  ...\u672c"));
}

TEST_F(ErrorTextTest, WithoutAPlaceNothingIsShown) {
  EXPECT_EQ(ErrorText("no\n", "select x", nullptr), "error: no\n");
  EXPECT_EQ(Place("select x", 2, 1), "");
  EXPECT_EQ(Place("select x", 1, 10), "");
}

TEST_F(ErrorTextTest, TheSourceIsNamed) {
  const Source source{"f.tql", 7};
  EXPECT_EQ(ErrorText("no (line 2, column 1)\n", "a\nb", &source),
            "f.tql:8: error: no (line 2, column 1)\n  b\n  ^\n");
  EXPECT_EQ(ErrorText("x.csv, line 9: no\n", "", &source), "f.tql:7: error: x.csv, line 9: no\n");
}

}  // namespace
}  // namespace tql::shell
