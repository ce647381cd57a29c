#include "mockserver/dialect/keywords.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace tql::dialect {
namespace {

TEST(Keywords, FoundInAnyCase) {
  EXPECT_EQ(FindKeyword("select"), Keyword::K_select);
  EXPECT_EQ(FindKeyword("SELECT"), Keyword::K_select);
  EXPECT_EQ(FindKeyword("Parsinghint"), Keyword::K_parsinghint);
  EXPECT_EQ(FindKeyword("selec"), Keyword::kNone);
  EXPECT_EQ(FindKeyword(""), Keyword::kNone);
  EXPECT_EQ(FindKeyword(std::string(1000, 'a')), Keyword::kNone);
  EXPECT_EQ(KeywordUpper(Keyword::K_all_tables), "ALL_TABLES");
  EXPECT_EQ(KeywordLower(Keyword::K_all_tables), "all_tables");
}

TEST(Keywords, EachWordIsItself) {
  for (int i = 1; i <= static_cast<int>(Keyword::K_with); ++i) {
    const auto keyword = static_cast<Keyword>(i);
    EXPECT_EQ(FindKeyword(KeywordLower(keyword)), keyword);
    EXPECT_EQ(FindKeyword(KeywordUpper(keyword)), keyword);
  }
}

TEST(Keywords, NamesThatNeedQuotes) {
  for (const char* name : {"guid", "bool", "double", "int64", "varchar", "timestamp", "Select", "",
                           "1a", "a b", "a-b", "a.b", "\xC3\xB6"}) {
    EXPECT_TRUE(NeedsQuotes(name)) << name;
  }
  for (const char* name :
       {"text",     "type",    "user",    "event",   "name",    "description", "created",
        "modified", "at",      "msg",     "summary", "state",   "ip",          "id",
        "value",    "context", "address", "zipcode", "country", "email",       "amount",
        "date",     "time",    "_",       "guid_",   "open",    "count"}) {
    EXPECT_FALSE(NeedsQuotes(name)) << name;
  }
}

// The keywords and functions in the documentation.
constexpr char kDocumented[] =
    "abs absday absmonth absquarter absyear add all_tables alter and as asc avg bigint bool "
    "boolean "
    "by char column compact constraint count create database databases date datetime default "
    "delete desc dimension distinct double drop exit fact false float for foreign from full group "
    "hash having help in inner insert int int32 int64 into is join key left like limit load max "
    "min modify not null on or order outer parsinghint partition primary priority quit references "
    "relationship rename right schema schemas script select server set show statistics stddev sum "
    "table tables time timestamp to top true truncate update use values varchar variance view "
    "views "
    "where with";

TEST(Keywords, StaticTokensAreDocumented) {
  std::istringstream words(kDocumented);
  const std::vector<std::string> expected{std::istream_iterator<std::string>(words), {}};
  const auto tokens = StaticTokens();
  EXPECT_EQ(std::vector<std::string>(tokens.begin(), tokens.end()), expected);
  EXPECT_TRUE(std::is_sorted(tokens.begin(), tokens.end()));
}

}  // namespace
}  // namespace tql::dialect
