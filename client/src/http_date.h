// Times in the headers of answers.
#ifndef TQLKIT_CLIENT_SRC_HTTP_DATE_H_
#define TQLKIT_CLIENT_SRC_HTTP_DATE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tql {

/// A decimal number of nothing but digits; unset for any other text, and beyond 64 bits.
std::optional<std::int64_t> NaturalNumberOf(std::string_view text);

/// "Sun, 06 Nov 1994 08:49:37 GMT", the form that servers must send, also as cookies have it,
/// "Sun, 06-Nov-1994 08:49:37 GMT"; unset for any other.
std::optional<std::chrono::sys_seconds> HttpDateOf(std::string_view text);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_DATE_H_
