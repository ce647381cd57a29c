#include "mockserver/dialect/utf8.h"

#include <cstring>

namespace tql::dialect {
namespace {

unsigned ByteAt(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

bool IsContinuation(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

}  // namespace

std::size_t Utf8Length(std::string_view text, std::size_t pos) {
  const unsigned b0 = ByteAt(text, pos);
  const unsigned b1 = ByteAt(text, pos + 1);
  if (b0 < 0x80U) return 1;
  if (b0 < 0xC2U || b0 > 0xF4U || !IsContinuation(b1)) return 0;
  if (b0 < 0xE0U) return 2;
  if (!IsContinuation(ByteAt(text, pos + 2))) return 0;
  if (b0 < 0xF0U) {
    const bool overlong = b0 == 0xE0U && b1 < 0xA0U;
    const bool surrogate = b0 == 0xEDU && b1 >= 0xA0U;
    return overlong || surrogate ? 0 : 3;
  }
  if (!IsContinuation(ByteAt(text, pos + 3))) return 0;
  const bool overlong = b0 == 0xF0U && b1 < 0x90U;
  const bool beyond = b0 == 0xF4U && b1 >= 0x90U;
  return overlong || beyond ? 0 : 4;
}

std::uint32_t Utf8Decode(std::string_view character) {
  static constexpr std::uint32_t kLeadMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t code = ByteAt(character, 0) & kLeadMask[character.size()];
  for (std::size_t i = 1; i < character.size(); ++i) {
    code = (code << 6U) | (ByteAt(character, i) & 0x3FU);
  }
  return code;
}

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
  while (pos < text.size() && ByteAt(text, pos) - 1U < 0x7FU) ++pos;
  return pos;
}

std::string Excerpt(std::string_view text, std::size_t max) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = Utf8Length(text, end);
    if (length == 0 || end + length > max) break;
    end += length;
  }
  std::string out(text.substr(0, end));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F) c = ' ';
  }
  if (end < text.size()) out += "...";
  return out;
}

}  // namespace tql::dialect
