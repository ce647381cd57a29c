// Numbers and dates in header fields.
#ifndef TQLKIT_CLIENT_SRC_HTTP_DATE_H_
#define TQLKIT_CLIENT_SRC_HTTP_DATE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tql {

/// Parses a decimal number that consists only of digits. nullopt for any other text, and if it does
/// not fit in 64 bits.
std::optional<std::int64_t> NaturalNumberOf(std::string_view text);

/// Parses a date in the format that servers must send, "Sun, 06 Nov 1994 08:49:37 GMT", or with
/// dashes, as in cookies, "Sun, 06-Nov-1994 08:49:37 GMT". nullopt for any other text.
std::optional<std::chrono::sys_seconds> HttpDateOf(std::string_view text);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_DATE_H_
