// Character classes of TQL text. ASCII only, independent of the locale.
#ifndef TQLKIT_MOCKSERVER_DIALECT_CHARS_H_
#define TQLKIT_MOCKSERVER_DIALECT_CHARS_H_

namespace tql::dialect {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// A character of an unquoted name, which does not begin with a digit.
constexpr bool IsWordChar(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
constexpr bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// The UTF-8 byte order mark, which some editors write at the start of a file.
inline constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_CHARS_H_
