#include "proto/base/utf8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>

namespace tql {
namespace {

// The bytes at the limits of the rules of UTF-8.
constexpr std::array<unsigned char, 24> kEdges = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                                  0xBF, 0xC0, 0xC1, 0xC2, 0xC3, 0xD7, 0xD8, 0xDF,
                                                  0xE3, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xFF};

// The length of the first character of `text`, or 0 if it is invalid. Follows the definition of
// UTF-8 by code points, while the library uses ranges of bytes.
std::size_t FirstLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto length = static_cast<std::size_t>(std::countl_one(byte(0)));
  if (length == 0) return 1;
  if (length == 1 || length > 4 || text.size() < length) return 0;
  char32_t code_point = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code_point = code_point << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point < kLeast[length] || code_point > 0x10FFFF || surrogate ? 0 : length;
}

void ExpectSameOn(const std::string& text) {
  const std::size_t length = FirstLength(text);
  const base::Utf8Char first = base::DecodeUtf8(text.data(), text.data() + text.size());
  ASSERT_EQ(first.valid, length > 0) << ::testing::PrintToString(text);
  if (first.valid) {
    ASSERT_EQ(first.length, length) << ::testing::PrintToString(text);
  }
  std::size_t valid = 0;
  while (valid < text.size()) {
    const std::size_t next = FirstLength(std::string_view(text).substr(valid));
    if (next == 0) break;
    valid += next;
  }
  ASSERT_EQ(base::ValidUtf8Prefix(text), valid) << ::testing::PrintToString(text);
  const std::size_t nul = text.find('\0');
  ASSERT_EQ(base::ValidTextPrefix(text), std::min(valid, nul)) << ::testing::PrintToString(text);
}

TEST(Utf8Test, MatchesDefinition) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      for (const unsigned char third : kEdges) {
        std::string text;
        for (const int byte : {first, second, int{third}, 0x80}) text += static_cast<char>(byte);
        ExpectSameOn(text);            // At the end of a text.
        ExpectSameOn(text + "plain");  // Within a text.
        ExpectSameOn(text.substr(0, 3));
      }
    }
  }
}

TEST(Utf8Test, PlainCharactersAreValid) {
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    base::AppendUtf8(c, &text);
    ASSERT_EQ(FirstLength(text), text.size()) << std::hex << static_cast<std::uint32_t>(c);
    const std::size_t length = text.size();
    text += "abc";
    const std::size_t plain = base::PlainUtf8Length(text.data(), text.data() + text.size());
    const bool is_plain = (c >= 0xC0 && c <= 0x5FF) || (c >= 0x3000 && c <= 0xCFFF);
    ASSERT_EQ(plain, is_plain ? length : 0) << std::hex << static_cast<std::uint32_t>(c);
  }
}

TEST(Utf8Test, FloorAndCeilAreTheBoundariesAroundAByte) {
  const std::string text = "a\u00E9\u20AC\U0001F600z";  // characters of 1, 2, 3, 4 and 1 bytes
  std::size_t begin = 0;
  std::size_t count = 0;
  while (begin < text.size()) {
    const std::size_t end = begin + FirstLength(std::string_view(text).substr(begin));
    EXPECT_EQ(base::Utf8Count(text.substr(0, begin)), count++);
    EXPECT_EQ(base::Utf8Floor(text, begin), begin);
    EXPECT_EQ(base::Utf8Ceil(text, begin), begin);
    for (std::size_t at = begin + 1; at < end; ++at) {
      EXPECT_EQ(base::Utf8Floor(text, at), begin);
      EXPECT_EQ(base::Utf8Ceil(text, at), end);
      EXPECT_EQ(base::Utf8Prefix(text, at), text.substr(0, begin));
    }
    begin = end;
  }
  EXPECT_EQ(base::Utf8Floor(text, text.size() + 9), text.size());
  EXPECT_EQ(base::Utf8Ceil(text, text.size() + 9), text.size());
  EXPECT_EQ(base::Utf8Prefix(text, text.size()), text);
}

TEST(Utf8Test, FloorOfWhatIsNotUtf8IsTheByteItself) {
  const std::string text(10, '\x80');
  EXPECT_EQ(base::Utf8Floor(text, 6), 6U);
  EXPECT_EQ(base::Utf8Prefix(text, 6).size(), 6U);
}

TEST(Utf8Test, ExcerptCutsBetweenCharacters) {
  EXPECT_EQ(base::Excerpt("abc", 3), "abc");
  EXPECT_EQ(base::Excerpt("abcd", 3), "abc...");
  EXPECT_EQ(base::Excerpt("ab\xC3\xB6", 3), "ab...");
  EXPECT_EQ(base::Excerpt("a\nb", 5), "a b");
}

}  // namespace
}  // namespace tql
