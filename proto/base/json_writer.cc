#include "proto/base/json_writer.h"

#include <cstring>

#include "proto/base/json_string.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::base {
namespace internal {
namespace {

/// Whether JsonUtil escapes the non-ASCII code point `c`.
constexpr bool IsInvisible(char32_t c) {
  if (c < 0x0600) return c <= 0x9F || c == 0xAD;
  if (c < 0x17B4) return c <= 0x0603 || c == 0x06DD || c == 0x070F;
  if (c < 0x200B) return c <= 0x17B5;
  if (c <= 0x2064) return c <= 0x200F || (c >= 0x2028 && c <= 0x202E) || c >= 0x2060;
  if (c < 0xFEFF) return c >= 0x206A && c <= 0x206F;
  if (c <= 0xFFFB) return c == 0xFEFF || c >= 0xFFF9;
  return (c >= 0x1D173 && c <= 0x1D17A) || c == 0xE0001 || (c >= 0xE0020 && c <= 0xE007F);
}

char* PutUnicodeEscape(std::uint32_t unit, char* out) {
  *out++ = '\\';
  *out++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) {
    *out++ = kLowerHex[unit >> static_cast<unsigned>(shift) & 15U];
  }
  return out;
}

char* PutEscapedCodePoint(char32_t c, char* out) {
  if (c < 0x10000) return PutUnicodeEscape(c, out);
  out = PutUnicodeEscape(0xD800 + ((c - 0x10000) >> 10U), out);
  return PutUnicodeEscape(0xDC00 + ((c - 0x10000) & 0x3FF), out);
}

}  // namespace

char* PutUnusual(const char* at, const char* end, char* out) {
  for (; at != end; CopyPlain(at, end, out)) {
    const auto c = static_cast<unsigned char>(*at);
    if (c < 0x80) {
      ++at;
      if (kEscapes[c] == 'u') {
        out = PutUnicodeEscape(c, out);
      } else {
        *out++ = '\\';
        *out++ = kEscapes[c];
      }
      continue;
    }
    // Non-ASCII characters usually come in runs; this loop copies a whole run.
    do {
      if (const std::size_t length = PlainUtf8Length(at, end); length > 0) {
        std::memcpy(out, at, 4);  // there is room; excess bytes are overwritten
        at += length;
        out += length;
        continue;
      }
      const Utf8Char character = DecodeUtf8(at, end);
      if (!character.valid) {
        std::memcpy(out, "\xEF\xBF\xBD", 3);
        out += 3;
      } else if (IsInvisible(character.code_point)) {
        out = PutEscapedCodePoint(character.code_point, out);
      } else {
        for (std::uint8_t i = 0; i < character.length; ++i) *out++ = at[i];
      }
      at += character.length;
    } while (at != end && static_cast<unsigned char>(*at) >= 0x80);
  }
  return out;
}

}  // namespace internal

void AppendJsonString(std::string_view text, std::string* out) {
  // Each piece is encoded in a buffer on the stack, which has room for the worst case.
  constexpr std::size_t kPiece = 4096;
  char buffer[kPiece * kMaxJsonGrowth + kJsonSlack];
  *out += '"';
  while (!text.empty()) {
    const std::size_t size = Utf8Floor(text, kPiece);
    const char* const end = PutJsonString(text.substr(0, size), buffer);
    out->append(buffer + 1, static_cast<std::size_t>(end - buffer) - 2);
    text.remove_prefix(size);
  }
  *out += '"';
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool IsJsonNumber(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

}  // namespace tql::base
