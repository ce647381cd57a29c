#include "mockserver/service/options.h"

namespace tql::service {

engine::StatementOptions ToStatementOptions(const pb::TqlOptions& options) {
  engine::StatementOptions result;
  const auto& query = options.query_options();
  result.query_results_apply_top_row_count = query.query_results_apply_top_row_count();
  result.query_row_count_only = query.query_row_count_only();
  result.page_start = query.pagination().start();
  result.page_size = query.pagination().size();

  result.format_output = options.format_output();
  const auto& formatting = options.formatting_options();
  result.format.field_separator = formatting.field_separator();
  result.format.row_separator = formatting.row_separator();
  result.format.null_string = formatting.null_string();
  const auto& dates = formatting.date_format();
  result.format.date_format = dates.date_format();
  result.format.date_time_format = dates.date_time_format();
  result.format.time_format = dates.time_format();
  result.format.format_date_as_epoch = dates.format_date_as_epoch();

  const auto& scripting = options.scripting_options();
  result.scripting.add_database = scripting.add_database();
  result.scripting.script_comments = scripting.script_comments();
  result.scripting.script_extensions = scripting.script_extensions();
  result.scripting.script_guids = scripting.script_guids();
  result.scripting.script_parsing_hints = scripting.script_parsing_hints();
  result.scripting.script_schema_versions = scripting.script_schema_versions();

  const auto& advanced = options.adv_options();
  result.input_row_size_fetch_max_rows = advanced.input_row_size_fetch_max_rows();
  result.progress_wrapper_timeout_sec = advanced.progress_wrapper_timeout_sec();
  result.offlining_during_resharding_default = advanced.offlining_during_resharding_default();
  result.use_postgres_sql_parser = advanced.use_postgres_sql_parser();
  result.generate_guids_in_ddl = advanced.generate_guids_in_ddl();
  result.allow_unsafe = advanced.allow_unsafe();
  return result;
}

engine::Context ToContext(const pb::QueryContext& context) {
  engine::Context result;
  result.schema = context.schema();
  result.database = context.database();
  result.server_schema_version = context.server_schema_version();
  return result;
}

}  // namespace tql::service
