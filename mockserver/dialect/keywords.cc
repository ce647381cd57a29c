#include "mockserver/dialect/keywords.h"

#include <algorithm>
#include <array>

#include "mockserver/dialect/chars.h"

namespace tql::dialect {
namespace {

struct Entry {
  std::string_view word;
  bool reserved;
  bool token;
};

constexpr Entry kTable[] = {
    {"", false, false},  // Keyword::kNone
#define TQL_KEYWORD(word, reserved, token) {#word, reserved, token},
#include "mockserver/dialect/keywords.inc"
#undef TQL_KEYWORD
};
constexpr std::size_t kCount = std::size(kTable);
static_assert(kCount <= 256);
static_assert(std::is_sorted(std::begin(kTable), std::end(kTable),
                             [](const Entry& a, const Entry& b) { return a.word < b.word; }));

constexpr std::size_t kMaxLength =
    std::max_element(std::begin(kTable), std::end(kTable), [](const Entry& a, const Entry& b) {
      return a.word.size() < b.word.size();
    })->word.size();

// A hash table with open addressing, at most a quarter full, built at compile time.
constexpr std::size_t kSlots = 512;
static_assert(kCount * 4 <= kSlots);

// FNV-1a, with the high bits folded into the low ones.
constexpr std::size_t Hash(std::string_view lower) {
  std::uint32_t hash = 2166136261U;
  for (const char c : lower) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash ^ (hash >> 15)) % kSlots;
}

constexpr std::array<std::uint8_t, kSlots> kIndex = [] {
  std::array<std::uint8_t, kSlots> index{};
  for (std::size_t i = 1; i < kCount; ++i) {
    std::size_t slot = Hash(kTable[i].word);
    while (index[slot] != 0) slot = (slot + 1) % kSlots;
    index[slot] = static_cast<std::uint8_t>(i);
  }
  return index;
}();

// The words in upper case, in a grid of fixed width.
constexpr auto kUpper = [] {
  std::array<std::array<char, kMaxLength>, kCount> grid{};
  for (std::size_t i = 0; i < kCount; ++i) {
    for (std::size_t j = 0; j < kTable[i].word.size(); ++j) grid[i][j] = ToUpper(kTable[i].word[j]);
  }
  return grid;
}();

constexpr std::size_t kTokenCount =
    std::count_if(std::begin(kTable), std::end(kTable), [](const Entry& e) { return e.token; });

constexpr std::array<std::string_view, kTokenCount> kTokens = [] {
  std::array<std::string_view, kTokenCount> tokens{};
  std::size_t n = 0;
  for (const Entry& entry : kTable) {
    if (entry.token) tokens[n++] = entry.word;
  }
  return tokens;
}();

}  // namespace

Keyword FindKeyword(std::string_view word) {
  if (word.empty() || word.size() > kMaxLength) return Keyword::kNone;
  std::array<char, kMaxLength> buffer;
  for (std::size_t i = 0; i < word.size(); ++i) buffer[i] = ToLower(word[i]);
  const std::string_view lower(buffer.data(), word.size());
  for (std::size_t slot = Hash(lower); kIndex[slot] != 0; slot = (slot + 1) % kSlots) {
    if (kTable[kIndex[slot]].word == lower) return static_cast<Keyword>(kIndex[slot]);
  }
  return Keyword::kNone;
}

std::string_view KeywordLower(Keyword keyword) {
  return kTable[static_cast<std::size_t>(keyword)].word;
}

std::string_view KeywordUpper(Keyword keyword) {
  const auto i = static_cast<std::size_t>(keyword);
  return {kUpper[i].data(), kTable[i].word.size()};
}

bool IsReserved(Keyword keyword) { return kTable[static_cast<std::size_t>(keyword)].reserved; }

bool NeedsQuotes(std::string_view name) {
  if (name.empty() || IsDigit(name.front())) return true;
  return !std::all_of(name.begin(), name.end(), IsWordChar) || IsReserved(FindKeyword(name));
}

std::span<const std::string_view> StaticTokens() { return kTokens; }

}  // namespace tql::dialect
