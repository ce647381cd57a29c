#include "tql/statement_options.h"

namespace tql {

StatementOptions Merge(StatementOptions overrides, const StatementOptions& base) {
  const auto fill = [&](auto member) {
    if (!(overrides.*member)) overrides.*member = base.*member;
  };
  using O = StatementOptions;
  fill(&O::query_results_apply_top_row_count);
  fill(&O::query_row_count_only);
  fill(&O::pagination_start);
  fill(&O::pagination_size);
  fill(&O::format_output);
  fill(&O::field_separator);
  fill(&O::row_separator);
  fill(&O::null_string);
  fill(&O::date_format);
  fill(&O::date_time_format);
  fill(&O::time_format);
  fill(&O::format_date_as_epoch);
  fill(&O::add_database);
  fill(&O::script_comments);
  fill(&O::script_extensions);
  fill(&O::script_guids);
  fill(&O::script_parsing_hints);
  fill(&O::script_schema_versions);
  fill(&O::input_row_size_fetch_max_rows);
  fill(&O::use_jit);
  fill(&O::skip_cache);
  fill(&O::progress_wrapper_timeout_sec);
  fill(&O::offlining_during_resharding_default);
  fill(&O::use_postgres_sql_parser);
  fill(&O::generate_guids_in_ddl);
  fill(&O::allow_unsafe);
  fill(&O::continue_execution_on_error);
  return overrides;
}

}  // namespace tql
