// Finds the ends of JSON strings with SIMD instructions.
#ifndef TQLKIT_PROTO_SRC_WIRE_STRING_SCAN_H_
#define TQLKIT_PROTO_SRC_WIRE_STRING_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tql::wire {

/// The result of ScanString.
struct StringScan {
  std::size_t end = std::string_view::npos;  // the closing quote; npos if it was not found
  bool unusual = false;                      // the string has backslashes or non-ASCII bytes
  bool control = false;                      // the scan stopped at a control character
};

/// Scans a string that starts at `at`, after its opening quote, for its closing quote. Stops at
/// control characters, which JSON does not permit in strings.
inline StringScan ScanString(const char* text, std::size_t at, std::size_t size) {
  StringScan scan;
  for (;;) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1F);
    while (size - at >= 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
      const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
      const __m128i stop = _mm_or_si128(
          control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
      const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop));
      const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
      if (mask != 0) {
        scan.unusual |= (high & ((mask & -mask) - 1)) != 0;
        at += static_cast<std::size_t>(__builtin_ctz(mask));
        break;
      }
      scan.unusual |= high != 0;
      at += 16;
    }
#endif
    while (at < size) {
      const auto c = static_cast<unsigned char>(text[at]);
      if (c == '"' || c == '\\' || c < 0x20) break;
      scan.unusual |= c >= 0x80;
      ++at;
    }
    if (at >= size) return scan;
    if (text[at] == '"') {
      scan.end = at;
      return scan;
    }
    if (text[at] != '\\') {
      scan.control = true;
      return scan;
    }
    scan.unusual = true;
    at += 2;
    if (at > size) return scan;
  }
}

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_STRING_SCAN_H_
