// UTF-8: validity, and what becomes of bytes that are not valid.
//
// JSON carries Unicode text, SQL values carry bytes. The one rule of the project: every maximal
// ill-formed piece of a sequence becomes one U+FFFD (as browsers and Python do), and nothing is
// dropped in silence.
#ifndef TQL_WIRE_UTF8_H_
#define TQL_WIRE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql {

/// One character of a text, or one ill-formed piece of it.
struct Utf8Char {
  char32_t code_point;  // U+FFFD when ill-formed
  std::uint8_t length;  // bytes, 1 to 4
  bool valid;
};

/// The character at the start of [begin, end), which is not empty.
Utf8Char DecodeUtf8(const char* begin, const char* end);

/// The length of the character at the start, when it is one of those that surely are valid and
/// visible: U+00C0 to 05FF (Latin, Greek, Cyrillic, Hebrew), U+3000 to CFFF (CJK, kana, most of
/// Hangul). 0: look closer. What keeps runs of such text fast; it stops short of the last
/// characters of a text.
inline std::size_t PlainUtf8Length(const char* begin, const char* end) {
  if (end - begin < 4) return 0;
  const auto byte = [&](int i) { return static_cast<unsigned char>(begin[i]); };
  const bool second = (byte(1) & 0xC0U) == 0x80;
  if (byte(0) >= 0xC3 && byte(0) <= 0xD7) return second ? 2 : 0;
  if (byte(0) >= 0xE3 && byte(0) <= 0xEC) return second && (byte(2) & 0xC0U) == 0x80 ? 3 : 0;
  return 0;
}

/// The length of the longest valid prefix; text.size() when all of it is valid.
std::size_t ValidUtf8Prefix(std::string_view text);

/// The text with each ill-formed piece replaced by U+FFFD.
std::string SanitizeUtf8(std::string_view text);

/// Appends a code point (a Unicode scalar value) in UTF-8.
void AppendUtf8(char32_t code_point, std::string* out);

}  // namespace tql

#endif  // TQL_WIRE_UTF8_H_
