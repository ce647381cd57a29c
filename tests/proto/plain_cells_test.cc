#include "proto/src/wire/plain_cells.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace tql::wire {
namespace {

/// What the header says, a character at a time. Without the 66 bytes that an implementation needs
/// behind a cell, which the caller's other path covers.
PlainCells Expected(std::string_view text, std::size_t at, std::span<std::string_view> cells) {
  PlainCells found{PlainCells::End::kNotPlain, at, 0};
  for (std::size_t i = at; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c >= 0x80 || c == '\\') return found;
    if (c != '"') continue;
    if (found.count == cells.size()) {
      found.end = PlainCells::End::kFull;
      return found;
    }
    cells[found.count++] = text.substr(found.at, i - found.at);
    if (text.substr(i + 1, 2) != ",\"") {
      found.end = PlainCells::End::kOther;
      found.at = i;
      return found;
    }
    found.at = i + 3;
    i += 2;
  }
  return found;
}

/// All implementations must find the same; near the end of the text they may find less.
void ExpectSame(std::string_view text, std::size_t at, std::size_t room) {
  std::vector<std::string_view> expected_cells(room);
  const PlainCells expected = Expected(text, at, expected_cells);
  for (const FindPlainCells find : PlainCellFinders()) {
    std::vector<std::string_view> cells(room);
    const PlainCells found = find(text, at, cells);
    ASSERT_LE(found.count, expected.count) << text;
    for (std::size_t i = 0; i < found.count; ++i) EXPECT_EQ(cells[i], expected_cells[i]) << text;
    if (found.end == PlainCells::End::kNotPlain && text.size() - found.at < 3 * 66) continue;
    EXPECT_EQ(found.end, expected.end) << text;
    EXPECT_EQ(found.at, expected.at) << text;
    EXPECT_EQ(found.count, expected.count) << text;
  }
}

const std::string kTail(200, ' ');

TEST(PlainCellsTest, FindsCells) {
  for (const FindPlainCells find : PlainCellFinders()) {
    std::vector<std::string_view> cells(8);
    const std::string text = R"({"v":["1","","two words"]})" + kTail;
    const PlainCells found = find(text, 7, cells);
    EXPECT_EQ(found.end, PlainCells::End::kOther);
    ASSERT_EQ(found.count, 3U);
    EXPECT_EQ(cells[0], "1");
    EXPECT_EQ(cells[1], "");
    EXPECT_EQ(cells[2], "two words");
    EXPECT_EQ(text.substr(found.at, 3), "\"]}");
  }
}

TEST(PlainCellsTest, StopsBeforeACellThatIsNotPlain) {
  for (const char* const cell : {"\\n", "\x7f\x80", "\xc3\xa9", "\n", "\\\"", "\x1f"}) {
    for (std::size_t size = 0; size < 130; ++size) {
      const std::string plain(size, 'x');
      ExpectSame("a\",\"" + plain + cell + "\",\"b\"]" + kTail, 0, 8);
      ExpectSame(plain + "\",\"" + cell + plain + "\"]" + kTail, 0, 8);
    }
  }
}

TEST(PlainCellsTest, CellsOfAllLengthsAcrossBlocks) {
  for (std::size_t first = 0; first < 140; ++first) {
    for (const std::size_t second : {0, 1, 61, 62, 63, 64, 65, 126, 127, 128}) {
      ExpectSame(std::string(first, 'a') + "\",\"" + std::string(second, 'b') + "\",\"\"]}" + kTail,
                 0, 8);
    }
  }
}

TEST(PlainCellsTest, StopsWhenThereIsNoRoom) {
  for (std::size_t room = 0; room < 5; ++room) ExpectSame("a\",\"b\",\"c\"]" + kTail, 0, room);
}

TEST(PlainCellsTest, RandomTexts) {
  constexpr std::string_view kLetters[] = {"\"",   "\",\"", "a",        "bc",
                                           "\"]}", "\\",    "\xc3\xa9", "\t"};
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t pieces = random() % 200; pieces > 0; --pieces) {
      // Texts that are plain for long are as likely as others.
      const std::size_t which = random() % (i % 2 == 0 ? 8 : 4);
      text += kLetters[random() % 8 == 0 ? which : 1 + which % 3];
    }
    ExpectSame(text, random() % (text.size() + 1), random() % 40);
    ExpectSame(text + kTail, 0, 300);
  }
}

}  // namespace
}  // namespace tql::wire
