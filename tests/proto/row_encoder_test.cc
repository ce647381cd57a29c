#include "tql/wire/row_encoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "proto/base/utf8.h"
#include "tql/wire/json.h"
#include "tql/wire/messages.h"

namespace tql {
namespace {

using Row = pb::ExecuteQueryResponse::Result::TableResult::Row;

/// The output of JsonUtil for the same cells, converted to valid UTF-8 first.
std::string Reference(const std::vector<std::string>& cells) {
  Row row;
  for (const std::string& cell : cells) row.add_v(base::SanitizeUtf8(cell));
  return ToJson(row);
}

std::string Encoded(const std::vector<std::string>& cells) {
  const std::vector<std::string_view> views(cells.begin(), cells.end());
  std::string out;
  AppendRow(views, &out);
  return out;
}

TEST(AppendRow, MatchesFormatOfService) {
  EXPECT_EQ(Encoded({"1", "x"}), R"({"v":["1","x"]})");
  EXPECT_EQ(Encoded({""}), R"({"v":[""]})");
  EXPECT_EQ(Encoded({}), "{}");
}

TEST(AppendRow, EscapesLineSeparators) {
  EXPECT_EQ(Encoded({"\xC2\x85"}), R"({"v":["\u0085"]})");
  EXPECT_EQ(Encoded({"\xE2\x80\xA8"}), R"({"v":["\u2028"]})");
  EXPECT_EQ(Encoded({"\xE2\x80\xA9"}), R"({"v":["\u2029"]})");
}

TEST(AppendRow, ReplacesInvalidUtf8) {
  EXPECT_EQ(Encoded({"\xC3\x41"}), "{\"v\":[\"\xEF\xBF\xBD\x41\"]}");
  EXPECT_EQ(Encoded({"\xED\xA0\x80"}), "{\"v\":[\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]}");
}

TEST(AppendRow, MatchesJsonUtilForEveryCharacter) {
  std::vector<std::string> cells;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c % 256 == 0) cells.emplace_back();
    if (cells.empty()) cells.emplace_back();
    base::AppendUtf8(c, &cells.back());
  }
  for (const std::string& cell : cells) ASSERT_EQ(Encoded({cell}), Reference({cell}));
}

TEST(AppendRow, MatchesJsonUtilForRandomBytes) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> cells(random() % 5);
    for (std::string& cell : cells) {
      const unsigned alphabet = random() % 4;
      cell.resize(random() % 70);
      for (char& c : cell) {
        c = static_cast<char>(alphabet == 0   ? random() % 256
                              : alphabet == 1 ? 0x80 + random() % 0x80
                              : alphabet == 2 ? "\"\\<>\n\x7f ab"[random() % 9]
                                              : 'a' + random() % 26);
      }
    }
    ASSERT_EQ(Encoded(cells), Reference(cells));
  }
}

TEST(AppendRow, LongCellsAreComplete) {
  for (const std::size_t size : {4095, 4096, 4097, 100'000}) {
    for (const char* piece : {"x", "\"", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xE2\x80\xA8", "\xFF"}) {
      std::string cell(size % 3, 'x');
      while (cell.size() < size) cell += piece;
      ASSERT_EQ(Encoded({cell, "end", cell}), Reference({cell, "end", cell}));
    }
  }
  ASSERT_EQ(Encoded(std::vector<std::string>(10'000, "cell")),
            Reference(std::vector<std::string>(10'000, "cell")));
}

}  // namespace
}  // namespace tql
