// Strings of JSON, written into a buffer; the inner loop of JsonWriter and of the rows of a table,
// which inline it.
//
// Strings are escaped as protobuf's JsonUtil escapes them; see json_writer.h.
#ifndef TQLKIT_PROTO_BASE_JSON_STRING_H_
#define TQLKIT_PROTO_BASE_JSON_STRING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/base/copy_bytes.h"

namespace tql::base {

/// The maximum number of bytes that one byte is encoded as: \u00XX.
inline constexpr std::size_t kMaxJsonGrowth = 6;
/// The number of additional bytes that PutJsonString may write.
inline constexpr std::size_t kJsonSlack = 18;

namespace internal {

/// For each ASCII byte: 0 if it is not escaped, otherwise the letter of its escape; 'u' for \u00XX.
constexpr std::array<char, 128> MakeEscapes() {
  std::array<char, 128> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['<'] = 'u';
  escapes['>'] = 'u';
  escapes[0x7F] = 'u';
  return escapes;
}
[[gnu::visibility("hidden")]] inline constexpr std::array<char, 128> kEscapes = MakeEscapes();

#ifdef __SSE2__
/// Bits of the bytes that need escaping, or may need it because they are not ASCII.
inline unsigned UnusualBytes(__m128i bytes) {
  // The comparison is signed, so it finds bytes from 0x80 on together with control characters.
  __m128i stop = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  for (const char c : {'"', '\\', '<', '>', '\x7F'}) {
    stop = _mm_or_si128(stop, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
  }
  return static_cast<unsigned>(_mm_movemask_epi8(stop));
}
#endif

/// Copies bytes that need no escaping, 16 at a time, up to the first other byte or the end. May
/// overwrite up to 16 bytes after the copied ones.
inline void CopyPlain(const char*& at, const char* end, char*& out) {
#ifdef __SSE2__
  for (; end - at > 16; at += 16, out += 16) {
    if (const unsigned mask = UnusualBytes(Copy16(at, out)); mask != 0) {
      const int plain = __builtin_ctz(mask);
      at += plain;
      out += plain;
      return;
    }
  }
  if (at == end) return;
  const auto rest = static_cast<std::size_t>(end - at);
  if (UnusualBytes(CopyShort(at, rest, out)) == 0) {
    at += rest;
    out += rest;
    return;
  }
#endif
  while (at != end) {
    const auto c = static_cast<unsigned char>(*at);
    if (c >= 0x80 || kEscapes[c] != 0) return;
    *out++ = *at++;
  }
}

/// Goes on from a byte that CopyPlain does not copy.
char* PutUnusual(const char* at, const char* end, char* out);

}  // namespace internal

/// Writes the string with quotes and returns the end of the output. `out` must have room for
/// text.size() * kMaxJsonGrowth + kJsonSlack bytes. Always inlined up to the first byte that is not
/// plain: most cells are shorter than a call costs.
[[gnu::always_inline]] inline char* PutJsonString(std::string_view text, char* out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  *out++ = '"';
  internal::CopyPlain(at, end, out);
  if (at != end) out = internal::PutUnusual(at, end, out);
  *out++ = '"';
  return out;
}

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_JSON_STRING_H_
