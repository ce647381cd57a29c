// Copies fields that need neither quotes nor escapes.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PLAIN_FIELD_H_
#define TQLKIT_TOOLS_TQL_RENDER_PLAIN_FIELD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/base/copy_bytes.h"

namespace tql::shell {

/// Whether a field is plain is found out while it is copied: nearly all fields are, and most are
/// shorter than a call costs.
class PlainField {
 public:
  /// A field is plain if it is not empty, has none of the characters of `within`, and neither
  /// begins with one of `first` nor ends with one of `last`.
  PlainField(const std::array<char, 4>& within, std::string_view first, std::string_view last) {
    for (const char c : within) kinds_[static_cast<unsigned char>(c)] = kWithin | kFirst | kLast;
#ifdef __SSE2__
    for (std::size_t i = 0; i < within.size(); ++i) within_[i] = _mm_set1_epi8(within[i]);
#endif
    for (const char c : first) kinds_[static_cast<unsigned char>(c)] |= kFirst;
    for (const char c : last) kinds_[static_cast<unsigned char>(c)] |= kLast;
  }

  /// Copies a field to `out`, which has room for it, and returns true; or returns false if it is
  /// not plain, and may have changed `out`.
  bool Put(std::string_view text, char* out) const {
    const char* const in = text.data();
    const std::size_t size = text.size();
    if (size == 0 || Is(kFirst, in[0]) || Is(kLast, in[size - 1])) return false;
#ifdef __SSE2__
    std::size_t at = 0;
    for (; size - at > 16; at += 16) {
      if (HasSpecial(base::Copy16(in + at, out + at))) return false;
    }
    return !HasSpecial(base::CopyShort(in + at, size - at, out + at));
#else
    for (std::size_t at = 0; at < size; ++at) {
      if (Is(kWithin, in[at])) return false;
      out[at] = in[at];
    }
    return true;
#endif
  }

 private:
  enum Kind : std::uint8_t { kWithin = 1, kFirst = 2, kLast = 4 };

  bool Is(Kind kind, char c) const { return (kinds_[static_cast<unsigned char>(c)] & kind) != 0; }

#ifdef __SSE2__
  bool HasSpecial(__m128i bytes) const {
    __m128i found = _mm_setzero_si128();
    for (const __m128i& special : within_) {
      found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, special));
    }
    return _mm_movemask_epi8(found) != 0;
  }

  __m128i within_[4];
#endif
  std::array<std::uint8_t, 256> kinds_{};
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PLAIN_FIELD_H_
