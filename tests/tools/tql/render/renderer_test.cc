#include "tools/tql/render/renderer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace tql::shell {
namespace {

using Cells = std::vector<std::string_view>;

struct Rendered {
  std::string data;
  std::string aside;
};

std::string Contents(std::FILE* file) {
  std::rewind(file);
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

enum class Ending { kWhole, kFailed };

Rendered Render(Format format, const std::vector<Column>& columns, const std::vector<Cells>& rows,
                const Style& style = {}, Ending ending = Ending::kWhole) {
  std::FILE* data = std::tmpfile();
  std::FILE* aside = std::tmpfile();
  {
    Output out(fileno(data));
    Output err(fileno(aside));
    const auto renderer = MakeRenderer(format, out, err, style);
    renderer->Begin(columns);
    for (const Cells& row : rows) renderer->Row(row);
    ending == Ending::kWhole ? renderer->End() : renderer->Fail();
  }
  return {Contents(data), Contents(aside)};
}

const std::vector<Column> kColumns = {{"id", ColumnType::kBigInt}, {"name", ColumnType::kVarchar}};

TEST(RendererTest, TqlWritesOnlyRowsToData) {
  const Rendered got = Render(Format::kTql, kColumns, {{"1", "a b"}, {"2", kNullMark}, {"", "|"}});
  EXPECT_EQ(got.data, "1|a b\n2|(null)\n||\n");
  EXPECT_EQ(got.aside, "id|name\n-------\n");
}

TEST(RendererTest, TqlKeepsAnEmptyFirstName) {
  const Rendered got = Render(Format::kTql, {{"", ColumnType::kInt}, {"a", ColumnType::kInt}}, {});
  EXPECT_EQ(got.aside, "|a\n--\n");
}

TEST(RendererTest, CsvQuotesAsInRfc4180) {
  const std::string long_cell = std::string(40, 'x') + "\"" + std::string(40, 'y');
  const Rendered got =
      Render(Format::kCsv, {{"a,b", ColumnType::kVarchar}, {"c", ColumnType::kVarchar}},
             {{"plain", "with,comma"},
              {"say \"hi\"", "two\nlines"},
              {"", kNullMark},
              {"sixteen chars in", "return\r"},
              {long_cell, "\xC3\xA9"}});
  EXPECT_EQ(got.data,
            "\"a,b\",c\nplain,\"with,comma\"\n\"say \"\"hi\"\"\",\"two\nlines\"\n\"\",\n"
            "sixteen chars in,\"return\r\"\n\"" +
                std::string(40, 'x') + "\"\"" + std::string(40, 'y') + "\",\xC3\xA9\n");
  EXPECT_EQ(got.aside, "");
}

TEST(RendererTest, CsvQuotesByteOrderMark) {
  Style style;
  style.header = false;
  EXPECT_EQ(Render(Format::kCsv, {{"a", ColumnType::kVarchar}}, {{"\xEF\xBB\xBFx"}}, style).data,
            "\"\xEF\xBB\xBFx\"\n");
}

TEST(RendererTest, CsvQuotesTextsReadersWouldChange) {
  Style style;
  style.header = false;
  for (const char* text :
       {"#no comment", "'no quote", " a", "a ", "\ta", "a\t", " ", "\v", "\\.", "#", ""}) {
    EXPECT_EQ(Render(Format::kCsv, {{"a", ColumnType::kVarchar}}, {{text}}, style).data,
              '"' + std::string(text) + "\"\n");
  }
  for (const char* text : {"a#b", "it's", "a b", "\\.a", "\\", "-1", "=1"}) {
    EXPECT_EQ(Render(Format::kCsv, {{"a", ColumnType::kVarchar}}, {{text}}, style).data,
              std::string(text) + "\n");
  }
  EXPECT_EQ(Render(Format::kCsv, {{"#a", ColumnType::kVarchar}}, {}).data, "\"#a\"\n");
  EXPECT_EQ(Render(Format::kCsv, kColumns, {{"\\.", "\\."}}, style).data, "\\.,\\.\n");
  style.null_text = "NULL";
  EXPECT_EQ(Render(Format::kCsv, kColumns, {{"", "NULL"}}, style).data, ",\"NULL\"\n");
}

TEST(RendererTest, CsvFindsSpecialCharactersAnywhere) {
  for (const char special : {',', '"', '\n', '\r'}) {
    for (std::size_t size = 1; size <= 40; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string cell(size, 'x');
        cell[at] = special;
        const Rendered got = Render(Format::kCsv, {{"a", ColumnType::kVarchar}}, {{cell}});
        if (special == '"') cell.insert(at, 1, '"');
        ASSERT_EQ(got.data, "a\n\"" + cell + "\"\n") << size << " " << at;
      }
    }
  }
}

/// Fields of all sizes in one row, with and without characters that need quotes or escapes.
TEST(RendererTest, CsvAndTsvFieldsMayHaveAnySize) {
  const std::vector<Column> columns(60, {"a", ColumnType::kVarchar});
  Style style;
  style.header = false;
  for (const std::size_t longest : {60U, 300U, 10'000U}) {
    for (std::size_t special = 0; special <= columns.size(); ++special) {
      std::vector<std::string> texts;
      std::string csv;
      std::string tsv;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        std::string text(1 + i * longest / columns.size(), static_cast<char>('a' + i % 26));
        const bool quoted = i == special;
        if (quoted) text[text.size() / 2] = '\n';
        std::string escaped = text;
        if (quoted) escaped.replace(text.size() / 2, 1, "\\n");
        csv += (i > 0 ? "," : "") + (quoted ? '"' + text + '"' : text);
        tsv += (i > 0 ? "\t" : "") + escaped;
        texts.push_back(std::move(text));
      }
      const Cells cells(texts.begin(), texts.end());
      ASSERT_EQ(Render(Format::kCsv, columns, {cells, cells}, style).data, csv + "\n" + csv + "\n");
      ASSERT_EQ(Render(Format::kTsv, columns, {cells, cells}, style).data, tsv + "\n" + tsv + "\n");
      style.field_separator = "<->";
      std::string other;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        other += (i > 0 ? "<->" : "") + (i == special ? '"' + texts[i] + '"' : texts[i]);
      }
      ASSERT_EQ(Render(Format::kCsv, columns, {cells}, style).data, other + "\n");
      style.field_separator.reset();
    }
  }
}

TEST(RendererTest, JsonIsOneArrayOfObjects) {
  EXPECT_EQ(Render(Format::kJson, kColumns, {}).data, "[]\n");
  EXPECT_EQ(Render(Format::kJson, kColumns, {{"1", "a\"b\n"}, {kNullMark, ""}}).data,
            "[\n{\"id\":1,\"name\":\"a\\\"b\\n\"},\n{\"id\":null,\"name\":\"\"}\n]\n");
}

TEST(RendererTest, JsonlIsOneObjectPerLine) {
  EXPECT_EQ(Render(Format::kJsonl, kColumns, {}).data, "");
  EXPECT_EQ(Render(Format::kJsonl, kColumns, {{"-7", "x"}, {"8", kNullMark}}).data,
            "{\"id\":-7,\"name\":\"x\"}\n{\"id\":8,\"name\":null}\n");
}

TEST(RendererTest, JsonKeysAreDistinct) {
  const auto keys = [](const std::vector<std::string>& names) {
    std::vector<Column> columns;
    for (const std::string& name : names) columns.push_back({name, ColumnType::kInt});
    return Render(Format::kJsonl, columns, {Cells(names.size(), "1")}).data;
  };
  EXPECT_EQ(keys({"name", "name"}), "{\"name\":1,\"name_1\":1}\n");
  EXPECT_EQ(keys({"a", "a", "a_1", "a"}), "{\"a\":1,\"a_2\":1,\"a_1\":1,\"a_3\":1}\n");
  EXPECT_EQ(keys({"a_1", "a", "a", "a_1"}), "{\"a_1\":1,\"a\":1,\"a_2\":1,\"a_1_1\":1}\n");
  EXPECT_EQ(keys({"a", "A", "", ""}), "{\"a\":1,\"A\":1,\"\":1,\"_1\":1}\n");
}

TEST(RendererTest, JsonArrayOfFailedStatementIsNotClosed) {
  EXPECT_EQ(Render(Format::kJson, kColumns, {{"1", "a"}}, {}, Ending::kFailed).data,
            "[\n{\"id\":1,\"name\":\"a\"}\n");
  EXPECT_EQ(Render(Format::kJson, kColumns, {}, {}, Ending::kFailed).data, "[\n");
  EXPECT_EQ(Render(Format::kHtml, kColumns, {}, {}, Ending::kFailed).data.find("</table>"),
            std::string::npos);
  EXPECT_EQ(Render(Format::kAligned, kColumns, {{"1", "a"}}, {}, Ending::kFailed).data,
            Render(Format::kAligned, kColumns, {{"1", "a"}}).data);
  EXPECT_EQ(Render(Format::kAuto, kColumns, {{"1", "a"}}, {}, Ending::kFailed).data,
            Render(Format::kAuto, kColumns, {{"1", "a"}}).data);
}

TEST(RendererTest, JsonNumbers) {
  const std::vector<Column> column = {{"v", ColumnType::kDouble}};
  for (const char* number : {"0", "-0", "10", "1.5", "1e+30", "-2.5e-07", "1E5"}) {
    EXPECT_EQ(Render(Format::kJsonl, column, {{number}}).data,
              "{\"v\":" + std::string(number) + "}\n");
  }
  for (const char* text : {"", "-", "nan", "inf", "-inf", "007", ".5", "1.", "+1", "1e", "1-2"}) {
    EXPECT_EQ(Render(Format::kJsonl, column, {{text}}).data,
              "{\"v\":\"" + std::string(text) + "\"}\n");
  }
  EXPECT_EQ(Render(Format::kJsonl, {{"b", ColumnType::kBool}}, {{"true"}, {"maybe"}}).data,
            "{\"b\":true}\n{\"b\":\"maybe\"}\n");
}

TEST(RendererTest, AlignedPadsToWidestCell) {
  EXPECT_EQ(
      Render(Format::kAligned, kColumns, {{"1", "ab"}, {"100", "abcdef"}, {"", kNullMark}}).data,
      " id | name\n----+-------\n  1 | ab\n100 | abcdef\n    | (null)\n");
}

TEST(RendererTest, ExpandedHasOneLinePerField) {
  EXPECT_EQ(Render(Format::kExpanded, kColumns, {{"1", "a\nb"}, {"2", kNullMark}}).data,
            "-[ 1 ]-\nid   | 1\nname | a\\nb\n-[ 2 ]-\nid   | 2\nname | (null)\n");
  EXPECT_EQ(Render(Format::kExpanded, kColumns, {}).data, "");
}

TEST(RendererTest, AlignedCountsTerminalColumns) {
  // Two wide characters take four columns; e with a combining accent takes one.
  EXPECT_EQ(Render(Format::kAligned, {{"w", ColumnType::kVarchar}, {"n", ColumnType::kVarchar}},
                   {{"日本", "x"}, {"e\u0301", "y"}})
                .data,
            "w    | n\n-----+--\n日本 | x\ne\u0301    | y\n");
}

TEST(RendererTest, EmojiOfSeveralCodePointsTakeTwoColumns) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
  const std::vector<Column> columns = {{"w", ColumnType::kVarchar}, {"n", ColumnType::kVarchar}};
  EXPECT_EQ(Render(Format::kAligned, columns, {{family, "x"}, {"abc", "y"}}).data,
            "w   | n\n----+--\n" + family + "  | x\nabc | y\n");
  EXPECT_EQ(Render(Format::kBox, {{"w", ColumnType::kVarchar}}, {{family}, {"abc"}}).data,
            "┌─────┐\n│ w   │\n├─────┤\n│ " + family + "  │\n│ abc │\n└─────┘\n");
  EXPECT_EQ(Render(Format::kExpanded,
                   {{family, ColumnType::kVarchar}, {"abc", ColumnType::kVarchar}}, {{"1", "2"}})
                .data,
            "-[ 1 ]-\n" + family + "  | 1\nabc | 2\n");
}

TEST(RendererTest, AlignedEscapesControlCharacters) {
  EXPECT_EQ(Render(Format::kAligned, {{"a", ColumnType::kVarchar}},
                   {{"\x1b[2J"}, {"x\ny\tz\r"}, {"\xC2\x9b"}, {"\x7f"}})
                .data,
            "a\n---------\n\\x1b[2J\nx\\ny\\tz\\r\n\\x9b\n\\x7f\n");
}

TEST(RendererTest, AlignedStreamsAfterMeasuredRows) {
  std::vector<Cells> rows(1500, Cells{"7", "ab"});
  rows.push_back({"1234567", "wider"});
  const std::string text = Render(Format::kAligned, kColumns, rows).data;
  EXPECT_TRUE(text.starts_with("id | name\n---+-----\n 7 | ab\n")) << text.substr(0, 60);
  EXPECT_TRUE(text.ends_with(" 7 | ab\n1234567 | wider\n"));
}

TEST(RendererTest, BoxHasAFrame) {
  EXPECT_EQ(Render(Format::kBox, kColumns, {{"1", "ab"}, {"100", kNullMark}}).data,
            "┌─────┬────────┐\n│  id │ name   │\n├─────┼────────┤\n"
            "│   1 │ ab     │\n│ 100 │ (null) │\n└─────┴────────┘\n");
}

TEST(RendererTest, BoxCountsTerminalColumns) {
  EXPECT_EQ(Render(Format::kBox, {{"w", ColumnType::kVarchar}}, {{"日本"}, {"e\u0301"}}).data,
            "┌──────┐\n│ w    │\n├──────┤\n│ 日本 │\n│ e\u0301    │\n└──────┘\n");
}

TEST(RendererTest, VerticalAlignsNamesRight) {
  const std::string stars(27, '*');
  EXPECT_EQ(Render(Format::kVertical, kColumns, {{"1", "a\nb"}, {"2", kNullMark}}).data,
            stars + " 1. row " + stars + "\n  id: 1\nname: a\\nb\n" + stars + " 2. row " + stars +
                "\n  id: 2\nname: (null)\n");
}

TEST(RendererTest, AutoIsVerticalIfTooWide) {
  Style style;
  style.width = 11;  // "id | abcdef" just fits.
  const std::vector<Cells> fits = {{"1", "abcdef"}};
  EXPECT_EQ(Render(Format::kAuto, kColumns, fits, style).data,
            Render(Format::kAligned, kColumns, fits).data);
  const std::vector<Cells> wide = {{"1", "abcdef"}, {"2", "abcdefg"}};
  EXPECT_EQ(Render(Format::kAuto, kColumns, wide, style).data,
            Render(Format::kVertical, kColumns, wide).data);
  EXPECT_EQ(Render(Format::kAuto, kColumns, {}, style).data, "id | name\n---+-----\n");
}

TEST(RendererTest, TsvEscapesWhatSeparates) {
  EXPECT_EQ(Render(Format::kTsv, kColumns, {{"1", "a\tb\nc\rd\\e"}, {"", kNullMark}}).data,
            "id\tname\n1\ta\\tb\\nc\\rd\\\\e\n\t\\N\n");
}

TEST(RendererTest, MarkdownEscapesSpecialCharacters) {
  EXPECT_EQ(Render(Format::kMarkdown, kColumns, {{"1", "a|b\n<i>_&"}, {"2", kNullMark}}).data,
            "| id | name |\n| ---: | --- |\n| 1 | a\\|b<br>&lt;i&gt;\\_&amp; |\n| 2 | (null) |\n");
}

TEST(RendererTest, HtmlIsATable) {
  EXPECT_EQ(Render(Format::kHtml, {{"<n>", ColumnType::kInt}, {"t", ColumnType::kVarchar}},
                   {{"1", "\"a\" & b\nc"}, {"2", kNullMark}})
                .data,
            "<table>\n<tr><th>&lt;n&gt;</th><th>t</th></tr>\n"
            "<tr><td align=\"right\">1</td><td>&quot;a&quot; &amp; b<br>c</td></tr>\n"
            "<tr><td align=\"right\">2</td><td>(null)</td></tr>\n</table>\n");
}

TEST(RendererTest, NullTextIsConfigurable) {
  Style style;
  style.null_text = "NULL";
  const std::vector<Cells> rows = {{"1", kNullMark}, {"2", "NULL"}};
  EXPECT_EQ(Render(Format::kTql, kColumns, rows, style).data, "1|NULL\n2|NULL\n");
  EXPECT_EQ(Render(Format::kCsv, kColumns, rows, style).data, "id,name\n1,NULL\n2,\"NULL\"\n");
  EXPECT_EQ(Render(Format::kTsv, kColumns, {{"1", kNullMark}}, style).data, "id\tname\n1\tNULL\n");
  EXPECT_EQ(Render(Format::kAligned, kColumns, {{"1", kNullMark}}, style).data,
            "id | name\n---+-----\n 1 | NULL\n");
  EXPECT_EQ(Render(Format::kJsonl, kColumns, {{"1", kNullMark}}, style).data,
            "{\"id\":1,\"name\":null}\n");
  for (const Format form : {Format::kBox, Format::kExpanded, Format::kVertical, Format::kAuto,
                            Format::kMarkdown, Format::kHtml}) {
    const std::string text = Render(form, kColumns, {{"1", kNullMark}}, style).data;
    EXPECT_NE(text.find("NULL"), text.npos) << NameOf(form);
    EXPECT_EQ(text.find("(null)"), text.npos) << NameOf(form);
  }
}

TEST(RendererTest, HeaderIsOptional) {
  Style style;
  style.header = false;
  const std::vector<Cells> rows = {{"1", "a"}};
  const Rendered tql = Render(Format::kTql, kColumns, rows, style);
  EXPECT_EQ(tql.data, "1|a\n");
  EXPECT_EQ(tql.aside, "");
  EXPECT_EQ(Render(Format::kCsv, kColumns, rows, style).data, "1,a\n");
  EXPECT_EQ(Render(Format::kTsv, kColumns, rows, style).data, "1\ta\n");
  EXPECT_EQ(Render(Format::kAligned, kColumns, rows, style).data, "1 | a\n");
  EXPECT_EQ(Render(Format::kBox, kColumns, rows, style).data, "┌───┬───┐\n│ 1 │ a │\n└───┴───┘\n");
  EXPECT_EQ(Render(Format::kMarkdown, kColumns, rows, style).data, "| 1 | a |\n");
  EXPECT_EQ(Render(Format::kHtml, kColumns, rows, style).data,
            "<table>\n<tr><td align=\"right\">1</td><td>a</td></tr>\n</table>\n");
}

TEST(RendererTest, SeparatorsAreConfigurable) {
  Style style;
  style.field_separator = ";";
  style.row_separator = "!\n";
  const std::vector<Cells> rows = {{"1", "a;b"}, {"2", "c,d"}};
  const Rendered tql = Render(Format::kTql, kColumns, rows, style);
  EXPECT_EQ(tql.data, "1;a;b!\n2;c,d!\n");
  EXPECT_EQ(tql.aside, "id;name\n-------\n");
  EXPECT_EQ(Render(Format::kCsv, kColumns, rows, style).data, "id;name\n1;\"a;b\"\n2;c,d\n");
}

TEST(FormatTest, NamesRoundTrip) {
  EXPECT_EQ(FormatNames(),
            "tql, aligned, box, expanded, vertical, auto, csv, tsv, json, jsonl, markdown, html");
  for (const char* name : {"tql", "aligned", "box", "expanded", "vertical", "auto", "csv", "tsv",
                           "json", "jsonl", "markdown", "html"}) {
    ASSERT_TRUE(FormatOf(name)) << name;
    EXPECT_EQ(NameOf(*FormatOf(name)), name);
  }
}

TEST(FormatTest, NamesAreExact) {
  EXPECT_EQ(FormatOf("csv"), Format::kCsv);
  EXPECT_EQ(FormatOf("CSV"), std::nullopt);
  EXPECT_EQ(FormatOf(""), std::nullopt);
}

TEST(OutputTest, ClosedReaderEndsWriting) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  signal(SIGPIPE, SIG_IGN);
  close(ends[0]);
  Output out(ends[1]);
  out.Write("text");
  EXPECT_FALSE(out.broken());
  out.Flush();
  EXPECT_TRUE(out.broken());
  EXPECT_EQ(out.error(), EPIPE);
  close(ends[1]);
}

}  // namespace
}  // namespace tql::shell
