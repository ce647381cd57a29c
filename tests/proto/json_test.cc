#include "tql/wire/json.h"

#include <gtest/gtest.h>

#include <string>

#include "tql/wire/messages.h"

namespace tql {
namespace {

using Request = pb::ExecuteQueryRequest;

Request Read(std::string_view text) {
  auto request = FromJson<Request>(text);
  EXPECT_TRUE(request.ok()) << request.status() << "\n" << text;
  return request.ok() ? *request : Request();
}

std::string ErrorOf(std::string_view text) {
  const auto request = FromJson<Request>(text);
  return request.ok() ? "accepted" : request.status().message();
}

TEST(FromJson, ReadsRequestsOfTheVendorsClient) {
  const Request request = Read(
      R"({"context":{"server_schema_version":-1},
 "options":{"query_options":{"pagination":{}},"formatting_options":{"date_format":{}},"scripting_options":{},"adv_options":{}},
 "query":{"statement":"show databases;"}})");
  EXPECT_EQ(request.query().statement(), "show databases;");
  EXPECT_EQ(request.context().server_schema_version(), -1);
  EXPECT_EQ(request.context().schema(), "falcon_default_schema");
  EXPECT_EQ(request.options().query_options().query_results_apply_top_row_count(), 50);
}

// A script with a line end every few bytes; each string takes about as much memory as it needs.
TEST(FromJson, ReadsLongTextsWithEscapes) {
  for (const std::string_view piece :
       {"INSERT INTO t VALUES (1);\\n", R"(\"\\\"\\\\)", "\\u00e9x", "\\t"}) {
    std::string quoted = "\"";
    for (int i = 0; i < 20'000; ++i) quoted += piece;
    quoted += '"';
    const auto expected =
        FromJson<Request::Query>(R"({"statement":")" + std::string(piece) + "\"}");
    ASSERT_TRUE(expected.ok()) << expected.status();
    const std::string text =
        R"({"query":{"statement":)" + quoted + R"(},"context":{"database":)" + quoted + "}}";
    const Request request = Read(text);
    std::string whole;
    for (int i = 0; i < 20'000; ++i) whole += expected->statement();
    EXPECT_TRUE(request.query().statement() == whole);
    EXPECT_TRUE(request.context().database() == whole);
    EXPECT_LT(request.query().statement().capacity(), quoted.size() + 5'000);
  }
}

TEST(FromJson, AcceptsBothSpellingsOfKeys) {
  EXPECT_EQ(Read(R"({"context":{"serverSchemaVersion":7}})").context().server_schema_version(), 7);
  EXPECT_EQ(Read(R"({"context":{"server_schema_version":7}})").context().server_schema_version(),
            7);
}

TEST(FromJson, AcceptsIntegersAsStrings) {
  for (const char* text : {"163", "\"163\"", "163.0", "1.63e2"}) {
    EXPECT_EQ(Read("{\"context\":{\"server_schema_version\":" + std::string(text) + "}}")
                  .context()
                  .server_schema_version(),
              163)
        << text;
  }
  EXPECT_EQ(Read(R"({"context":{"server_schema_version":"9223372036854775807"}})")
                .context()
                .server_schema_version(),
            9223372036854775807);
}

TEST(FromJson, NullIsAbsent) {
  const Request request = Read(R"({"context":{"database":null,"schema":null},"options":null})");
  EXPECT_FALSE(request.context().has_database());
  EXPECT_EQ(request.context().schema(), "falcon_default_schema");
  EXPECT_FALSE(request.has_options());
}

TEST(FromJson, AcceptsBooleanAsString) {
  EXPECT_EQ(Read(R"({"options":{"formatting_options":{"null_string":true}}})")
                .options()
                .formatting_options()
                .null_string(),
            "true");
}

TEST(FromJson, UnknownKeysAreSkipped) {
  EXPECT_EQ(Read(R"({"x":{"a":[1,{"b":null}],"c":"\u00e9"},"query":{"statement":"a","y":1.5e3}})")
                .query()
                .statement(),
            "a");
}

TEST(FromJson, AcceptsEveryFormOfScriptType) {
  for (const char* type : {"1", "\"TQL_SCRIPT\"", "TQL_SCRIPT", "\"1\""}) {
    const auto script =
        FromJson<pb::ExecuteSqlScriptRequest>("{\"script_type\":" + std::string(type) + "}");
    ASSERT_TRUE(script.ok()) << script.status();
    EXPECT_EQ(script->script_type(), pb::ExecuteSqlScriptRequest::TQL_SCRIPT) << type;
  }
}

TEST(FromJson, IgnoresUnknownEnumValuesOnRequest) {
  for (const char* type : {"\"SQL\"", "\"\"", "99", "\"99\"", "-1", "1.5"}) {
    const std::string text = R"({"script_type":)" + std::string(type) + R"(,"script":"s"})";
    EXPECT_FALSE(FromJson<pb::ExecuteSqlScriptRequest>(text).ok()) << type;
    const auto script =
        FromJson<pb::ExecuteSqlScriptRequest>(text, {.skip_unknown_enum_values = true});
    ASSERT_TRUE(script.ok()) << type << script.status();
    EXPECT_FALSE(script->has_script_type()) << type;
    EXPECT_EQ(script->script(), "s") << type;
  }
  for (const char* type : {"SQL", "{}", "[]", "true", "\"SQL"}) {
    const std::string text = R"({"script_type":)" + std::string(type) + "}";
    EXPECT_FALSE(
        FromJson<pb::ExecuteSqlScriptRequest>(text, {.skip_unknown_enum_values = true}).ok())
        << type;
  }
}

TEST(FromJson, AcceptsWrappedAndNullCells) {
  const auto row = FromJson<pb::ExecuteQueryResponse::Result::TableResult::Row>(
      R"({"v":["x",{"s":"y"},null,4,true]})");
  ASSERT_TRUE(row.ok()) << row.status();
  ASSERT_EQ(row->v_size(), 5);
  EXPECT_EQ(row->v(1), "y");
  EXPECT_EQ(row->v(2), "");
  EXPECT_EQ(row->v(3), "4");
}

TEST(FromJson, KeepsNulAndSurrogatePairs) {
  EXPECT_EQ(Read(R"({"query":{"statement":"a\u0000b\ud83d\ude00"}})").query().statement(),
            std::string("a\0b\xF0\x9F\x98\x80", 7));
}

TEST(FromJson, ErrorsHavePositionAndExpectation) {
  EXPECT_EQ(ErrorOf("{\n \"query\": 5}"), "line 2, column 11: found '5', expected an object");
  EXPECT_EQ(ErrorOf(R"({"options":{"query_options":{"query_row_count_only":"maybe"}}})"),
            "line 1, column 53: found 'maybe', expected true or false for query_row_count_only");
  EXPECT_EQ(ErrorOf(R"({"context":{"server_schema_version":1.5}})"),
            "line 1, column 37: found '1.5', expected an integer for server_schema_version");
  EXPECT_EQ(ErrorOf("{\"a\":1,}"), "line 1, column 8: found '}', expected a key in double quotes");
  EXPECT_EQ(ErrorOf(""), "line 1, column 1: found the end, expected an object");
  EXPECT_EQ(ErrorOf("{} x"), "line 1, column 4: found 'x', expected the end");
  EXPECT_EQ(ErrorOf("{\"query\":{\"statement\":\"\xFF\"}}"),
            "line 1, column 24: found invalid UTF-8");
  EXPECT_EQ(ErrorOf(R"({"query":{"statement":"\ud800"}})"),
            "line 1, column 24: found an unpaired surrogate");
  EXPECT_EQ(ErrorOf("{'a':1}"), "line 1, column 2: found ''', expected a key in double quotes");
  const auto wrong = FromJson<pb::ExecuteSqlScriptRequest>(R"({"script_type":"SQL"})");
  EXPECT_EQ(wrong.status().message(),
            "line 1, column 16: found 'SQL', expected one of UNKNOWN, TQL_SCRIPT, PROTO_SCRIPT for "
            "script_type");
}

TEST(FromJson, LimitsSizeAndNesting) {
  JsonLimits limits;
  limits.max_bytes = 10;
  Request request;
  EXPECT_EQ(FromJson("{\"query\":{}}", &request, limits).code(), StatusCode::kResourceExhausted);
  const std::string deep = "{\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(FromJson(deep, &request).code(), StatusCode::kResourceExhausted);
}

TEST(ToJson, OmitsUnsetFields) {
  pb::ExecuteQueryResponse response;
  auto* message = response.mutable_result()->add_message();
  message->set_type(pb::ExecuteQueryResponse::Result::OutMessage::INFO);
  message->set_value("");
  response.mutable_result()->mutable_final_context()->set_server_schema_version(163);
  EXPECT_EQ(ToJson(response), R"({"result":{"final_context":{"server_schema_version":"163"},)"
                              R"("message":[{"type":"INFO","value":""}]}})");
}

TEST(ToJson, ReplacesInvalidUtf8) {
  pb::ExecuteQueryRequest request;
  request.mutable_query()->set_statement("a\xFFz");
  EXPECT_EQ(ToJson(request), "{\"query\":{\"statement\":\"a\xEF\xBF\xBDz\"}}");
}

TEST(ToJson, RoundTrips) {
  Request request;
  request.mutable_query()->set_statement("select '<\xE2\x80\xA8>'");
  request.mutable_options()->mutable_adv_options()->set_allow_unsafe(true);
  request.mutable_context()->set_server_schema_version(-1);
  Request reference;
  ASSERT_TRUE(ReferenceFromJson(ToJson(request), &reference).ok());
  EXPECT_EQ(Read(ToJson(request)).SerializeAsString(), request.SerializeAsString());
  EXPECT_EQ(reference.SerializeAsString(), request.SerializeAsString());
}

}  // namespace
}  // namespace tql
