#include "tools/tqlconform/suite/changes.h"

#include <gtest/gtest.h>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

bool Changes(std::string_view step) {
  confpb::Step message;
  EXPECT_EQ(tql::document::ReadMessage(step, &message), tql::Status()) << step;
  return MayChange(message);
}

TEST(ChangesTest, Statements) {
  EXPECT_TRUE(Changes("{query: 'select a INTO b from c'}"));
  EXPECT_TRUE(Changes("{query: 'select 1; DELETE from t'}"));
  EXPECT_TRUE(Changes("{script: 'drop table t;'}"));
  EXPECT_FALSE(Changes(R"({query: 'select created, "updates" from dropped'})"));
}

TEST(ChangesTest, BodiesWithTheirEscapes) {
  EXPECT_TRUE(Changes(R"({http: {path: /q, body: '{"statement":"drop table t;"}'}})"));
  EXPECT_TRUE(Changes(R"({http: {path: /q, body: '{"statement":"dr\u006fp table t;"}'}})"));
  EXPECT_TRUE(Changes(R"({http: {path: /q, body: '{"statement":"\u0044ROP table t;"}'}})"));
  EXPECT_TRUE(Changes(R"({raw: 'POST /q HTTP/1.1 {"a":[{"b":"dr\u006fp table t;"}]}'})"));
  EXPECT_TRUE(Changes(R"({rpc: {method: a/b, request: ['{}', '{"s":"dr\u006fp x"}']}})"));
  EXPECT_FALSE(Changes(R"({http: {path: /q, body: '{"statement":"select ''\u006f'';"}'}})"));
}

TEST(ChangesTest, JsonWithAMistakeMayHideAWord) {
  EXPECT_TRUE(Changes(R"({http: {path: /q, body: '{"statement":"dr\u006fp table t;",}'}})"));
  EXPECT_TRUE(Changes(R"({http: {path: /q, body: "{'statement':'dr\\u006fp table t;'}"}})"));
  EXPECT_TRUE(Changes(R"({raw: '{"s":"select"} {"s":"dr\u006fp"}'})"));
  EXPECT_FALSE(Changes(R"({http: {path: /q, body: '{"statement":"select 1;",}'}})"));
}

TEST(ChangesTest, Loads) {
  constexpr std::string_view kPath = "/ts_dataservice/v1/public/loads";
  EXPECT_TRUE(Changes("{http: {path: " + std::string(kPath) + ", method: POST}}"));
  EXPECT_FALSE(Changes("{http: {path: " + std::string(kPath) + "/x, method: GET}}"));
  EXPECT_FALSE(Changes("{session: none, http: {path: " + std::string(kPath) + ", method: POST}}"));
}

}  // namespace
}  // namespace tqlconform
