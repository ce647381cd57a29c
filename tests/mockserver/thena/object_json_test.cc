#include "mockserver/thena/object_json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "mockserver/thena/messages.h"
#include "proto/document/message_reader.h"

namespace tql::thena {
namespace {

template <typename Object>
std::string JsonOf(std::string_view yaml) {
  Object object;
  const Status status = document::ReadMessage(yaml, &object);
  if (!status.ok()) return status.message();
  std::string text;
  base::JsonWriter json(&text);
  AppendObject(object, json);
  return text;
}

TEST(ObjectJsonTest, FieldsThatAreNotSetAreNull) {
  EXPECT_EQ(JsonOf<mockpb::ThenaWorld::Contact>("{id: x, name: n}"),
            R"({"id":"x","created_at":null,"updated_at":null,"name":"n","email":null,)"
            R"("account_id":null})");
}

TEST(ObjectJsonTest, TimesHaveMilliseconds) {
  const std::string json = JsonOf<mockpb::ThenaWorld::Contact>(
      "{created_at: 2024-01-09T22:27:40Z, updated_at: 2024-02-29T23:59:59.1239Z, email: ''}");
  EXPECT_EQ(json, R"({"id":"","created_at":"2024-01-09T22:27:40.000Z",)"
                  R"("updated_at":"2024-02-29T23:59:59.123Z","name":"","email":"",)"
                  R"("account_id":null})");
}

TEST(ObjectJsonTest, ListsOfObjectsNumbersAndBooleans) {
  EXPECT_EQ(JsonOf<mockpb::ThenaWorld::Request::Category>(
                "{category_name: T, values: [{name: a, value: b}, {name: \"q\\\"\"}]}"),
            R"({"category_name":"T","values":[{"name":"a","value":"b"},)"
            R"({"name":"q\"","value":""}],"manual":false})");
  EXPECT_EQ(JsonOf<mockpb::ThenaWorld::Request::FirstResponseTime>(
                "{ts: \"1.000100\", actual_time: 9007199254740993}"),
            R"({"ts":"1.000100","actual_time":9007199254740993,"time_in_working_hours":0})");
}

TEST(ObjectJsonTest, NamesOfTheServiceAreKept) {
  const std::string json = JsonOf<mockpb::ThenaWorld::Request::AiMetadata>(
      "{title: t, tags: [a, b], userDefinedTags: [c], urgencySource: AI}");
  EXPECT_EQ(json, R"({"title":"t","summary":"","internal_summary":null,"tags":["a","b"],)"
                  R"("category":null,"userDefinedTags":["c"],"urgency":null,)"
                  R"("urgencySource":"AI","actionable":false,"sentiment":null,)"
                  R"("sentimentSource":null,"updatedOn":null})");
}

}  // namespace
}  // namespace tql::thena
