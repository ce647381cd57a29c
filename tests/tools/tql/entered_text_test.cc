#include "tools/tql/entered_text.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

TEST(EnteredTextTest, EnterEndsCompleteInput) {
  for (const char* text :
       {"", "  ", "select 1;", "select\n1;", "select ';\n';", "one; two;", "one;\ntwo;\n", "exit",
        "quit;", "\\dt", "select 1 \\g", "select\n1\n\\g out.txt", "-- nothing", ";", "one;\nexit",
        "one; /* said\n*/", "one; -- said", "\\timing\none;", "one;\n\\dt\n"}) {
    EXPECT_TRUE(IsCompleteInput(text)) << text;
  }
}

TEST(EnteredTextTest, EnterContinuesIncompleteText) {
  for (const char* text :
       {"select", "select 1", "select ';", "select \"a;\nb", "/* select 1;", "one; two",
        "one;\ntwo", "one\nexit", "\\timing\none", "select '\\g", "select 1 -- \\g"}) {
    EXPECT_FALSE(IsCompleteInput(text)) << text;
  }
}

TEST(EnteredTextTest, PostgresRules) {
  constexpr dialect::ScriptRules kPostgres = dialect::ScriptRules::kPostgres;
  for (const char* text : {"one /* /* */ ;", "one $$;", "one E'\\';", "(one;", "one $a$;\n$a"}) {
    EXPECT_FALSE(IsCompleteInput(text, kPostgres)) << text;
  }
  for (const char* text : {"one /* /* */ */ ;", "one $$;$$;", "one E'\\'';", "(one);"}) {
    EXPECT_TRUE(IsCompleteInput(text, kPostgres)) << text;
  }
  EnteredText text;
  EXPECT_EQ(text.Take("one $$").kind, EnteredLine::Kind::kOpen);
  text.set_rules(kPostgres);
  EXPECT_EQ(text.Take(";").kind, EnteredLine::Kind::kOpen);
  EXPECT_EQ(text.Take("$$;").kind, EnteredLine::Kind::kStatements);
}

TEST(EnteredTextTest, LinesAddUp) {
  EnteredText text;
  EXPECT_EQ(text.Take("select").kind, EnteredLine::Kind::kOpen);
  EXPECT_EQ(text.Take("exit;").kind, EnteredLine::Kind::kStatements);
  EXPECT_EQ(text.text(), "select\nexit;\n");
  text.Reset("select '\n");
  EXPECT_EQ(text.Take("\\g;").kind, EnteredLine::Kind::kOpen);
  EXPECT_EQ(text.Take("';").kind, EnteredLine::Kind::kStatements);
}

TEST(EnteredTextTest, BackslashesInALongString) {
  EnteredText text;
  text.Take("select '");
  for (int i = 0; i < 10000; ++i) ASSERT_EQ(text.Take("\\i x").kind, EnteredLine::Kind::kOpen);
  EXPECT_EQ(text.Take("' \\g").command, 2U);
  EXPECT_EQ(text.Take("\\g").command, 0U);
}

TEST(EnteredTextTest, CommandsAreNotPartOfText) {
  EnteredText text;
  text.Reset("select\n");
  const EnteredLine taken = text.Take("1 '\\g' \\g out.txt");
  EXPECT_EQ(taken.kind, EnteredLine::Kind::kCommand);
  EXPECT_EQ(taken.command, 7U);
  EXPECT_EQ(text.text(), "select\n1 '\\g' ");
}

/// The position at which a command begins in the line, after the text before it.
std::size_t CommandIn(const std::string& before, const std::string& line) {
  EnteredText text;
  text.Reset(before);
  return text.Take(line).command;
}

TEST(EnteredTextTest, FindsCommandOutsideStringsAndComments) {
  EXPECT_EQ(CommandIn("", "\\l"), 0U);
  EXPECT_EQ(CommandIn("", "select 1 \\g"), 9U);
  EXPECT_EQ(CommandIn("", "select '\\' \\g"), 11U);
  EXPECT_EQ(CommandIn("select '\n", "\\g"), std::string::npos);
  EXPECT_EQ(CommandIn("select '\n", "' \\g"), 2U);
  EXPECT_EQ(CommandIn("", "a \"\\"), std::string::npos);
  EXPECT_EQ(CommandIn("/* ", "\\g"), std::string::npos);
  EXPECT_EQ(CommandIn("", "select 1 -- \\g"), std::string::npos);
  EXPECT_EQ(CommandIn("", "select 1"), std::string::npos);
  EXPECT_EQ(CommandIn("", "select '--' \\g"), 12U);
  EXPECT_EQ(CommandIn("-- it's\n", "\\g"), 0U);
}

TEST(EnteredTextTest, TrailingBlanksAreRemoved) { EXPECT_EQ(TrimmedRight(" a \n\n"), " a"); }

}  // namespace
}  // namespace tql::shell
