// Decoding, validation and repair of UTF-8.
//
// JSON carries Unicode text, while SQL values carry bytes. Everywhere in the project, each maximal
// ill-formed subsequence is replaced by one U+FFFD, as browsers and Python do; no byte is dropped
// silently.
#ifndef TQL_WIRE_UTF8_H_
#define TQL_WIRE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql {

/// One character of a text, or one ill-formed subsequence.
struct Utf8Char {
  char32_t code_point;  // U+FFFD if ill-formed
  std::uint8_t length;  // bytes, 1 to 4
  bool valid;
};

/// Decodes the character at the start of [begin, end), which must not be empty.
Utf8Char DecodeUtf8(const char* begin, const char* end);

/// Fast path for runs of non-ASCII text. Returns the length of the character at `begin` if it is in
/// a range where every well-formed sequence is a character that JSON need not escape: U+00C0 to
/// 05FF (Latin, Greek, Cyrillic, Hebrew) or U+3000 to CFFF (CJK, kana, most of Hangul). Returns 0
/// for any other character, and within the last three bytes of a text; use DecodeUtf8 then.
inline std::size_t PlainUtf8Length(const char* begin, const char* end) {
  if (end - begin < 4) return 0;
  const auto byte = [&](int i) { return static_cast<unsigned char>(begin[i]); };
  const bool second = (byte(1) & 0xC0U) == 0x80;
  if (byte(0) >= 0xC3 && byte(0) <= 0xD7) return second ? 2 : 0;
  if (byte(0) >= 0xE3 && byte(0) <= 0xEC) return second && (byte(2) & 0xC0U) == 0x80 ? 3 : 0;
  return 0;
}

/// Returns the length of the longest valid prefix; text.size() if the text is valid.
std::size_t ValidUtf8Prefix(std::string_view text);

/// Returns the text with each ill-formed subsequence replaced by U+FFFD.
std::string SanitizeUtf8(std::string_view text);

/// Appends a code point (a Unicode scalar value) in UTF-8.
void AppendUtf8(char32_t code_point, std::string* out);

}  // namespace tql

#endif  // TQL_WIRE_UTF8_H_
