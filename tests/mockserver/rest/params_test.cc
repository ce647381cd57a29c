// The spellings of lists are those of clients: JSON, the vendor's example with single quotes, and
// bare words.
#include "mockserver/rest/params.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace tql::rest {
namespace {

struct ListCase {
  const char* name;
  std::string text;
  std::optional<std::vector<std::string>> list;  // nullopt: an error
};
class ListTest : public testing::TestWithParam<ListCase> {};

TEST_P(ListTest, Parses) {
  const auto list = ParseList(GetParam().text);
  if (!GetParam().list) {
    EXPECT_EQ(list.status().code(), StatusCode::kInvalidArgument);
    return;
  }
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(*list, *GetParam().list);
}

using Texts = std::vector<std::string>;
const ListCase kLists[] = {
    {"Json", R"(["a","b"])", Texts{"a", "b"}},
    {"JsonWithSpaces", R"( [ "a" , "b" ] )", Texts{"a", "b"}},
    {"SingleQuotes", "['WORKSHEET']", Texts{"WORKSHEET"}},
    {"BareWords", "[WORKSHEET, USER_DEFINED]", Texts{"WORKSHEET", "USER_DEFINED"}},
    {"OneWord", "WORKSHEET", Texts{"WORKSHEET"}},
    {"WordsWithoutBrackets", "a,b", Texts{"a", "b"}},
    {"Nothing", "", Texts{}},
    {"EmptyList", "[]", Texts{}},
    {"BlankList", "[ ]", Texts{}},
    {"Escapes", R"(["a\"b","c,d"])", Texts{"a\"b", "c,d"}},
    {"OpenBracket", "[", std::nullopt},
    {"OpenList", R"(["a")", std::nullopt},
    {"OpenQuote", R"(["a])", std::nullopt},
    {"EmptyElement", R"(["a",,"b"])", std::nullopt},
    {"CommaAtTheEnd", R"(["a",])", std::nullopt},
    {"TextBehindAQuote", R"(["a"b])", std::nullopt},
    {"ListInAList", "[[a]]", std::nullopt},
    {"Object", "{\"a\":1}", std::nullopt},
    {"TooMany", "[" + std::string(20'000, ',') + "]", std::nullopt},
};
INSTANTIATE_TEST_SUITE_P(All, ListTest, testing::ValuesIn(kLists),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ParamsTest, LimitsTheElementsOfAList) {
  std::string text = "a";
  for (int i = 0; i < 10'000; ++i) text += ",a";
  EXPECT_EQ(ParseList(text).status().message(), "expected at most 10000 elements");
}

TEST(ParamsTest, ReadsTheMembersOfAnObject) {
  Params params;
  ASSERT_EQ(params.AddJson(R"({"a":"x","b":7,"c":true,"d":null,"e":["y","z"],"f":{"g":[1,"h"]}})"),
            Status());
  EXPECT_EQ(params.Text("a"), "x");
  EXPECT_EQ(*params.Integer("b", 0), 7);
  EXPECT_TRUE(*params.Bool("c", false));
  EXPECT_EQ(params.Find("d"), nullptr);
  EXPECT_EQ(*params.List("e"), (Texts{"y", "z"}));
  EXPECT_EQ(params.Text("f"), R"({"g":[1,"h"]})");
  EXPECT_EQ(params.AddJson("[]").code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(params.AddJson("{").code(), StatusCode::kInvalidArgument);
}

TEST(ParamsTest, NamesAWrongValue) {
  Params params;
  params.Add("a", "maybe");
  EXPECT_EQ(params.Bool("a", false).status().message(),
            "a: expected true or false, found \"maybe\"");
  EXPECT_EQ(params.Integer("a", 0).status().message(), "a: expected a number, found \"maybe\"");
  EXPECT_EQ(*params.Integer("b", 5), 5);
}

struct PageCase {
  const char* offset;
  const char* size;
  bool ok;
};

TEST(ParamsTest, BoundsPages) {
  for (const PageCase& page :
       {PageCase{"-1", "-1", true}, PageCase{"0", "1", true}, PageCase{"5", "1000000000", true},
        PageCase{"", "", true}, PageCase{"-2", "1", false}, PageCase{"0", "0", false},
        PageCase{"0", "-2", false}, PageCase{"x", "1", false},
        PageCase{"0", "99999999999999999999", false}}) {
    Params params;
    params.Add("offset", page.offset);
    params.Add("batchsize", page.size);
    EXPECT_EQ(PageOf(params, "offset", "batchsize").ok(), page.ok)
        << page.offset << ", " << page.size;
  }
}

TEST(ParamsTest, MatchesPatterns) {
  EXPECT_TRUE(MatchesPattern("Sales", "sales"));
  EXPECT_TRUE(MatchesPattern("Sales", "%LE%"));
  EXPECT_TRUE(MatchesPattern("Sales", "s%s"));
  EXPECT_TRUE(MatchesPattern("", "%"));
  EXPECT_TRUE(MatchesPattern("a_b", "a_b"));
  EXPECT_FALSE(MatchesPattern("Sales", "ale"));
  EXPECT_FALSE(MatchesPattern("Sales", ""));
  EXPECT_FALSE(MatchesPattern("axb", "a_b"));
  // Takes time in proportion to the product of the lengths.
  EXPECT_FALSE(MatchesPattern(std::string(5000, 'a'), std::string(500, '%') + "b"));
}

}  // namespace
}  // namespace tql::rest
