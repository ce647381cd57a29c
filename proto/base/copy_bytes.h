// Copies texts and looks at their bytes in the same step. Most cells of tables are so short that a
// call of memcpy, or a loop over their bytes, would take longer than all else that is done to them.
#ifndef TQLKIT_PROTO_BASE_COPY_BYTES_H_
#define TQLKIT_PROTO_BASE_COPY_BYTES_H_

#ifdef __SSE2__
#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tql::base {

namespace internal {

/// Copies the first and the last bytes, which overlap unless `size` is that of two words.
template <typename Word>
__m128i CopyTwoWords(const char* in, std::size_t size, char* out) {
  Word first = 0;
  Word last = 0;
  std::memcpy(&first, in, sizeof(Word));
  std::memcpy(&last, in + size - sizeof(Word), sizeof(Word));
  std::memcpy(out, &first, sizeof(Word));
  std::memcpy(out + size - sizeof(Word), &last, sizeof(Word));
  if constexpr (sizeof(Word) == 8) {
    return _mm_set_epi64x(static_cast<std::int64_t>(last), static_cast<std::int64_t>(first));
  } else {
    return _mm_set1_epi64x(
        static_cast<std::int64_t>(std::uint64_t{first} | std::uint64_t{last} << 32U));
  }
}

}  // namespace internal

/// Copies 1 to 16 bytes. Returns the same bytes, some of them more than once.
inline __m128i CopyShort(const char* in, std::size_t size, char* out) {
  if (size >= 8) return internal::CopyTwoWords<std::uint64_t>(in, size, out);
  if (size >= 4) return internal::CopyTwoWords<std::uint32_t>(in, size, out);
  const std::uint8_t bytes[4] = {
      static_cast<std::uint8_t>(in[0]), static_cast<std::uint8_t>(in[size / 2]),
      static_cast<std::uint8_t>(in[size - 1]), static_cast<std::uint8_t>(in[0])};
  out[0] = in[0];
  out[size / 2] = in[size / 2];
  out[size - 1] = in[size - 1];
  std::int32_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return _mm_set1_epi32(word);
}

/// Copies 16 bytes and returns them.
inline __m128i Copy16(const char* in, char* out) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
  return bytes;
}

}  // namespace tql::base

#endif

#endif  // TQLKIT_PROTO_BASE_COPY_BYTES_H_
