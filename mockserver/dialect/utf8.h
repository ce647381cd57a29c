// The UTF-8 functions of the dialect.
#ifndef TQLKIT_MOCKSERVER_DIALECT_UTF8_H_
#define TQLKIT_MOCKSERVER_DIALECT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::dialect {

/// The length of the character at text[pos], 1 to 4 bytes; 0 if it is invalid, which includes
/// overlong forms, surrogates and code points above U+10FFFF. Requires pos < text.size().
std::size_t Utf8Length(std::string_view text, std::size_t pos);

/// The code point of a valid character.
std::uint32_t Utf8Decode(std::string_view character);

/// The first position at or after `pos` of a NUL byte or a byte above 0x7F, or text.size().
std::size_t SkipAscii(std::string_view text, std::size_t pos);

/// Returns `text` for quoting in a message of one line: cut between two characters to at most `max`
/// bytes, with "..." appended if it was cut, and with control characters replaced by spaces.
std::string Excerpt(std::string_view text, std::size_t max);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_UTF8_H_
