#include "proto/base/utf8.h"

#include <cstring>

#include "proto/base/text.h"

namespace tql::base {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// The length of a character with a given first byte, and the permitted range of its second byte,
/// which excludes surrogates, overlong forms and code points beyond U+10FFFF. Length 0: invalid.
struct Lead {
  std::uint8_t length;
  std::uint8_t low;
  std::uint8_t high;
};
constexpr Lead LeadOf(unsigned char c) {
  if (c < 0x80) return {1, 0, 0};
  if (c < 0xC2) return {0, 0, 0};
  if (c < 0xE0) return {2, 0x80, 0xBF};
  if (c == 0xE0) return {3, 0xA0, 0xBF};
  if (c == 0xED) return {3, 0x80, 0x9F};
  if (c < 0xF0) return {3, 0x80, 0xBF};
  if (c == 0xF0) return {4, 0x90, 0xBF};
  if (c < 0xF4) return {4, 0x80, 0xBF};
  if (c == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// The first position at or after `pos` of a NUL byte or a byte above 0x7F, or text.size().
std::size_t SkipAscii(std::string_view text, std::size_t pos) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  while (pos + 8 <= text.size()) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + pos, 8);
    // A byte above 0x7F has its high bit set; a zero byte borrows one in the subtraction.
    if (((word | (word - kOnes)) & kHigh) != 0) break;
    pos += 8;
  }
  while (pos < text.size() && static_cast<unsigned char>(text[pos]) - 1U < 0x7FU) ++pos;
  return pos;
}

}  // namespace

Utf8Char DecodeUtf8(const char* begin, const char* end) {
  const auto first = static_cast<unsigned char>(*begin);
  const Lead lead = LeadOf(first);
  if (lead.length == 1) return {first, 1, true};
  if (lead.length == 0) return {kReplacement, 1, false};
  char32_t code_point = first & (0xFFU >> (lead.length + 1));
  for (std::uint8_t i = 1; i < lead.length; ++i) {
    // The bytes before i are a maximal ill-formed subsequence: a proper prefix of some character.
    if (begin + i == end) return {kReplacement, i, false};
    const auto byte = static_cast<unsigned char>(begin[i]);
    const std::uint8_t low = i == 1 ? lead.low : 0x80;
    const std::uint8_t high = i == 1 ? lead.high : 0xBF;
    if (byte < low || byte > high) return {kReplacement, i, false};
    code_point = code_point << 6U | (byte & 0x3FU);
  }
  return {code_point, lead.length, true};
}

std::size_t ValidUtf8Prefix(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (static_cast<unsigned char>(*at) < 0x80) {
      // Skip runs of ASCII, eight bytes at a time.
      std::uint64_t word = 0;
      while (end - at >= 8) {
        std::memcpy(&word, at, 8);
        if ((word & 0x8080808080808080U) != 0) break;
        at += 8;
      }
      while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
      continue;
    }
    if (const std::size_t length = PlainUtf8Length(at, end); length > 0) {
      at += length;
      continue;
    }
    const Utf8Char c = DecodeUtf8(at, end);
    if (!c.valid) break;
    at += c.length;
  }
  return static_cast<std::size_t>(at - text.data());
}

std::size_t ValidTextPrefix(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  for (;;) {
    at = begin + SkipAscii(text, static_cast<std::size_t>(at - begin));
    if (at == end || *at == '\0') break;
    do {  // characters beyond ASCII come in runs
      std::size_t length = PlainUtf8Length(at, end);
      if (length == 0) length = Utf8Length(text, static_cast<std::size_t>(at - begin));
      if (length == 0) return static_cast<std::size_t>(at - begin);
      at += length;
    } while (at != end && static_cast<unsigned char>(*at) >= 0x80);
  }
  return static_cast<std::size_t>(at - begin);
}

std::string SanitizeUtf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t valid = ValidUtf8Prefix(text);
    clean += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) break;
    AppendUtf8(kReplacement, &clean);
    text.remove_prefix(DecodeUtf8(text).length);
  }
  return clean;
}

void AppendUtf8(char32_t code_point, std::string* out) {
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (code_point < 0x80) {
    *out += byte(code_point);
  } else if (code_point < 0x800) {
    *out += byte(0xC0 | code_point >> 6U);
    *out += byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    *out += byte(0xE0 | code_point >> 12U);
    *out += byte(0x80 | (code_point >> 6U & 0x3F));
    *out += byte(0x80 | (code_point & 0x3F));
  } else {
    *out += byte(0xF0 | code_point >> 18U);
    *out += byte(0x80 | (code_point >> 12U & 0x3F));
    *out += byte(0x80 | (code_point >> 6U & 0x3F));
    *out += byte(0x80 | (code_point & 0x3F));
  }
}

std::string Excerpt(std::string_view text, std::size_t most) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = Utf8Length(text, end);
    if (length == 0 || end + length > most) break;
    end += length;
  }
  std::string out(text.substr(0, end));
  BlankControls(&out);
  if (end < text.size()) out += "...";
  return out;
}

}  // namespace tql::base
