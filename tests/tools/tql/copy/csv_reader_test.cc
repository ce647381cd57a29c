#include "tools/tql/copy/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Returns the text in pieces of this size.
CsvReader::Source SourceOf(std::string_view text, std::size_t piece) {
  return [text, piece](char* into, std::size_t size) mutable -> StatusOr<std::size_t> {
    const std::size_t count = std::min({text.size(), piece, size});
    std::memcpy(into, text.data(), count);
    text.remove_prefix(count);
    return count;
  };
}

/// Returns each record as "line: <field> 'quoted field'", and finally the error, if any.
std::vector<std::string> Read(std::string_view text, std::size_t piece = 1 << 20,
                              const CsvDialect& csv = {}, std::size_t longest = 1 << 20) {
  CsvReader reader(SourceOf(text, piece), csv, longest);
  std::vector<std::string> records;
  for (;;) {
    const StatusOr<bool> more = reader.Next();
    if (!more.ok()) records.push_back(more.status().message());
    if (!more.ok() || !*more) return records;
    std::string record = std::to_string(reader.line()) + ":";
    for (const CsvField& field : reader.fields()) {
      const std::string value(field.text);
      record += field.quoted ? " '" + value + "'" : " <" + value + ">";
    }
    records.push_back(record);
  }
}

TEST(CsvReaderTest, RecordsAndFields) {
  EXPECT_THAT(Read(""), IsEmpty());
  EXPECT_THAT(Read("\n"), ElementsAre("1: <>"));
  EXPECT_THAT(Read("a"), ElementsAre("1: <a>"));
  EXPECT_THAT(Read("a,b\nc,d\n"), ElementsAre("1: <a> <b>", "2: <c> <d>"));
  EXPECT_THAT(Read("a,\n,b"), ElementsAre("1: <a> <>", "2: <> <b>"));
  EXPECT_THAT(Read("a\r\nb\r\n\r\nc"), ElementsAre("1: <a>", "2: <b>", "3: <>", "4: <c>"));
  EXPECT_THAT(Read("a\r"), ElementsAre("1: <a>"));
  EXPECT_THAT(Read(" a , b"), ElementsAre("1: < a > < b>"));
  EXPECT_THAT(Read("a;b,c", 99, {.delimiter = ';'}), ElementsAre("1: <a> <b,c>"));
}

TEST(CsvReaderTest, Quotes) {
  EXPECT_THAT(Read("\"\",\n"), ElementsAre("1: '' <>"));
  EXPECT_THAT(Read("\"a,\"\"b\"\"\r\nc\",d\ne"), ElementsAre("1: 'a,\"b\"\r\nc' <d>", "3: <e>"));
  EXPECT_THAT(Read("\"\"\"\""), ElementsAre("1: '\"'"));
}

// PostgreSQL 15 reads all of these in the same way.
TEST(CsvReaderTest, AnotherQuoteAndEscape) {
  const CsvDialect bars = {.delimiter = ',', .quote = '|', .escape = '|'};
  const CsvDialect backslash = {.delimiter = ',', .quote = '"', .escape = '\\'};
  for (const std::size_t piece : {1, 2, 1000}) {
    EXPECT_THAT(Read("|a,||\"|,'b\"\n|c\n|", piece, bars),
                ElementsAre("1: 'a,|\"' <'b\">", "2: 'c\n'"));
    EXPECT_THAT(Read(R"("a\"b","\\","c\d",\e)", piece, backslash),
                ElementsAre(R"(1: 'a"b' '\' 'c\d' <\e>)"));
    EXPECT_THAT(Read(R"("a\)", piece, backslash),
                ElementsAre("line 1, field 1: a quote that is never closed"));
    EXPECT_THAT(Read(R"("a\")", piece, backslash),
                ElementsAre("line 1, field 1: a quote that is never closed"));
    EXPECT_THAT(Read(R"("a""b")", piece, backslash),
                ElementsAre("line 1, field 1: text after a closing quote; a quote in a field needs "
                            "the escape"));
  }
}

TEST(CsvReaderTest, SkipsByteOrderMark) {
  EXPECT_THAT(Read("\xEF\xBB\xBF\"a\",b"), ElementsAre("1: 'a' <b>"));
  EXPECT_THAT(Read("\xEF\xBB\xBF"), IsEmpty());
}

TEST(CsvReaderTest, EveryCut) {
  constexpr std::string_view kText =
      "\xEF\xBB\xBF"
      "a,\"b\"\"\r\n\",é\r\n\r\n,\"\"\n\"x\"\"\",本\n";
  const auto expected = Read(kText);
  EXPECT_THAT(expected, ElementsAre("1: <a> 'b\"\r\n' <é>", "3: <>", "4: <> ''", "5: 'x\"' <本>"));
  for (std::size_t piece = 1; piece < kText.size(); ++piece)
    EXPECT_EQ(Read(kText, piece), expected);
}

TEST(CsvReaderTest, MistakesNameTheirPlace) {
  EXPECT_THAT(Read("a\nb,\"c\nd"),
              ElementsAre("1: <a>", "line 2, field 2: a quote that is never closed"));
  EXPECT_THAT(Read("\"a\n\nb\"c"), ElementsAre("line 3, field 1: text after a closing quote; a "
                                               "quote in a field is written twice"));
  EXPECT_THAT(Read("a\"b\""),
              ElementsAre("line 1, field 1: a quote inside a field that does not begin with one"));
  EXPECT_THAT(Read("a\rb"), ElementsAre("line 1, field 1: a carriage return that ends no line; "
                                        "such a field needs quotes"));
  EXPECT_THAT(Read("a\nb,\"\n\",c\xFF"
                   "d"),
              ElementsAre("1: <a>", "line 3, field 3: invalid UTF-8: the byte 0xff"));
  EXPECT_THAT(Read("\xC3"), ElementsAre("line 1, field 1: invalid UTF-8: the byte 0xc3"));
  EXPECT_THAT(Read(std::string_view("a,\0", 3)),
              ElementsAre("line 1, field 2: a NUL byte, which no text of TQL may have"));
}

TEST(CsvReaderTest, CountsBytesRead) {
  CsvReader reader(SourceOf("a,b\r\n\"c\"\n", 3));
  EXPECT_EQ(reader.bytes(), 0U);
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.bytes(), 5U);
  ASSERT_TRUE(*reader.Next());
  EXPECT_EQ(reader.bytes(), 9U);
}

TEST(CsvReaderTest, LimitsRecordSize) {
  const std::string text = "a\n\"" + std::string(3000, 'x');
  EXPECT_THAT(Read(text, 100, {}, 1000),
              ElementsAre("1: <a>", "line 2: a record of more than 1000 bytes"));
  EXPECT_THAT(Read(text + "\"", 100, {}, 4000), testing::SizeIs(2));
}

TEST(CsvReaderTest, ReturnsErrorOfSource) {
  CsvReader reader(
      [](char*, std::size_t) -> StatusOr<std::size_t> { return UnavailableError("no disk"); });
  EXPECT_EQ(reader.Next().status().message(), "no disk");
}

}  // namespace
}  // namespace tql::shell
