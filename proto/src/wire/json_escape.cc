#include "wire/json_escape.h"

#include "proto/base/text.h"

namespace tql::wire {
namespace {

using Error = JsonEscape::Error;

/// Parses \uXXXX, one UTF-16 code unit.
JsonEscape ReadUnit(std::string_view text) {
  JsonEscape unit{.error = Error::kNone, .code_point = 0, .length = 2};
  for (; unit.length < 6; ++unit.length) {
    const int digit = unit.length < text.size() ? base::HexDigit(text[unit.length]) : -1;
    if (digit < 0) {
      unit.error = Error::kNoHexDigit;
      return unit;
    }
    unit.code_point = unit.code_point * 16 + static_cast<char32_t>(digit);
  }
  return unit;
}

}  // namespace

JsonEscape ReadJsonEscape(std::string_view text) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (text.size() < 2) return {.error = Error::kUnknown, .code_point = 0, .length = text.size()};
  if (text[1] != 'u') {
    const std::size_t i = kLetters.find(text[1]);
    if (i == kLetters.npos) return {.error = Error::kUnknown, .code_point = 0, .length = 2};
    return {.error = Error::kNone, .code_point = static_cast<char32_t>(kValues[i]), .length = 2};
  }
  JsonEscape escape = ReadUnit(text);
  if (escape.error != Error::kNone || escape.code_point < 0xD800 || escape.code_point > 0xDFFF) {
    return escape;
  }
  // A high surrogate must be followed by the escape sequence of a low surrogate.
  if (escape.code_point >= 0xDC00 || text.substr(6, 2) != "\\u") {
    escape.error = Error::kHalfSurrogatePair;
    return escape;
  }
  const JsonEscape low = ReadUnit(text.substr(6));
  const char32_t high = escape.code_point - 0xD800;
  escape = {.error = low.error,
            .code_point = 0x10000 + (high << 10U) + (low.code_point - 0xDC00),
            .length = 6 + low.length};
  if (low.error == Error::kNone && (low.code_point < 0xDC00 || low.code_point > 0xDFFF)) {
    escape.error = Error::kHalfSurrogatePair;
  }
  return escape;
}

}  // namespace tql::wire
