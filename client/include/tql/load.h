/// \file
/// Loads delimited text into a table, through the tsload service.
#ifndef TQL_LOAD_H_
#define TQL_LOAD_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// The port of the tsload service on the nodes of a cluster. The mock server serves it on its other
/// ports, too.
inline constexpr std::uint16_t kTsloadPort = 8442;

/// The format of the text. A member that is not set is not sent; the service's default, in
/// parentheses, then applies.
struct LoadFormat {
  std::optional<std::string> type = {};             ///< CSV or DELIMITED (CSV).
  std::optional<std::string> field_separator = {};  ///< One character (,).
  /// Whether every line ends with a separator (false).
  std::optional<bool> trailing_field_separator = {};
  std::optional<std::string> enclosing_character = {};  ///< Of CSV; empty: none (").
  std::optional<std::string> escape_character = {};     ///< Of DELIMITED (none).
  std::optional<std::string> null_value = {};           ///< The text of NULL ((null)).
  std::optional<bool> has_header_row = {};              ///< Skip the first line (false).
  /// Drop surplus fields, and read missing ones as NULL (false).
  std::optional<bool> flexible = {};
  std::optional<bool> date_converted_to_epoch = {};       ///< Dates are seconds since 1970.
  std::optional<std::string> date_time_format = {};       ///< Of strptime (%Y%m%d %H:%M:%S).
  std::optional<std::string> date_format = {};            ///< Of strptime (%Y%m%d).
  std::optional<std::string> time_format = {};            ///< Of strptime (%H:%M:%S).
  std::optional<bool> skip_second_fraction = {};          ///< Drop fractions of seconds (false).
  std::optional<std::string> second_fraction_start = {};  ///< What begins one (.).
  std::optional<bool> use_bit_boolean_values = {};        ///< Booleans are 0 and 1 (false).
  std::optional<std::string> true_format = {};            ///< The text of true (T).
  std::optional<std::string> false_format = {};           ///< The text of false (F).
};

/// The state of a load in progress.
struct LoadProgress {
  std::string stage;              ///< INIT, INGESTING, COMMITTING or DONE, as the service names it.
  std::uint64_t bytes_sent = 0;   ///< Bytes of the text that the service has.
  std::int64_t rows_written = 0;  ///< Rows stored so far; visible when the load is done.
  std::int64_t ignored_rows = 0;  ///< Rows that are not valid.
};

/// What to load, and where to.
//
// Members of class type are written as X(): GCC 12 warns about uninitialised strings with a plain
// {}.
struct LoadRequest {
  std::string database = {};  ///< Required.
  std::string schema = {};    ///< Default: the service's, falcon_default_schema.
  std::string table = {};     ///< Required.

  /// Reads up to `size` bytes of the text and returns their number; 0 at the end. An error cancels
  /// the load. Called by the thread that calls Load.
  std::function<StatusOr<std::size_t>(char* into, std::size_t size)> source = {};
  LoadFormat format = LoadFormat();  ///< The format of the text.

  bool empty_target = false;          ///< Delete all rows of the table first.
  std::int64_t max_ignored_rows = 0;  ///< More invalid rows than this fail the load.
  bool validate_only = false;         ///< Check the text, but store nothing.
  /// Maximum length of LoadOutcome::parsing_errors. Default: the service's, 100.
  std::optional<std::int64_t> max_reported_parsing_errors = {};

  /// Size of an upload, in bytes. A longer text is sent in chunks, which end at line ends if
  /// possible. A chunk whose upload fails is sent again (Options::retry). Default: 8 MiB.
  std::size_t chunk_bytes = std::size_t{8} << 20;
  /// Receives the invalid rows as they are in the text, in pieces, when the load has ended. An
  /// error is returned by Load. Default: they are not requested.
  std::function<Status(std::string_view piece)> on_bad_records = {};
  /// Called after each upload, and while the service stores rows. Default: none.
  std::function<void(const LoadProgress& progress)> on_progress = {};
  /// Cancels the load on the service, which then leaves the table as it was.
  std::stop_token stop = {};
  /// Total time of the load. Zero (default): no limit; each upload has Options::query_timeout.
  std::chrono::milliseconds timeout{0};
};

/// How a load ended.
struct LoadOutcome {
  /// OK if the rows are stored. FAILED_PRECONDITION with the service's message if the load failed;
  /// the table is then unchanged. Otherwise the error of a call or of the source. UNAVAILABLE and
  /// DEADLINE_EXCEEDED during the commit leave open whether the rows are stored.
  Status status;
  std::string cycle_id;                     ///< Identifies the load; empty if it did not start.
  std::int64_t rows_written = 0;            ///< Number of rows stored.
  std::int64_t ignored_rows = 0;            ///< Number of invalid rows.
  std::vector<std::string> parsing_errors;  ///< Why rows are not valid; the first of them.
};

/// Loads a text into a table: logs in to the tsload service with Options::user and
/// Options::credentials, streams the text to it, and waits until the rows are stored, all of them
/// or none. Rows with the primary key of an existing row replace it. Memory does not grow with the
/// size of the text.
///
/// ```cpp
/// tql::LoadOutcome outcome = tql::Load(url, options, load);
/// for (const std::string& error : outcome.parsing_errors) std::cout << error << '\n';
/// ```
///
/// `url` and `options` are completed as by Client::Connect. If the service names another node for
/// the load, the client logs in to that node and continues there. The protocol is HTTP, whatever
/// the URL's transport.
///
/// Thread safety: may be called from any thread.
LoadOutcome Load(std::string_view url, Options options, const LoadRequest& request);
/// The same with settings that are complete.
LoadOutcome Load(const Url& url, const Options& options, const LoadRequest& request);

}  // namespace tql

#endif  // TQL_LOAD_H_
