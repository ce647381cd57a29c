#include "client/src/record_end.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace tql {
namespace {

TEST(RecordEndTest, Csv) {
  EXPECT_EQ(WholeCsvRecords("", '"'), 0u);
  EXPECT_EQ(WholeCsvRecords("a,b", '"'), 0u);
  EXPECT_EQ(WholeCsvRecords("\n", '"'), 1u);
  EXPECT_EQ(WholeCsvRecords("a\nb\n", '"'), 4u);
  EXPECT_EQ(WholeCsvRecords("a\nb", '"'), 2u);
  EXPECT_EQ(WholeCsvRecords("a\n\"b\n", '"'), 2u);
  EXPECT_EQ(WholeCsvRecords("a\n\"b\n\"\nc", '"'), 7u);
  EXPECT_EQ(WholeCsvRecords("a\n\"b\"\"\n", '"'), 2u);
  EXPECT_EQ(WholeCsvRecords("a\n\"b\"\"\"\n", '"'), 8u);
  EXPECT_EQ(WholeCsvRecords("a\n'b\n", '"'), 5u);
  EXPECT_EQ(WholeCsvRecords("a\n'b\n", '\''), 2u);
  EXPECT_EQ(WholeCsvRecords("a\n\"b\nc", std::nullopt), 5u);
}

TEST(RecordEndTest, Delimited) {
  EXPECT_EQ(WholeDelimitedRecords("", '\\'), 0u);
  EXPECT_EQ(WholeDelimitedRecords("a\\", '\\'), 0u);
  EXPECT_EQ(WholeDelimitedRecords("\n", '\\'), 1u);
  EXPECT_EQ(WholeDelimitedRecords("a\nb\\\n", '\\'), 2u);
  EXPECT_EQ(WholeDelimitedRecords("a\nb\\\\\n", '\\'), 6u);
  EXPECT_EQ(WholeDelimitedRecords("\\\\\\\n", '\\'), 0u);
  EXPECT_EQ(WholeDelimitedRecords("\\\n\n", '\\'), 3u);
  EXPECT_EQ(WholeDelimitedRecords("a\n\"b\\\nc", std::nullopt), 6u);
}

/// Reads the text from its beginning, as the service does.
std::size_t WholeRecords(std::string_view text, std::optional<char> enclosing,
                         std::optional<char> escape) {
  std::size_t whole = 0;
  bool enclosed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == escape) {
      ++i;
    } else if (text[i] == enclosing) {
      enclosed = !enclosed;
    } else if (text[i] == '\n' && !enclosed) {
      whole = i + 1;
    }
  }
  return whole;
}

TEST(RecordEndTest, RandomTexts) {
  std::mt19937 random(1);
  for (const std::string_view characters : {"\"\n", "\"\\\n", "\"\\\nab", "\"\"\"\\\\\\\nab"}) {
    for (int round = 0; round < 20'000; ++round) {
      std::string text(random() % 40, 'x');
      for (char& c : text) c = characters[random() % characters.size()];
      SCOPED_TRACE(text);
      // A line end as the special character ends no record.
      for (const std::optional<char> special :
           {std::optional('"'), std::optional('\\'), std::optional('\n'), std::optional<char>()}) {
        ASSERT_EQ(WholeCsvRecords(text, special), WholeRecords(text, special, std::nullopt));
        ASSERT_EQ(WholeDelimitedRecords(text, special), WholeRecords(text, std::nullopt, special));
      }
    }
  }
}

}  // namespace
}  // namespace tql
