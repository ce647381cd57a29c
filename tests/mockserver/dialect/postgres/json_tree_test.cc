#include "mockserver/dialect/postgres/json_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tql::dialect::postgres {
namespace {

TEST(JsonTree, Walks) {
  const auto tree = JsonTree::Parse(
      R"({"n":-12,"t":true,"f":false,"s":"a\"\\\n\u003c\u0001é","list":[1,{},[],"x"],"Node":{"a":1}})");
  ASSERT_TRUE(tree.has_value());
  const JsonValue root = tree->root();
  EXPECT_EQ(root["n"].Number(), -12);
  EXPECT_TRUE(root["t"].True());
  EXPECT_FALSE(root["f"].True());
  EXPECT_EQ(root["s"].Text(), "a\"\\\n<\x01é");
  EXPECT_EQ(root["list"].size(), 4U);
  EXPECT_EQ(root["list"].front().Number(), 1);
  std::vector<std::string> texts;
  for (const JsonValue item : root["list"]) texts.push_back(item.Text());
  EXPECT_EQ(texts, (std::vector<std::string>{"1", "", "", "x"}));
  EXPECT_EQ(root["Node"]["a"].Number(), 1);
}

TEST(JsonTree, NodeIsObjectWithOneKey) {
  const auto tree = JsonTree::Parse(R"({"A_Const":{"isnull":true}})");
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->root().type(), "A_Const");
  EXPECT_TRUE(tree->root().is("A_Const"));
  EXPECT_TRUE(tree->root().body()["isnull"].True());
}

TEST(JsonTree, AbsentValues) {
  const auto tree = JsonTree::Parse(R"({"a":{},"b":[]})");
  ASSERT_TRUE(tree.has_value());
  const JsonValue missing = tree->root()["x"]["y"];
  EXPECT_FALSE(missing);
  EXPECT_EQ(missing.Text(), "");
  EXPECT_EQ(missing.Number(), 0);
  EXPECT_FALSE(missing.True());
  EXPECT_EQ(missing.type(), "");
  EXPECT_FALSE(missing.body());
  EXPECT_EQ(missing.size(), 0U);
  EXPECT_FALSE(missing.LeastWithin("a"));
  EXPECT_EQ(tree->root()["a"].type(), "");
  EXPECT_FALSE(tree->root()["b"].front());
}

TEST(JsonTree, LeastWithin) {
  const auto tree = JsonTree::Parse(
      R"({"a":{"location":-1,"b":[{"location":9},{"location":7,"s":"location"}]},"location":3})");
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->root()["a"].LeastWithin("location"), 7);
  EXPECT_EQ(tree->root().LeastWithin("location"), 3);
  EXPECT_FALSE(tree->root().LeastWithin("other"));
}

TEST(JsonTree, DeepNesting) {
  const std::size_t deep = 1000000;
  const auto tree = JsonTree::Parse(std::string(deep, '[') + std::string(deep, ']'));
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->root().size(), 1U);
}

TEST(JsonTree, TruncatedText) {
  const std::string text = R"({"a":[1,"b\"c\\",{"d":true}]})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto tree = JsonTree::Parse(text.substr(0, length));
    EXPECT_FALSE(tree.has_value()) << length;
  }
  EXPECT_FALSE(JsonTree::Parse("]").has_value());
  EXPECT_TRUE(JsonTree::Parse("\"a\\").has_value());
}

}  // namespace
}  // namespace tql::dialect::postgres
