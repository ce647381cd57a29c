#include "mockserver/service/options.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "mockserver/engine/visit_options.h"
#include "tql/wire/request_option_fields.h"

namespace tql::service {
namespace {

TEST(ToStatementOptions, Defaults) {
  const engine::StatementOptions options = ToStatementOptions({});
  EXPECT_EQ(options.query_results_apply_top_row_count, 50);
  EXPECT_FALSE(options.query_row_count_only);
  EXPECT_EQ(options.pagination_start, 0);
  EXPECT_EQ(options.pagination_size, 5'000'000);
  EXPECT_TRUE(options.format_output);
  EXPECT_EQ(options.format.field_separator, "|");
  EXPECT_EQ(options.format.row_separator, "\n");
  EXPECT_EQ(options.format.null_string, "(null)");
  EXPECT_EQ(options.format.date_format, "%Y-%m-%d");
  EXPECT_EQ(options.format.date_time_format, "%Y-%m-%d %H:%M:%S");
  EXPECT_EQ(options.format.time_format, "%H:%M:%S");
  EXPECT_FALSE(options.format.format_date_as_epoch);
  EXPECT_TRUE(options.scripting.add_database);
  EXPECT_TRUE(options.scripting.script_comments);
  EXPECT_TRUE(options.scripting.script_extensions);
  EXPECT_FALSE(options.scripting.script_guids);
  EXPECT_EQ(options.progress_wrapper_timeout_sec, 86400);
  EXPECT_TRUE(options.generate_guids_in_ddl);
  EXPECT_FALSE(options.allow_unsafe);
}

TEST(ToStatementOptions, CopiesValues) {
  pb::TqlOptions message;
  message.mutable_query_options()->set_query_results_apply_top_row_count(-1);
  message.mutable_query_options()->mutable_pagination()->set_start(7);
  message.set_format_output(false);
  message.mutable_formatting_options()->set_field_separator(";");
  message.mutable_formatting_options()->set_row_separator("");
  message.mutable_formatting_options()->set_null_string("{null}");
  message.mutable_formatting_options()->mutable_date_format()->set_format_date_as_epoch(true);
  message.mutable_adv_options()->set_allow_unsafe(true);
  const engine::StatementOptions options = ToStatementOptions(message);
  EXPECT_EQ(options.query_results_apply_top_row_count, -1);
  EXPECT_EQ(options.pagination_start, 7);
  EXPECT_FALSE(options.format_output);
  EXPECT_EQ(options.format.field_separator, ";");
  EXPECT_EQ(options.format.row_separator, "");
  EXPECT_EQ(options.format.null_string, "{null}");
  EXPECT_TRUE(options.format.format_date_as_epoch);
  EXPECT_TRUE(options.allow_unsafe);
}

bool Other(bool value) { return !value; }
std::int64_t Other(std::int64_t value) { return value + 7; }
std::string Other(const std::string& value) { return value + "7"; }

TEST(ToStatementOptions, CopiesEachOption) {
  engine::StatementOptions defaults;
  pb::TqlOptions message;
  std::map<std::string_view, std::string> expected;
  engine::VisitOptions(defaults, [&](const base::RequestOption& option, const auto& value) {
    SetOption(option, Other(value), &message);
    expected[option.name] = ::testing::PrintToString(Other(value));
  });
  engine::StatementOptions options = ToStatementOptions(message);
  std::map<std::string_view, std::string> copied;
  engine::VisitOptions(options, [&](const base::RequestOption& option, const auto& value) {
    copied[option.name] = ::testing::PrintToString(value);
  });
  EXPECT_EQ(copied, expected);
}

TEST(ToStatementOptions, OptionsWithEffectAreKnown) {
  engine::StatementOptions options;
  std::set<std::string_view> known = {"continue_execution_on_error"};  // Used by the service.
  engine::VisitOptions(options, [&](const base::RequestOption& option, const auto& /*value*/) {
    known.insert(option.name);
  });
  for (const base::RequestOption& option : base::kRequestOptions) {
    EXPECT_EQ(known.contains(option.name), !option.test.empty()) << option.name;
    EXPECT_FALSE(option.effect.empty()) << option.name;
  }
}

TEST(ToContext, DefaultSchema) {
  EXPECT_EQ(ToContext({}).schema, "falcon_default_schema");
  pb::QueryContext message;
  message.set_database("d");
  message.set_schema("s");
  EXPECT_EQ(ToContext(message).database, "d");
  EXPECT_EQ(ToContext(message).schema, "s");
}

}  // namespace
}  // namespace tql::service
