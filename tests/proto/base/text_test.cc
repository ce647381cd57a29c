#include "proto/base/text.h"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace tql::base {
namespace {

TEST(TextTest, ClassesAndCaseAreThoseOfTheCLocale) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(IsDigit(c), std::isdigit(byte) != 0) << byte;
    EXPECT_EQ(IsLetter(c), std::isalpha(byte) != 0) << byte;
    EXPECT_EQ(IsBlank(c), std::isspace(byte) != 0) << byte;
    EXPECT_EQ(kBlanks.find(c) != kBlanks.npos, std::isspace(byte) != 0) << byte;
    EXPECT_EQ(IsControl(c), std::iscntrl(byte) != 0) << byte;
    EXPECT_EQ(ToLower(c), static_cast<char>(std::tolower(byte))) << byte;
    EXPECT_EQ(ToUpper(c), static_cast<char>(std::toupper(byte))) << byte;
  }
}

TEST(TextTest, CaseDoesNotCountForAsciiAlone) {
  EXPECT_TRUE(EqualsIgnoreCase("Straße", "sTRAßE"));
  EXPECT_FALSE(EqualsIgnoreCase("\u00C9", "\u00E9"));
  EXPECT_FALSE(EqualsIgnoreCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoreCase("@[", "`{"));  // 32 apart, and no letters
  EXPECT_TRUE(StartsWithIgnoreCase("Content-Type: x", "content-type"));
  EXPECT_FALSE(StartsWithIgnoreCase("Cont", "content"));
  EXPECT_EQ(Lower("Ab\u00C9Z"), "ab\u00C9z");
  EXPECT_EQ(Upper("aB\u00E9z"), "AB\u00E9Z");
}

TEST(TextTest, TrimTakesBlanksFromBothEnds) {
  EXPECT_EQ(Trim(" \t\n\v\f\r a b \r\n"), "a b");
  EXPECT_EQ(Trim(" \t "), "");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("\n a \n", " "), "\n a \n");
}

TEST(TextTest, BlankControlsLeavesTheRest) {
  std::string text = "a\nb\x1B[0m\x7F\u00E9";
  BlankControls(&text);
  EXPECT_EQ(text, "a b [0m \u00E9");
}

TEST(TextTest, HexadecimalBothWays) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(HexDigit(c),
              std::isxdigit(byte) != 0 ? std::stoi(std::string(1, c), nullptr, 16) : -1);
    EXPECT_EQ(std::stoi(Hex(std::string_view(&c, 1)), nullptr, 16), byte);
  }
  EXPECT_EQ(Hex(std::string_view("\x0A\xFF", 2)), "0aff");
  EXPECT_EQ(ShownByte('\xC3'), "0xC3");
  EXPECT_EQ(Hex(std::uint64_t{0x123456789ABCDEF}), "0123456789abcdef");
}

TEST(TextTest, ByteOrderMark) {
  EXPECT_EQ(WithoutByteOrderMark("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(WithoutByteOrderMark("\xEF\xBBx"), "\xEF\xBBx");
}

}  // namespace
}  // namespace tql::base
