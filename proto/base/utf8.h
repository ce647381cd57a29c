// Decoding, validation and repair of UTF-8, and its character boundaries.
//
// JSON carries Unicode text, while SQL values carry bytes. Everywhere in the project, each maximal
// ill-formed subsequence is replaced by one U+FFFD, as browsers and Python do; no byte is dropped
// silently.
#ifndef TQLKIT_PROTO_BASE_UTF8_H_
#define TQLKIT_PROTO_BASE_UTF8_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::base {

/// One character of a text, or one ill-formed subsequence.
struct Utf8Char {
  char32_t code_point;  // U+FFFD if ill-formed
  std::uint8_t length;  // bytes, 1 to 4
  bool valid;
};

/// Decodes the character at the start of [begin, end), which must not be empty. Overlong forms,
/// surrogates and code points above U+10FFFF are ill-formed.
Utf8Char DecodeUtf8(const char* begin, const char* end);

/// Decodes the character at text[at]. Requires at < text.size().
inline Utf8Char DecodeUtf8(std::string_view text, std::size_t at = 0) {
  return DecodeUtf8(text.data() + at, text.data() + text.size());
}

/// Returns the length of the character at text[at], 1 to 4 bytes; 0 if it is ill-formed. Requires
/// at < text.size().
inline std::size_t Utf8Length(std::string_view text, std::size_t at) {
  const Utf8Char character = DecodeUtf8(text, at);
  return character.valid ? character.length : 0;
}

/// Whether the byte is a continuation byte, i.e. not the first byte of a character.
constexpr bool IsUtf8Continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Returns the number of characters of a valid text.
inline std::size_t Utf8Count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsUtf8Continuation(c); }));
}

/// Returns the last character boundary at or before `at`, or text.size() if `at` is greater.
/// Returns `at` if the bytes before it are not valid UTF-8.
inline std::size_t Utf8Floor(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostContinuation = 3;
  if (at >= text.size()) return text.size();
  for (std::size_t back = 0; back <= std::min(kMostContinuation, at); ++back) {
    if (!IsUtf8Continuation(text[at - back])) return at - back;
  }
  return at;
}

/// Returns the first character boundary at or after `at`, or text.size() if `at` is greater.
inline std::size_t Utf8Ceil(std::string_view text, std::size_t at) {
  while (at < text.size() && IsUtf8Continuation(text[at])) ++at;
  return std::min(at, text.size());
}

/// Returns the longest prefix of at most `most` bytes that ends at a character boundary.
inline std::string_view Utf8Prefix(std::string_view text, std::size_t most) {
  return text.substr(0, Utf8Floor(text, most));
}

/// Fast path for runs of non-ASCII text. Returns the length of the character at `begin` if it is in
/// a range where every well-formed sequence is a character that JSON need not escape: U+00C0 to
/// 05FF (Latin, Greek, Cyrillic, Hebrew) or U+3000 to CFFF (CJK, kana, most of Hangul). Returns 0
/// for any other character, and within the last three bytes of a text; use DecodeUtf8 then.
inline std::size_t PlainUtf8Length(const char* begin, const char* end) {
  if (end - begin < 4) return 0;
  const auto lead = static_cast<unsigned char>(*begin);
  const bool second = IsUtf8Continuation(begin[1]);
  if (lead >= 0xC3 && lead <= 0xD7) return second ? 2 : 0;
  if (lead >= 0xE3 && lead <= 0xEC) return second && IsUtf8Continuation(begin[2]) ? 3 : 0;
  return 0;
}

/// Returns the length of the longest valid prefix; text.size() if the text is valid.
std::size_t ValidUtf8Prefix(std::string_view text);

/// Returns the length of the longest valid prefix without NUL; text.size() if the text is both.
std::size_t ValidTextPrefix(std::string_view text);

/// Returns the text with each ill-formed subsequence replaced by U+FFFD.
std::string SanitizeUtf8(std::string_view text);

/// Appends a code point (a Unicode scalar value) in UTF-8.
void AppendUtf8(char32_t code_point, std::string* out);

/// Returns `text` for quoting in a message of one line: cut between two characters to at most
/// `most` bytes, and before the first ill-formed byte, with "..." appended if it was cut, and with
/// control characters replaced by spaces.
std::string Excerpt(std::string_view text, std::size_t most);

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_UTF8_H_
