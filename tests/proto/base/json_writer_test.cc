#include "proto/base/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tql::base {
namespace {

TEST(JsonWriterTest, PutsCommasBetweenMembersAndElements) {
  std::string text = "before ";
  JsonWriter json(&text);
  json.BeginObject().Key("a").Integer(std::numeric_limits<std::int64_t>::min());
  json.Key("b").BeginArray().Bool(true).Bool(false).BeginObject().EndObject().EndArray();
  json.Key("c").BeginObject().Key("d").BeginArray().EndArray().Key("e").Raw("null").EndObject();
  json.EndObject();
  EXPECT_EQ(text, R"(before {"a":-9223372036854775808,"b":[true,false,{}],"c":{"d":[],"e":null}})");
}

TEST(JsonWriterTest, EscapesKeysAndStrings) {
  std::string text;
  JsonWriter(&text).BeginObject().Key("a\"b").String("\\\n\x01<\xFF\u00E9").EndObject();
  EXPECT_EQ(text, "{\"a\\\"b\":\"\\\\\\n\\u0001\\u003c\xEF\xBF\xBD\u00E9\"}");
}

TEST(JsonWriterTest, SpaceStandsBehindTheComma) {
  std::string text;
  JsonWriter(&text).BeginArray().Space("\n ").Integer(1).Space("\n ").Integer(2).EndArray();
  EXPECT_EQ(text, "[\n 1,\n 2]");
}

// A long text is written in pieces: no character may be cut in two, wherever the cut would be.
TEST(JsonWriterTest, LongTextsKeepTheirCharacters) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 10'000) text += "\U0001F600";
    std::string json;
    AppendJsonString(text, &json);
    EXPECT_EQ(json, '"' + text + '"');
  }
}

}  // namespace
}  // namespace tql::base
