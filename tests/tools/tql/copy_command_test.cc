#include "tools/tql/copy_command.h"

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
  EXPECT_EQ(command->delimiter, ',');
  EXPECT_EQ(command->Select(), "select * from t");
}

TEST(CopyCommandTest, NamesColumnsAndFilesInQuotes) {
  const auto command = ParseCopy(
      R"x("d b"."s""(".T ("a)", b) TO 'it''s x.csv' WITH (FORMAT CSV, HEADER true, NULL '\N', DELIMITER ';'))x");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->table, R"("d b"."s""(".T)");
  EXPECT_EQ(command->columns, R"x(("a)", b))x");
  EXPECT_EQ(command->direction, Direction::kTo);
  EXPECT_EQ(command->file, "it's x.csv");
  EXPECT_EQ(command->header, Header::kChecked);
  EXPECT_EQ(command->null_text, "\\N");
  EXPECT_EQ(command->delimiter, ';');
  EXPECT_EQ(command->Select(), R"x(select "a)", b from "d b"."s""(".T)x");
}

TEST(CopyCommandTest, AQuery) {
  const auto command = ParseCopy(
      "(select (1), ')' from t) to stdout csv header null as 'n' "
      "delimiter as '\\t'");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->Select(), "select (1), ')' from t");
  EXPECT_EQ(command->file, "");
  EXPECT_EQ(command->delimiter, '\t');
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

TEST(CopyCommandTest, ParenthesesInCommentsAndTextsEndNoQuery) {
  const auto command = ParseCopy("(select /* ) */ ')', \")\" from t) to x.csv csv");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->Select(), "select /* ) */ ')', \")\" from t");
  EXPECT_FALSE(ParseCopy("(select /* ) to x.csv csv").ok());
}

TEST(CopyCommandTest, NothingButAQueryRuns) {
  for (const char* text : {"(select 1; drop table t) to x csv", "(drop table t) to x csv",
                           "(insert into t values (1)) to x csv", "() to x csv"}) {
    EXPECT_FALSE(ParseCopy(text).ok()) << text;
  }
  EXPECT_TRUE(ParseCopy("((select 1) union (select ';')) to x csv").ok());
}

TEST(CopyCommandTest, MistakesSayWhatWasExpected) {
  EXPECT_EQ(MistakeIn(""), "\\copy: found the end, expected a table, or a SELECT in parentheses");
  EXPECT_EQ(MistakeIn("t into x csv"), "\\copy: found 'into', expected from or to");
  EXPECT_EQ(MistakeIn("(select 1) from x csv"), "\\copy: found 'from', expected to");
  EXPECT_EQ(MistakeIn("(select 1 to x csv"),
            "\\copy: found '(select', expected a SELECT in parentheses");
  EXPECT_EQ(MistakeIn("t (a to x csv"), "\\copy: found '(a', expected columns in parentheses");
  EXPECT_EQ(MistakeIn("t to"), "\\copy: found the end, expected a file");
  EXPECT_EQ(MistakeIn("t to '' csv"), "\\copy: found '''', expected a file");
  EXPECT_EQ(MistakeIn("t to x"), "\\copy: found the end, expected csv, the only form there is");
  EXPECT_EQ(MistakeIn("t to x format text"), "\\copy: found 'text', expected csv");
  EXPECT_EQ(MistakeIn("t to x csv quote '|'"),
            "\\copy: found 'quote', expected csv, header, null or delimiter");
  EXPECT_EQ(MistakeIn("t to x csv null x"), "\\copy: found 'x', expected a text in single quotes");
  for (const char* delimiter : {"''", "'ab'", "'\"'", "'é'", ";"}) {
    EXPECT_EQ(MistakeIn(std::string("t to x csv delimiter ") + delimiter),
              std::string("\\copy: found '") + delimiter +
                  "', expected one character in single quotes, or '\\t'");
  }
  EXPECT_EQ(MistakeIn("t to x csv null 'a,b'"),
            "\\copy: the text of NULL has a quote, delimiter or line end in it");
}

}  // namespace
}  // namespace tql::shell
