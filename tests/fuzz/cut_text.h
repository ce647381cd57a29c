// An input of a fuzzer that reads a text twice: as a whole, and cut into pieces.
#ifndef TQLKIT_TESTS_FUZZ_CUT_TEXT_H_
#define TQLKIT_TESTS_FUZZ_CUT_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// The first byte of the input selects the size of the pieces; the text follows it.
struct CutText {
  std::string_view text;
  std::size_t piece = 1;
  std::size_t whole() const { return text.size() + 1; }

  /// Nothing for an input that is empty or too large.
  static std::optional<CutText> Of(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kMostBytes = std::size_t{1} << 15;
    constexpr std::size_t kMostPiece = 9;
    if (size == 0 || size > kMostBytes) return std::nullopt;
    return CutText{{reinterpret_cast<const char*>(data) + 1, size - 1}, 1 + data[0] % kMostPiece};
  }
};

#endif  // TQLKIT_TESTS_FUZZ_CUT_TEXT_H_
