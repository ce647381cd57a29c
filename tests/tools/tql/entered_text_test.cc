#include "tools/tql/entered_text.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

TEST(EnteredTextTest, EnterEndsWhatIsComplete) {
  for (const char* text :
       {"", "  ", "select 1;", "select\n1;", "select ';\n';", "one; two;", "one;\ntwo;\n", "exit",
        "quit;", "\\dt", "select 1 \\g", "select\n1\n\\g out.txt", "-- nothing", ";", "one;\nexit",
        "one; /* said\n*/", "one; -- said", "\\timing\none;", "one;\n\\dt\n"}) {
    EXPECT_TRUE(IsCompleteInput(text)) << text;
  }
}

TEST(EnteredTextTest, EnterGoesOnWithWhatIsNot) {
  for (const char* text :
       {"select", "select 1", "select ';", "select \"a;\nb", "/* select 1;", "one; two",
        "one;\ntwo", "one\nexit", "\\timing\none", "select '\\g", "select 1 -- \\g"}) {
    EXPECT_FALSE(IsCompleteInput(text)) << text;
  }
}

TEST(EnteredTextTest, LinesAddUp) {
  std::string text;
  EXPECT_EQ(TakeLine("select", &text).kind, EnteredLine::Kind::kOpen);
  EXPECT_EQ(TakeLine("exit;", &text).kind, EnteredLine::Kind::kStatements);
  EXPECT_EQ(text, "select\nexit;\n");
}

TEST(EnteredTextTest, ACommandIsNoPartOfTheText) {
  std::string text = "select\n";
  const EnteredLine taken = TakeLine("1 \\g out.txt", &text);
  EXPECT_EQ(taken.kind, EnteredLine::Kind::kCommand);
  EXPECT_EQ(taken.command, 2U);
  EXPECT_EQ(text, "select\n1 ");
}

TEST(EnteredTextTest, BlanksAtTheEndGo) { EXPECT_EQ(TrimmedRight(" a \n\n"), " a"); }

}  // namespace
}  // namespace tql::shell
