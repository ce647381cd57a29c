// configchanges is documented as "a JSON file with the key-value pair of configuration attributes";
// overrides have paths as keys.
#include "mockserver/rest/config_changes.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::rest {
namespace {

worldpb::Config ConfigOf(const std::string& info) {
  worldpb::Config config;
  config.set_info(info);
  return config;
}

TEST(ConfigChangesTest, ObjectsAreMergedAndOtherValuesReplaced) {
  worldpb::Config config = ConfigOf(R"({"a":1,"b":{"c":[1,2],"d":"x"}})");
  ASSERT_EQ(
      ApplyConfigChanges(R"({"b": {"c": [], "e": null}, "b.d": {"f": "<"}, "g.h": true})", &config),
      Status());
  EXPECT_EQ(config.info(), R"({"a":1,"b":{"c":[],"d":{"f":"\u003c"},"e":null},"g":{"h":true}})");
}

TEST(ConfigChangesTest, EachValueIsAnOverride) {
  worldpb::Config config = ConfigOf("{}");
  worldpb::Config::Override& known = *config.add_override();
  known.set_key("b.c");
  known.set_category("DATA");
  known.set_data_type("INTEGER");
  known.set_value("1");
  ASSERT_EQ(ApplyConfigChanges(R"({"b": {"c": 2, "d": "x"}, "e": [1]})", &config), Status());
  ASSERT_EQ(config.override_size(), 3);
  EXPECT_EQ(config.override(0).value(), "2");
  EXPECT_EQ(config.override(0).category(), "DATA");
  EXPECT_EQ(config.override(1).key(), "b.d");
  EXPECT_EQ(config.override(1).value(), "x");
  EXPECT_EQ(config.override(1).data_type(), "STRING");
  EXPECT_EQ(config.override(2).value(), "[1]");
  EXPECT_EQ(config.override(2).data_type(), "ARRAYLIST");
}

TEST(ConfigChangesTest, MistakesNameTheKey) {
  const auto error = [](const std::string& changes) {
    worldpb::Config config = ConfigOf(R"({"a":1})");
    return std::string(ApplyConfigChanges(changes, &config).message());
  };
  EXPECT_EQ(error("[]"), "configchanges: expected an object of JSON");
  EXPECT_EQ(error(R"({"a.b": 1})"), "configchanges: \"a.b\": a part of the path is not an object");
  EXPECT_EQ(error(R"({"a..b": 1})"), "configchanges: \"a..b\": expected a path of names");
  EXPECT_EQ(error(R"({"": 1})"), "configchanges: \"\": expected a path of names");
}

}  // namespace
}  // namespace tql::rest
