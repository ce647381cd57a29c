#include "wire/plain_cells.h"

#include <cstring>

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace tql::wire {
namespace {

constexpr std::size_t kBlock = 64;

/// A bit for each byte of a block.
struct Masks {
  std::uint64_t quotes = 0;
  std::uint64_t plain = 0;  // ASCII characters that are neither a backslash nor a control character
};

/// Searches block by block, which does not depend on the ends of the cells: rows of short cells are
/// as fast as long ones. (To write the positions of all quotes of the text first, for all of its
/// rows, is slower: 100 ns a row of 16 cells instead of 66.)
template <Masks (*Load)(const char*)>
[[gnu::always_inline]] inline PlainCells Find(std::string_view text, std::size_t at,
                                              std::span<std::string_view> cells) {
  using End = PlainCells::End;
  constexpr std::size_t kBehind = 2;  // the bytes that are read after a closing quote
  constexpr char kBetween[] = {',', '"'};
  std::size_t count = 0;
  for (std::size_t base = at; text.size() - base >= kBlock + kBehind; base += kBlock) {
    Masks masks = Load(text.data() + base);
    const bool all_plain = masks.plain == ~std::uint64_t{0};
    // Only the quotes before the first byte that is not plain.
    if (!all_plain) masks.quotes &= masks.plain & ~(masks.plain + 1);
    // Not the opening quote of the cell.
    if (at > base) masks.quotes &= ~std::uint64_t{0} << (at - base);
    while (masks.quotes != 0) {
      const std::size_t close = base + static_cast<std::size_t>(__builtin_ctzll(masks.quotes));
      masks.quotes &= masks.quotes - 1;
      if (count == cells.size()) return {End::kFull, at, count};
      cells[count++] = {text.data() + at, close - at};
      if (std::memcmp(text.data() + close + 1, kBetween, kBehind) != 0) {
        return {End::kOther, close, count};
      }
      masks.quotes &= masks.quotes - 1;  // the opening quote, if it is in this block
      at = close + 1 + kBehind;
    }
    if (!all_plain) break;
  }
  return {End::kNotPlain, at, count};
}

#ifdef __SSE2__

std::uint64_t Bits(__m128i bytes) { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }

Masks LoadSse2(const char* text) {
  Masks masks;
  for (unsigned i = 0; i < kBlock; i += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    // In a signed comparison control characters and non-ASCII bytes are both less than a space.
    const __m128i printable = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x1F));
    const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    masks.plain |= Bits(_mm_andnot_si128(backslash, printable)) << i;
    masks.quotes |= Bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))) << i;
  }
  return masks;
}

PlainCells FindSse2(std::string_view text, std::size_t at, std::span<std::string_view> cells) {
  return Find<LoadSse2>(text, at, cells);
}

#define TQLKIT_AVX2 __attribute__((target("avx2,bmi")))

TQLKIT_AVX2 std::uint64_t Bits(__m256i bytes) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

TQLKIT_AVX2 Masks LoadAvx2(const char* text) {
  Masks masks;
  for (unsigned i = 0; i < kBlock; i += sizeof(__m256i)) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + i));
    const __m256i printable = _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8(0x1F));
    const __m256i backslash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
    masks.plain |= Bits(_mm256_andnot_si256(backslash, printable)) << i;
    masks.quotes |= Bits(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'))) << i;
  }
  return masks;
}

TQLKIT_AVX2 PlainCells FindAvx2(std::string_view text, std::size_t at,
                                std::span<std::string_view> cells) {
  return Find<LoadAvx2>(text, at, cells);
}

#undef TQLKIT_AVX2

constexpr FindPlainCells kFinders[] = {FindSse2, FindAvx2};

bool HasAvx2() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0; }

#else

Masks LoadBytes(const char* text) {
  Masks masks;
  for (unsigned i = 0; i < kBlock; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    masks.plain |= std::uint64_t{c >= 0x20 && c < 0x80 && c != '\\'} << i;
    masks.quotes |= std::uint64_t{c == '"'} << i;
  }
  return masks;
}

PlainCells FindBytes(std::string_view text, std::size_t at, std::span<std::string_view> cells) {
  return Find<LoadBytes>(text, at, cells);
}

constexpr FindPlainCells kFinders[] = {FindBytes};

bool HasAvx2() { return true; }

#endif

}  // namespace

std::span<const FindPlainCells> PlainCellFinders() {
  return std::span(kFinders).first(std::size(kFinders) - (HasAvx2() ? 0 : 1));
}

}  // namespace tql::wire
