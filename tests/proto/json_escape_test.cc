#include "proto/src/wire/json_escape.h"

#include <gtest/gtest.h>

#include <string_view>

namespace tql::wire {
namespace {

using Error = JsonEscape::Error;

TEST(JsonEscape, ReadsEachEscapeOfRfc8259) {
  struct Case {
    std::string_view text;
    char32_t code_point;
    std::size_t length;
  };
  for (const Case& c : {Case{"\\\"x", U'"', 2}, Case{"\\\\", U'\\', 2}, Case{"\\/", U'/', 2},
                        Case{"\\b", 8, 2}, Case{"\\f", 12, 2}, Case{"\\n", 10, 2},
                        Case{"\\r", 13, 2}, Case{"\\t", 9, 2}, Case{"\\u0041BC", U'A', 6},
                        Case{"\\uD834\\uDD1E", 0x1D11E, 12}, Case{"\\ud834\\udd1e", 0x1D11E, 12},
                        Case{"\\uFFFF", 0xFFFF, 6}, Case{"\\uDBFF\\uDFFF", 0x10FFFF, 12}}) {
    const JsonEscape escape = ReadJsonEscape(c.text);
    EXPECT_EQ(escape.error, Error::kNone) << c.text;
    EXPECT_EQ(escape.code_point, c.code_point) << c.text;
    EXPECT_EQ(escape.length, c.length) << c.text;
  }
}

TEST(JsonEscape, SaysWhatIsWrong) {
  for (const std::string_view text : {"\\", "\\x", "\\U0041", "\\'"}) {
    EXPECT_EQ(ReadJsonEscape(text).error, Error::kUnknown) << text;
  }
  for (const std::string_view text :
       {"\\uD834", "\\uD834x", "\\uD834\\n", "\\uDD1E", "\\uD834\\u0041", "\\uD834\\uD834"}) {
    EXPECT_EQ(ReadJsonEscape(text).error, Error::kHalfSurrogatePair) << text;
  }
}

TEST(JsonEscape, ReportsPositionOfMissingDigit) {
  for (const auto& [text, length] : {std::pair<std::string_view, std::size_t>{"\\u", 2},
                                     {"\\u12", 4},
                                     {"\\u12g4", 4},
                                     {"\\uD834\\u", 8},
                                     {"\\uD834\\uDD\"", 10}}) {
    const JsonEscape escape = ReadJsonEscape(text);
    EXPECT_EQ(escape.error, Error::kNoHexDigit) << text;
    EXPECT_EQ(escape.length, length) << text;
  }
}

}  // namespace
}  // namespace tql::wire
