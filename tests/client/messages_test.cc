// Requests as messages.
#include "client/src/messages.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/base/request_options.h"
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

}  // namespace
}  // namespace tql
