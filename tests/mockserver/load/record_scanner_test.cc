// Records and fields, for every split of the text. What parameters do is in tests/data/load.
#include "mockserver/load/record_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tql::load {
namespace {

using ::testing::ElementsAre;

struct Found {
  std::string text;
  std::vector<std::string> fields;  // empty: the problem is set
  std::string problem;
  std::uint64_t lines = 0;
  friend bool operator==(const Found&, const Found&) = default;
};

/// Scans the text in pieces: first `first` bytes, then one byte more each time.
std::vector<Found> Scan(const TextFormat& format, std::string_view text, std::size_t first) {
  RecordScanner scanner(format);
  OwnedTexts owned;
  std::vector<Found> all;
  std::size_t begin = 0;
  for (std::size_t end = std::min(first, text.size());; ++end) {
    const bool ended = end >= text.size();
    std::string_view piece = text.substr(begin, std::min(end, text.size()) - begin);
    Record record;
    while (!piece.empty() && scanner.Next(piece, ended, &record, &owned)) {
      Found& found = all.emplace_back();
      found.text = record.text;
      found.problem = record.problem;
      found.lines = record.lines;
      if (record.problem.empty()) found.fields.assign(record.fields.begin(), record.fields.end());
    }
    begin = std::min(end, text.size()) - piece.size();
    if (ended) return all;
  }
}

TEST(RecordScannerTest, EverySplitOfATextHasTheSameRecords) {
  const TextFormat csv{.enclosing = '"'};
  const TextFormat escaped{.separator = '|', .escape = '\\'};
  const TextFormat trailing{.trailing_separator = true, .enclosing = '"'};
  const std::pair<TextFormat, std::string_view> texts[] = {
      {csv, "1,\"a\"\"b\",\"x\ny\"\r\n2,\"c\"d\n3,,\n\n4,\"open\n"},
      {escaped, "1|a\\|b|c\\\\\r\n2|x\\\r\ny\n\\"},
      {trailing, "a,b,\r\nc,d\n,,\n"}};
  for (const auto& [format, text] : texts) {
    const std::vector<Found> whole = Scan(format, text, text.size());
    for (std::size_t first = 0; first < text.size(); ++first) {
      EXPECT_EQ(Scan(format, text, first), whole) << text << " from " << first;
    }
  }
}

TEST(RecordScannerTest, CountsFieldsBeyondThoseThatItKeeps) {
  RecordScanner scanner(TextFormat{});
  const std::string line(1'000'000, ',');
  std::string_view text = line;
  Record record;
  OwnedTexts owned;
  ASSERT_TRUE(scanner.Next(text, true, &record, &owned));
  EXPECT_EQ(record.field_count, 1'000'001U);
  EXPECT_EQ(record.fields.size(), RecordScanner::kMostFields);
}

TEST(RecordScannerTest, AnUnclosedFieldTakesTheRestAndCountsItsLines) {
  const std::vector<Found> found = Scan({.enclosing = '"'}, "1,\"a\nb\nc", 100);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].text, "1,\"a\nb\nc");
  EXPECT_EQ(found[0].problem, "the enclosing character is not closed");
  EXPECT_EQ(found[0].lines, 3U);
}

TEST(RecordScannerTest, ACarriageReturnWithinALineBelongsToTheField) {
  const std::vector<Found> found = Scan({.enclosing = '"'}, "a\rb,c\r\r\n", 100);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].fields, ElementsAre("a\rb", "c\r"));
}

}  // namespace
}  // namespace tql::load
