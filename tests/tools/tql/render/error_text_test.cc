#include "tools/tql/render/error_text.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

class ErrorTextTest : public testing::Test {
 protected:
  /// The text below the error: the line and the caret.
  static std::string Place(const std::string& statement, std::size_t line, std::size_t column) {
    const std::string error =
        "no (line " + std::to_string(line) + ", column " + std::to_string(column) + ")\n";
    const std::string text = ErrorText(error, statement, nullptr);
    EXPECT_TRUE(text.starts_with("error: " + error));
    return text.substr(error.size() + 7);
  }
};

TEST_F(ErrorTextTest, CaretMarksPosition) {
  EXPECT_EQ(Place("select x", 1, 8), "  select x\n         ^\n");
  EXPECT_EQ(Place("select\n\n  x", 3, 3), "    x\n    ^\n");
  EXPECT_EQ(Place("select", 1, 7), "  select\n        ^\n");
}

TEST_F(ErrorTextTest, RedOnATerminal) {
  const Source source{"\x1b.tql", "", 3, 1};
  EXPECT_EQ(ErrorText("no\x1b (line 1, column 3)\n",
                      "a\x1b"
                      "b",
                      &source, ErrorStyle::kColored),
            "\\x1b.tql:3: \x1b[1;31merror:\x1b[0m no\\x1b (line 3, column 3)\n"
            "  a\\x1b"
            "b\n       \x1b[1;31m^\x1b[0m\n");
}

TEST_F(ErrorTextTest, UsesTerminalWidthOfCharacters) {
  EXPECT_EQ(Place("\t'\u00e9' x", 1, 6), "  \t'\u00e9' x\n  \t    ^\n");
  EXPECT_EQ(Place("'\u672c' x", 1, 5), "  '\u672c' x\n       ^\n");
  EXPECT_EQ(Place("'e\u0301' x", 1, 6), "  'e\u0301' x\n      ^\n");
  EXPECT_EQ(Place("'\x01' x", 1, 5), "  '\\x01' x\n         ^\n");
}

TEST_F(ErrorTextTest, ShortensLongLines) {
  const std::string place = Place(std::string(1000, 'a') + "!" + std::string(1000, 'b'), 1, 1001);
  EXPECT_EQ(place, "  ..." + std::string(120, 'a') + "!" + std::string(119, 'b') + "...\n  " +
                       std::string(123, ' ') + "^\n");
  // Does not cut characters at its ends.
  std::string wide;
  for (int i = 0; i < 200; ++i) wide += "\u672c";
  EXPECT_EQ(Place(wide, 1, 102).find("\xEF\xBF\xBD"), std::string::npos);
  EXPECT_TRUE(Place(wide, 1, 101).starts_with("  ...\u672c"));
}

TEST_F(ErrorTextTest, WithoutPosition) {
  EXPECT_EQ(ErrorText("no\n", "select x", nullptr), "error: no\n");
  EXPECT_EQ(Place("select x", 2, 1), "");
  EXPECT_EQ(Place("select x", 1, 10), "");
}

TEST_F(ErrorTextTest, PositionsRelateToScript) {
  const Source source{"f.tql", "f.tql", 7, 5};
  EXPECT_EQ(ErrorText("no (line 2, column 1)\n", "a\nb", &source),
            "f.tql:8: error: no (line 8, column 1)\n  b\n  ^\n");
  // Only the first line of the statement is shifted to the right.
  EXPECT_EQ(ErrorText("Check SQL input. Line 1, column 2: no\n", "ab", &source),
            "f.tql:7: error: Check SQL input. Line 7, column 6: no\n  ab\n   ^\n");
  EXPECT_EQ(ErrorText("no\n", "ab", &source), "f.tql:7: error: no\n");
  // The text of -c has no name.
  const Source unnamed{"", "", 2, 3};
  EXPECT_EQ(ErrorText("no (line 1, column 1)\n", "ab", &unnamed),
            "error: no (line 2, column 3)\n  ab\n  ^\n");
  // Without a statement, the place refers to another text.
  EXPECT_EQ(ErrorText("x.csv, line 9, column 1: no\n", "", &source),
            "f.tql:7: error: x.csv, line 9, column 1: no\n");
}

TEST_F(ErrorTextTest, PositionInStatementTextIsIgnored) {
  const Source source{"f.tql", "f.tql", 7, 1};
  EXPECT_EQ(ErrorText("no 'line 9, column 9' (line 1, column 2)\n", "ab", &source),
            "f.tql:7: error: no 'line 9, column 9' (line 7, column 2)\n  ab\n   ^\n");
  EXPECT_EQ(ErrorText("SQL input. Line 1, column 2: found 'line 9, column 9'\n", "ab", &source),
            "f.tql:7: error: SQL input. Line 7, column 2: found 'line 9, column 9'\n  ab\n   ^\n");
  for (const char* text : {"line 0, column 1", "line 1, column 0", "line 99999999999, column 1",
                           "line , column 1", "line 1 column 1", "line 1, column"}) {
    EXPECT_EQ(ErrorText(std::string(text) + "\n", "ab", &source),
              std::string("f.tql:7: error: ") + text + "\n");
  }
}

TEST_F(ErrorTextTest, TheVendorsWord) {
  const Source source{"<stdin>", "", 3, 1};
  EXPECT_EQ(ErrorText("no\n", "a", &source, ErrorStyle::kVendor), "<stdin>:3: error=no\n");
}

}  // namespace
}  // namespace tql::shell
