// The types of members are those that the models of @thoughtspot/rest-api-sdk declare.
#include "mockserver/rest/fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tql::rest {
namespace {

constexpr std::string_view kWords[] = {"ASC", "DESC"};

Fields FieldsOf(std::string_view json) {
  Params params;
  EXPECT_TRUE(params.AddJson(json).ok());
  const auto fields = Fields::Of(params);
  EXPECT_TRUE(fields.ok()) << fields.status();
  return *fields;
}

TEST(FieldsTest, ReadsEachType) {
  const Fields fields = FieldsOf(
      R"({"name": "<a>", "flag": false, "size": -1, "order": "ASC", "list": ["x\ny", "<z>"],
          "one": "x", "objects": [{"id": "1"}, {}], "object": {"id": "2"}, "none": null})");
  EXPECT_EQ(*fields.Text("name"), "<a>");
  EXPECT_EQ(**fields.Flag("flag"), false);
  EXPECT_EQ(*fields.Integer("size", 10), -1);
  EXPECT_EQ(*fields.Word("order", kWords), "ASC");
  EXPECT_EQ(*fields.Texts("list"), (std::vector<std::string>{"x\ny", "<z>"}));
  EXPECT_EQ(*fields.Texts("one"), std::vector<std::string>{"x"});
  EXPECT_EQ(fields.Objects("objects")->size(), 2U);
  EXPECT_EQ(*fields.Objects("objects")->front().Text("id"), "1");
  EXPECT_EQ(*fields.Object("object")->Text("id"), "2");
  EXPECT_FALSE(fields.Has("none"));
}

TEST(FieldsTest, WhatIsAbsentIsEmpty) {
  const Fields fields = FieldsOf(R"({"null": null})");
  for (const std::string_view name : {"null", "absent"}) {
    EXPECT_EQ(*fields.Text(name), "");
    EXPECT_EQ(*fields.Flag(name), std::nullopt);
    EXPECT_EQ(*fields.Integer(name, 10), 10);
    EXPECT_EQ(*fields.Word(name, kWords), "");
    EXPECT_TRUE(fields.Texts(name)->empty());
    EXPECT_TRUE(fields.Objects(name)->empty());
    EXPECT_FALSE(fields.Object(name)->Has("id"));
  }
}

TEST(FieldsTest, ErrorsNameTheMember) {
  const Fields fields = FieldsOf(
      R"({"name": {}, "flag": "perhaps", "size": "many", "order": "UP", "list": ["a", []],
          "objects": [{"id": [1]}, 7]})");
  EXPECT_EQ(fields.Text("name").status().message(), "name: expected a text, found an object");
  EXPECT_EQ(fields.Required("absent").status().message(), "absent: expected a text, found nothing");
  EXPECT_EQ(fields.Flag("flag").status().message(),
            "flag: expected true or false, found \"perhaps\"");
  EXPECT_EQ(fields.Integer("size", 1).status().message(),
            "size: expected a number, found \"many\"");
  EXPECT_EQ(fields.Word("order", kWords).status().message(),
            "order: expected one of ASC, DESC, found \"UP\"");
  EXPECT_EQ(fields.Texts("list").status().message(), "list[1]: expected a text, found a list");
  EXPECT_EQ(fields.Objects("objects").status().message(),
            "objects[1]: expected an object, found \"7\"");
  EXPECT_EQ(fields.Text("name").status().code(), StatusCode::kInvalidArgument);
}

TEST(FieldsTest, ElementsHaveTheirPath) {
  const Fields fields = FieldsOf(R"({"users": [{}, {"id": [1]}]})");
  const auto users = fields.Objects("users");
  ASSERT_TRUE(users.ok());
  EXPECT_EQ((*users)[1].Text("id").status().message(),
            "users[1].id: expected a text, found a list");
}

}  // namespace
}  // namespace tql::rest
