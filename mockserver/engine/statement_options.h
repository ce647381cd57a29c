// The options that a client can set for a statement: TqlOptions without protobuf. The names are
// those of the table of request options, by which VisitOptions finds the members; the defaults are
// those of the messages.
#ifndef TQLKIT_MOCKSERVER_ENGINE_STATEMENT_OPTIONS_H_
#define TQLKIT_MOCKSERVER_ENGINE_STATEMENT_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace tql::engine {

/// The format of cells and of tables that are sent as text.
struct FormatOptions {
  std::string field_separator = "|";
  std::string row_separator = "\n";
  std::string null_string = "(null)";
  std::string date_format = "%Y-%m-%d";
  std::string date_time_format = "%Y-%m-%d %H:%M:%S";
  std::string time_format = "%H:%M:%S";
  bool format_date_as_epoch = false;  // In seconds; a time in seconds since midnight.
};

struct ScriptingOptions {
  bool add_database = true;
  bool script_comments = true;
  bool script_extensions = true;
  bool script_guids = false;
  bool script_parsing_hints = false;
  bool script_schema_versions = false;
};

struct Answer {
  std::string question_id;
  std::string answer;
};

struct StatementOptions {
  std::int64_t query_results_apply_top_row_count = 50;  // Zero or less: no limit.
  bool query_row_count_only = false;
  std::int64_t pagination_start = 0;
  std::int64_t pagination_size = 5'000'000;
  /// If false, a table or script is passed to the sink as rows instead of text.
  bool format_output = true;
  FormatOptions format;
  ScriptingOptions scripting;
  /// The number of rows from which the row size is estimated; zero or less: all.
  std::int64_t input_row_size_fetch_max_rows = 10'000;
  std::int64_t progress_wrapper_timeout_sec = 86400;
  bool offlining_during_resharding_default = false;
  bool use_jit = true;
  bool skip_cache = false;
  bool use_postgres_sql_parser = false;
  bool generate_guids_in_ddl = true;
  bool allow_unsafe = false;
  /// Whether questions can be asked; false in scripts.
  bool interactive = true;
  std::vector<Answer> answers;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_STATEMENT_OPTIONS_H_
