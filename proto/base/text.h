// ASCII text: character classes, case, whitespace, hexadecimal digits. Independent of the locale.
#ifndef TQLKIT_PROTO_BASE_TEXT_H_
#define TQLKIT_PROTO_BASE_TEXT_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::base {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// Space, tab and line breaks.
constexpr bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// ---- Case. Only ASCII letters are converted ----

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLower);
  return lower;
}
inline std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), ToUpper);
  return upper;
}

inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToLower(x) == ToLower(y); });
}
inline bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

// ---- Whitespace ----

/// The characters for which IsBlank is true.
inline constexpr std::string_view kBlanks = " \t\n\v\f\r";

/// Returns the text without leading and trailing `blanks`.
inline std::string_view Trim(std::string_view text, std::string_view blanks = kBlanks) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Replaces control characters by spaces, so that the text is one line and safe for a terminal.
inline void BlankControls(std::string* text) {
  std::replace_if(text->begin(), text->end(), IsControl, ' ');
}

// ---- Hexadecimal ----

inline constexpr std::string_view kLowerHex = "0123456789abcdef";
inline constexpr std::string_view kUpperHex = "0123456789ABCDEF";

/// Returns the value of a hexadecimal digit in either case; -1 for other characters.
constexpr int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = ToLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Appends a byte as two digits.
inline void AppendHex(char byte, std::string* out, std::string_view digits = kLowerHex) {
  const auto value = static_cast<unsigned char>(byte);
  *out += {digits[value >> 4U], digits[value & 15U]};
}

/// Returns two lower-case digits per byte, e.g. "0a1b".
inline std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) AppendHex(byte, &hex);
  return hex;
}

/// Returns a byte in the notation of messages, e.g. "0xC3".
inline std::string ShownByte(char byte, std::string_view digits = kUpperHex) {
  std::string shown = "0x";
  AppendHex(byte, &shown, digits);
  return shown;
}

/// Returns a number as 16 lower-case digits.
inline std::string Hex(std::uint64_t value) {
  std::string hex(16, '0');
  for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit, value >>= 4U) {
    *digit = kLowerHex[value & 15U];
  }
  return hex;
}

// ---- The byte order mark, which some editors write at the start of a UTF-8 file ----

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_TEXT_H_
