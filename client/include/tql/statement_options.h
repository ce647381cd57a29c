/// \file
/// What a client can ask of the service about one statement or script.
#ifndef TQL_STATEMENT_OPTIONS_H_
#define TQL_STATEMENT_OPTIONS_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tql {

/// The service's options under its own names. Only what is set is sent; the service's default of
/// the others is named beside them.
struct StatementOptions {
  // Queries.
  /// TOP for a SELECT that has none (50). Zero or less: no cap.
  std::optional<std::int64_t> query_results_apply_top_row_count;
  std::optional<bool> query_row_count_only;      ///< Only count the rows (false).
  std::optional<std::int64_t> pagination_start;  ///< Rows to skip (0).
  std::optional<std::int64_t> pagination_size;   ///< Rows to send at most (5,000,000).
  std::optional<bool> format_output;             ///< Tables (true); false: protobuf text.

  // The text of listings and cells.
  std::optional<std::string> field_separator;   ///< Between the fields of a listing ("|").
  std::optional<std::string> row_separator;     ///< Behind its rows, and objects of SCRIPT ("\n").
  std::optional<std::string> null_string;       ///< How NULL is printed ("(null)").
  std::optional<std::string> date_format;       ///< strftime ("%Y-%m-%d").
  std::optional<std::string> date_time_format;  ///< strftime ("%Y-%m-%d %H:%M:%S").
  std::optional<std::string> time_format;       ///< strftime ("%H:%M:%S").
  std::optional<bool> format_date_as_epoch;     ///< Dates as epoch seconds (false).

  // The SCRIPT statement.
  std::optional<bool> add_database;            ///< Qualify referenced tables (true).
  std::optional<bool> script_comments;         ///< (true)
  std::optional<bool> script_extensions;       ///< FACT, DIMENSION, hints (true).
  std::optional<bool> script_guids;            ///< (false)
  std::optional<bool> script_parsing_hints;    ///< (false)
  std::optional<bool> script_schema_versions;  ///< (false)

  // Advanced.
  std::optional<std::int64_t> input_row_size_fetch_max_rows;  ///< (10000)
  std::optional<bool> use_jit;                                ///< (true)
  std::optional<bool> skip_cache;                             ///< (false)
  std::optional<std::int64_t> progress_wrapper_timeout_sec;   ///< (86400)
  std::optional<bool> offlining_during_resharding_default;    ///< (false)
  std::optional<bool> use_postgres_sql_parser;                ///< (false)
  std::optional<bool> generate_guids_in_ddl;                  ///< (true)
  std::optional<bool> allow_unsafe;                           ///< (false)
  std::optional<bool> continue_execution_on_error;            ///< In scripts (true).
};

/// `overrides`, with what it leaves unset taken from `base`.
StatementOptions Merge(StatementOptions overrides, const StatementOptions& base);

}  // namespace tql

#endif  // TQL_STATEMENT_OPTIONS_H_
