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

/// Finds quotes in blocks of 64 bytes. Unlike a scan per string, the search does not depend on the
/// end of the previous string, which makes rows of short cells fast.
class QuoteFinder {
 public:
  QuoteFinder(const char* text, std::size_t size) : text_(text), size_(size) {}

  /// Starts the search at `at`.
  void Start(std::size_t at) {
    base_ = at;
    Load();
  }
  /// Returns the next quote if only plain ASCII precedes it. Otherwise, or near the end of the
  /// text, returns npos, also on later calls until Start; the caller then uses ScanString.
  std::size_t Next() {
    while (quotes_ == 0) {
      if (stuck_) return std::string_view::npos;
      base_ += 64;
      Load();
    }
    const auto lowest = static_cast<std::size_t>(__builtin_ctzll(quotes_));
    quotes_ &= quotes_ - 1;
    return base_ + lowest;
  }

 private:
  void Load() {
    quotes_ = 0;
    stuck_ = true;
#ifdef __SSE2__
    if (size_ < base_ || size_ - base_ < 64) return;
    std::uint64_t plain = 0;
    for (unsigned i = 0; i < 4; ++i) {
      const __m128i bytes =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_ + base_ + 16 * i));
      // In a signed comparison control characters and non-ASCII bytes are both less than a space.
      const __m128i printable = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x1F));
      const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
      plain |= Bits(_mm_andnot_si128(backslash, printable)) << (16 * i);
      quotes_ |= Bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))) << (16 * i);
    }
    stuck_ = plain != ~std::uint64_t{0};
    if (stuck_)
      quotes_ &= plain & ~(plain + 1);  // the quotes before the first byte that is not plain
#endif
  }

#ifdef __SSE2__
  static std::uint64_t Bits(__m128i bytes) {
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(bytes)));
  }
#endif

  const char* const text_;
  const std::size_t size_;
  std::size_t base_ = 0;
  std::uint64_t quotes_ = 0;  // bit set of the quotes after base_ that were not returned yet
  bool stuck_ = true;         // the search cannot continue after quotes_
};

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_STRING_SCAN_H_
