// As much of UTF-8 as the dialect needs.
#ifndef TQLKIT_MOCKSERVER_DIALECT_UTF8_H_
#define TQLKIT_MOCKSERVER_DIALECT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::dialect {

/// The length of the character that begins at text[pos], 1 to 4; 0 when no valid one does (overlong
/// forms, surrogates and what lies beyond U+10FFFF are not valid). pos < text.size().
std::size_t Utf8Length(std::string_view text, std::size_t pos);

/// The code point of a valid character.
std::uint32_t Utf8Decode(std::string_view character);

/// The first position at or after `pos` that holds NUL or a byte above 0x7F; text.size() if none.
std::size_t SkipAscii(std::string_view text, std::size_t pos);

/// `text`, cut to at most `max` bytes between two characters, with "..." when something was cut,
/// and with control characters written as blanks: fit to be quoted in a message of one line.
std::string Excerpt(std::string_view text, std::size_t max);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_UTF8_H_
