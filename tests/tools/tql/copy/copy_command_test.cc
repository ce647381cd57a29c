#include "tools/tql/copy/copy_command.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

using Direction = CopyCommand::Direction;
using Header = CopyCommand::Header;

std::string MistakeIn(std::string_view text) { return ParseCopy(text).status().message(); }

TEST(CopyCommandTest, ATable) {
  const auto command = ParseCopy("t from /tmp/x.csv csv");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->table, "t");
  EXPECT_EQ(command->direction, Direction::kFrom);
  EXPECT_EQ(command->file, "/tmp/x.csv");
  EXPECT_EQ(command->header, Header::kNone);
  EXPECT_EQ(command->null_text, "");
  EXPECT_EQ(command->csv.delimiter, ',');
  EXPECT_EQ(command->csv.quote, '"');
  EXPECT_EQ(command->csv.escape, '"');
  EXPECT_EQ(command->encoding, "");
  EXPECT_EQ(command->Select(), "select * from t");
}

TEST(CopyCommandTest, QuotedNamesColumnsAndFiles) {
  const auto command = ParseCopy(
      R"x("d b"."s""(".T ("a)", b) TO 'it''s x.csv' WITH (FORMAT CSV, HEADER true, NULL '\N', DELIMITER ';'))x");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->table, R"("d b"."s""(".T)");
  EXPECT_EQ(command->columns, R"x(("a)", b))x");
  EXPECT_EQ(command->direction, Direction::kTo);
  EXPECT_EQ(command->file, "it's x.csv");
  EXPECT_EQ(command->header, Header::kChecked);
  EXPECT_EQ(command->null_text, "\\N");
  EXPECT_EQ(command->csv.delimiter, ';');
  EXPECT_EQ(command->Select(), R"x(select "a)", b from "d b"."s""(".T)x");
}

TEST(CopyCommandTest, AQuery) {
  const auto command = ParseCopy(
      "(select (1), ')' from t) to stdout csv header null as 'n' "
      "delimiter as '\\t'");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->Select(), "select (1), ')' from t");
  EXPECT_EQ(command->file, "");
  EXPECT_EQ(command->csv.delimiter, '\t');
  EXPECT_EQ(command->null_text, "n");
  EXPECT_EQ(ParseCopy("t to pstdout csv header off")->header, Header::kNone);
  EXPECT_EQ(ParseCopy("t from x csv header match")->header, Header::kChecked);
  EXPECT_EQ(ParseCopy("t from x (format csv, header ignore, null '')")->header, Header::kIgnored);
}

TEST(CopyCommandTest, AProgram) {
  const auto command = ParseCopy("t from PROGRAM 'gzip -cd ''x y''' csv");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->program, "gzip -cd 'x y'");
  EXPECT_EQ(command->file, "");
  EXPECT_EQ(MistakeIn("t to program cat csv"),
            "\\copy: found 'cat', expected a command in single quotes");
}

TEST(CopyCommandTest, ParenthesesInCommentsAndStrings) {
  const auto command = ParseCopy("(select /* ) */ ')', \")\" from t) to x.csv csv");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->Select(), "select /* ) */ ')', \")\" from t");
  EXPECT_FALSE(ParseCopy("(select /* ) to x.csv csv").ok());
}

TEST(CopyCommandTest, RejectsOtherStatements) {
  for (const char* text : {"(select 1; drop table t) to x csv", "(drop table t) to x csv",
                           "(insert into t values (1)) to x csv", "() to x csv"}) {
    EXPECT_FALSE(ParseCopy(text).ok()) << text;
  }
  EXPECT_TRUE(ParseCopy("((select 1) union (select ';')) to x csv").ok());
}

TEST(CopyCommandTest, ErrorsNameWhatWasExpected) {
  EXPECT_EQ(MistakeIn(""), "\\copy: found the end, expected a table, or a SELECT in parentheses");
  EXPECT_EQ(MistakeIn("t into x csv"), "\\copy: found 'into', expected from or to");
  EXPECT_EQ(MistakeIn("(select 1) from x csv"), "\\copy: found 'from', expected to");
  EXPECT_EQ(MistakeIn("(select 1 to x csv"),
            "\\copy: found '(select', expected a SELECT in parentheses");
  EXPECT_EQ(MistakeIn("t (a to x csv"), "\\copy: found '(a', expected columns in parentheses");
  EXPECT_EQ(MistakeIn("t to"), "\\copy: found the end, expected a file");
  EXPECT_EQ(MistakeIn("t to '' csv"), "\\copy: found '''', expected a file");
  EXPECT_EQ(MistakeIn("t to x"), "\\copy: found the end, expected csv, the only format");
  EXPECT_EQ(MistakeIn("t to x format text"), "\\copy: found 'text', expected csv, the only format");
  EXPECT_EQ(MistakeIn("t to x csv force_quote *"),
            "\\copy: found 'force_quote', expected csv, header, null, delimiter, quote, escape or "
            "encoding");
  EXPECT_EQ(MistakeIn("t to x csv null x"), "\\copy: found 'x', expected a text in single quotes");
  for (const char* delimiter : {"''", "'ab'", "'é'", ";", "E'\\n'", "E'\\", "'"}) {
    EXPECT_EQ(MistakeIn(std::string("t to x csv delimiter ") + delimiter),
              std::string("\\copy: found '") + delimiter +
                  "', expected one character in single quotes, or '\\t'");
  }
  EXPECT_EQ(MistakeIn("t to x csv null 'a,b'"),
            "\\copy: the text of NULL has a quote, delimiter or line end in it");
  EXPECT_EQ(MistakeIn("t to x csv delimiter '\"'"),
            "\\copy: the delimiter and the quote are the same character");
  EXPECT_TRUE(ParseCopy("t to x csv escape ','").ok());
  for (const char* encoding : {"'never'", "'latin1//IGNORE'", "''", "'é'", "'utf8"}) {
    EXPECT_EQ(MistakeIn(std::string("t to x csv encoding ") + encoding),
              std::string("\\copy: found '") + encoding +
                  "', expected an encoding, such as utf8, latin1 or windows-1252");
  }
}

TEST(CopyCommandTest, QuoteEscapeAndEncodingOptions) {
  for (
      const char* options :
      {R"(csv delimiter as E'\t' quote as '''' escape as '\' null as E'\\N' encoding 'latin1')",
       R"(with csv encoding latin1 quote E'\'' escape '\' null '\N' delimiter '\t' header off)",
       R"((FORMAT CSV, DELIMITER E'\x09', QUOTE '''', ESCAPE E'\134', NULL '\N', ENCODING LATIN1))",
       R"(with (format 'csv',delimiter e'\u0009',header 0,quote '''',escape '\',null '\N',encoding 'latin1'))"}) {
    const auto command = ParseCopy(std::string("t from x ") + options);
    ASSERT_TRUE(command.ok()) << options << command.status();
    EXPECT_EQ(command->csv.delimiter, '\t') << options;
    EXPECT_EQ(command->csv.quote, '\'') << options;
    EXPECT_EQ(command->csv.escape, '\\') << options;
    EXPECT_EQ(command->null_text, "\\N") << options;
    EXPECT_TRUE(command->encoding == "latin1" || command->encoding == "LATIN1") << options;
    EXPECT_EQ(command->header, Header::kNone) << options;
  }
  const auto command = ParseCopy("t from x csv quote '|'");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->csv.escape, '|');
}

}  // namespace
}  // namespace tql::shell
