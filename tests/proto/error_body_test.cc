#include "tql/wire/error_body.h"

#include <gtest/gtest.h>

namespace tql {
namespace {

TEST(ErrorBody, GivesItsMessage) {
  const std::string_view bodies[] = {
      R"({"error":{"code":401,"message":"a \"b\"é"}})",
      R"( { "x" : [ {"error":1} ] , "error" : { "message" : "a \u0022b\"\u00e9" , "y" : {} } } )",
  };
  for (const std::string_view body : bodies) EXPECT_EQ(MessageOfErrorBody(body), "a \"b\"é");
}

TEST(ErrorBody, OtherTextsHaveNone) {
  for (const std::string_view body :
       {"", "no", "{}", "[]", "{\"error\":\"a\"}", "{\"error\":{}}", "{\"error\":{\"message\":7}}",
        "{\"message\":\"a\"}", "[{\"error\":{\"message\":\"a\"}}]", "{\"error\":{\"message\":\"a",
        "{\"error\":{\"message\":\"a\"}", "{\"error\":{\"message\":\"a\"}} x",
        "{\"error\":{\"message\":\"a\",}}", "{\"error\":{\"message\":\"a\"} \"b\":1}"}) {
    EXPECT_EQ(MessageOfErrorBody(body), std::nullopt) << body;
  }
}

TEST(ErrorBody, ReadsTheFormOfTheRestApi) {
  // The form that cs_tools reads: debug is a text with a JSON array, whose entries can be null.
  EXPECT_EQ(MessageOfErrorBody(
                R"({"code":10023,"incident_id_guid":"x","debug":"[\"Authentication failed.\"]"})"),
            "Authentication failed.");
  EXPECT_EQ(
      MessageOfErrorBody(
          R"({"debug":"[\"Error Code: INTERNAL_ERROR Incident Id: x\\nError Message: no\"]"})"),
      "no");
  for (const std::string_view body :
       {R"({"debug":"[null]"})", R"({"debug":""})", R"({"debug":"no"})", R"({"debug":7})",
        R"({"debug":["a"]})", R"({"debug":"[\"a"})"}) {
    EXPECT_EQ(MessageOfErrorBody(body), std::nullopt) << body;
  }
}

}  // namespace
}  // namespace tql
