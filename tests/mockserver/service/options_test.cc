#include "mockserver/service/options.h"

#include <gtest/gtest.h>

namespace tql::service {
namespace {

TEST(ToStatementOptions, Defaults) {
  const engine::StatementOptions options = ToStatementOptions({});
  EXPECT_EQ(options.query_results_apply_top_row_count, 50);
  EXPECT_FALSE(options.query_row_count_only);
  EXPECT_EQ(options.page_start, 0);
  EXPECT_EQ(options.page_size, 5'000'000);
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
  EXPECT_EQ(options.page_start, 7);
  EXPECT_FALSE(options.format_output);
  EXPECT_EQ(options.format.field_separator, ";");
  EXPECT_EQ(options.format.row_separator, "");
  EXPECT_EQ(options.format.null_string, "{null}");
  EXPECT_TRUE(options.format.format_date_as_epoch);
  EXPECT_TRUE(options.allow_unsafe);
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
