// Requests as messages.
#include "client/src/messages.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/base/request_options.h"
#include "tql/wire/json.h"
#include "tql/wire/request_option_fields.h"

namespace tql {
namespace {

void Set(bool* value) { *value = true; }
void Set(std::int64_t* value) { *value = 4711; }
void Set(std::string* value) { *value = "x"; }

TEST(MessagesTest, EveryOptionIsSent) {
  std::size_t members = 0;
  base::VisitMembers<StatementOptions>([&](const base::RequestOption& option, auto member) {
    ++members;
    QueryParams params;
    EXPECT_EQ(ToMessage(params).options().ByteSizeLong(), 0U);
    auto& value = (params.options.*member).emplace();
    Set(&value);
    pb::TqlOptions expected;
    SetOption(option, value, &expected);
    EXPECT_EQ(ToMessage(params).options().DebugString(), expected.DebugString()) << option.name;
  });
  EXPECT_EQ(members, base::kRequestOptions.size());
}

// JsonUtil writes the message; the script is written apart from it.
TEST(MessagesTest, ScriptsAreWrittenAsByJsonUtil) {
  for (const std::string& script :
       {std::string(), std::string("SELECT 'x' < 1;\n\t\"\\ \x7f \xe2\x80\xa8 \xf0\x9f\x98\x80"),
        std::string("a\0b", 3), std::string("invalid: \xff \xc3")}) {
    ScriptParams params;
    params.script = script;
    EXPECT_EQ(RequestJson(params), ToJson(ToMessage(params)));
    params.options.pagination_start = 5;
    params.kind = ScriptKind::kProto;
    params.context.database = "a\"b";
    EXPECT_EQ(RequestJson(params), ToJson(ToMessage(params)));
  }
}

}  // namespace
}  // namespace tql
