#include "mockserver/upstream/statement_places.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::upstream {
namespace {

TEST(StatementPlacesTest, BlanksKeepLinesAndColumns) {
  StatementPlaces places("-- é\n  use d; /* é\n */ select 1;select\n 2;\n\n  use d");
  EXPECT_EQ(places.BlanksBefore("use d"), "\n  ");
  EXPECT_EQ(places.BlanksBefore("select 1"), "\n\n    ");
  EXPECT_EQ(places.BlanksBefore("select\n 2"), "\n\n             ");
  EXPECT_EQ(places.BlanksBefore("use d"), "\n\n\n\n\n  ");
  StatementPlaces twice("use d;use d");
  EXPECT_EQ(twice.BlanksBefore("use d"), "");
  EXPECT_EQ(twice.BlanksBefore("use d"), "      ");
}

TEST(StatementPlacesTest, LongTextsAreNotRepeated) {
  StatementPlaces places(std::string(StatementPlaces::kMostBlanks + 1, '\n') + "use d");
  EXPECT_EQ(places.BlanksBefore("use d"), "");
  StatementPlaces other("use d");
  EXPECT_EQ(other.BlanksBefore("use e"), "");
}

}  // namespace
}  // namespace tql::upstream
