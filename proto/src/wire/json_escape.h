// Escape sequences in JSON strings.
#ifndef TQLKIT_PROTO_SRC_WIRE_JSON_ESCAPE_H_
#define TQLKIT_PROTO_SRC_WIRE_JSON_ESCAPE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tql::wire {

struct JsonEscape {
  enum class Error : std::uint8_t { kNone, kUnknown, kNoHexDigit, kHalfSurrogatePair };

  Error error = Error::kNone;
  char32_t code_point = 0;
  /// Length of the escape sequence in bytes; if a digit is missing, the length up to that point.
  std::size_t length = 0;
};

/// Parses the escape sequence at the start of `text`, which begins with its backslash. A surrogate
/// pair (two \u sequences) is one escape sequence.
JsonEscape ReadJsonEscape(std::string_view text);

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_JSON_ESCAPE_H_
