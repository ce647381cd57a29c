/// \file
/// Options of the service for one statement or script.
#ifndef TQL_STATEMENT_OPTIONS_H_
#define TQL_STATEMENT_OPTIONS_H_

#include "tql/cxx20.h"

#include <cstdint>
#include <optional>
#include <string>

namespace tql {

/// The request options of the service, under the names that its API uses (message TqlOptions). Only
/// members that are set are sent. For the others the service applies its own default, which the
/// comments give in parentheses.
///
/// Thread safety: a value type.
struct StatementOptions {
  // Queries.

  /// Maximum number of rows of a SELECT that has no TOP or LIMIT (50). Zero or less: no maximum.
  std::optional<std::int64_t> query_results_apply_top_row_count;
  /// Return the number of rows of a SELECT, but no rows (false).
  std::optional<bool> query_row_count_only;
  /// Number of rows of the result to skip (0).
  std::optional<std::int64_t> pagination_start;
  /// Maximum number of rows to return after that (5,000,000).
  std::optional<std::int64_t> pagination_size;
  /// Return results as tables (true), or as the text format of the protobuf messages in INFO
  /// messages (false).
  std::optional<bool> format_output;

  // The text of listings and cells.

  /// Separator between the fields of a listing, e.g. of SHOW ("|").
  std::optional<std::string> field_separator;
  /// Text after each row of a listing and each object of SCRIPT ("\n").
  std::optional<std::string> row_separator;
  /// Text of a NULL cell ("(null)"). See Options::mark_null.
  std::optional<std::string> null_string;
  /// strftime format of a DATE ("%Y-%m-%d").
  std::optional<std::string> date_format;
  /// strftime format of a DATETIME ("%Y-%m-%d %H:%M:%S").
  std::optional<std::string> date_time_format;
  /// strftime format of a TIME ("%H:%M:%S").
  std::optional<std::string> time_format;
  /// Return dates and times as seconds since 1970 instead of text (false).
  std::optional<bool> format_date_as_epoch;

  // The SCRIPT statement, which prints the DDL of existing objects.

  /// Qualify the tables of foreign key references with their database (true).
  std::optional<bool> add_database;
  /// Include comments (true).
  std::optional<bool> script_comments;
  /// Include syntax that is not plain SQL: FACT, DIMENSION, parsing hints (true).
  std::optional<bool> script_extensions;
  /// Include the guids of objects, in comments (false).
  std::optional<bool> script_guids;
  /// Include parsing hints, in comments (false).
  std::optional<bool> script_parsing_hints;
  /// Include schema versions, in comments (false).
  std::optional<bool> script_schema_versions;

  // Advanced.

  /// Number of rows from which SHOW STATISTICS estimates the size of a row (10000). Zero or less:
  /// all rows.
  std::optional<std::int64_t> input_row_size_fetch_max_rows;
  /// Compile queries just in time (true).
  std::optional<bool> use_jit;
  /// Do not use cached results (false).
  std::optional<bool> skip_cache;
  /// Timeout, in seconds, of statements that report progress, e.g. resharding by ALTER TABLE
  /// (86400).
  std::optional<std::int64_t> progress_wrapper_timeout_sec;
  /// Take a table offline while it is resharded, where the user cannot be asked (false).
  std::optional<bool> offlining_during_resharding_default;
  /// Parse statements with PostgreSQL's grammar (false).
  std::optional<bool> use_postgres_sql_parser;
  /// Create new guids for new objects (true). False: take guids, parsing hints and schema versions
  /// from the comments of the script.
  std::optional<bool> generate_guids_in_ddl;
  /// Permit operations that lose data or are refused otherwise, and ask no questions (false).
  std::optional<bool> allow_unsafe;
  /// Continue a script after a statement has failed (true).
  std::optional<bool> continue_execution_on_error;
};

/// Returns `overrides`, with members that are not set taken from `base`.
StatementOptions Merge(StatementOptions overrides, const StatementOptions& base);

}  // namespace tql

#endif  // TQL_STATEMENT_OPTIONS_H_
