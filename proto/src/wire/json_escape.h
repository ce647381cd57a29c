// The escapes of JSON strings.
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
  /// Of the escape; of what can be read of it when a digit is missing.
  std::size_t length = 0;
};

/// Reads the escape that the text begins with, backslash and all; both halves of a surrogate pair
/// are one.
JsonEscape ReadJsonEscape(std::string_view text);

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_JSON_ESCAPE_H_
