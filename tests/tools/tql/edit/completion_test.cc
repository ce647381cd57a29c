#include "tools/tql/edit/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tql::shell {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() {
    completer_.SetWords({"select", "set", "from", "schema", "count", "create"});
    completer_.SetNames({"Sales", "sales_2020", "store", "select", "two words", "città"});
  }

  std::vector<std::string> At(const std::string& text) {
    return completer_.Complete(text).candidates;
  }
  std::string TextAt(const std::string& text) { return completer_.Complete(text).text; }

  Completer completer_;
};

TEST_F(CompletionTest, StartOfStatement) {
  EXPECT_THAT(At("s"), ElementsAre("schema", "select", "set"));
  EXPECT_THAT(At("select 1; se"), ElementsAre("select", "set"));
  EXPECT_EQ(TextAt("se"), "se");
  EXPECT_EQ(TextAt("sel"), "select");
  EXPECT_THAT(At("sto"), IsEmpty());
}

TEST_F(CompletionTest, WordsFollowTypedCase) {
  EXPECT_THAT(At("SE"), ElementsAre("SELECT", "SET"));
  EXPECT_THAT(At("Sel"), ElementsAre("select"));
  EXPECT_EQ(completer_.Complete("SELECT Cou").text, "count");
  EXPECT_EQ(completer_.Complete("SELECT Cou").replaced, 3U);
}

TEST_F(CompletionTest, NamesKeepCaseAndAreQuoted) {
  EXPECT_THAT(At("select * from sa"), ElementsAre("Sales", "sales_2020"));
  EXPECT_THAT(At("select * from SALES_"), ElementsAre("sales_2020"));
  EXPECT_THAT(At("use tw"), ElementsAre("\"two words\""));
  EXPECT_THAT(At("use sel"), ElementsAre("\"select\""));
  EXPECT_THAT(At("use \"tw"), ElementsAre("two words\""));
  EXPECT_EQ(completer_.Complete("use \"tw").replaced, 2U);
  EXPECT_THAT(At("use \"ci"), ElementsAre("città\""));
}

TEST_F(CompletionTest, CompletesNamesAfterDot) {
  EXPECT_THAT(At("select store.s"), ElementsAre("\"select\"", "Sales", "sales_2020", "store"));
  EXPECT_EQ(At("select * from ").size(), 6U);
  EXPECT_THAT(At("select s"),
              ElementsAre("\"select\"", "Sales", "sales_2020", "schema", "select", "set", "store"));
}

TEST_F(CompletionTest, NothingInStringsAndComments) {
  for (const char* text : {"", "select ", "select 's", "-- s", "select 1 -- from s", "/* s",
                           "select 12s", "select * from t -- "}) {
    EXPECT_THAT(At(text), IsEmpty()) << text;
  }
  EXPECT_THAT(At("-- c\nse"), ElementsAre("select", "set"));
}

TEST_F(CompletionTest, LimitsCandidates) {
  std::vector<std::string> many;
  for (int i = 0; i < 500; ++i) many.push_back("t" + std::to_string(i));
  completer_.SetNames(many);
  EXPECT_EQ(At("use t").size(), Completer::kMost);
  EXPECT_EQ(TextAt("use t"), "t");
}

TEST_F(CompletionTest, DoesNotSplitCharacters) {
  completer_.SetNames({"aé", "aè"});  // 0xC3 0xA9, 0xC3 0xA8
  EXPECT_EQ(TextAt("use \"a"), "a");
}

TEST(CompleterTest, KnowsKeywordsInitially) {
  EXPECT_THAT(Completer().Complete("trunca").candidates, ElementsAre("truncate"));
}

}  // namespace
}  // namespace tql::shell
