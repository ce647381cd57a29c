// The parameters of a load: its target and the format of its text.
#ifndef TQLKIT_MOCKSERVER_LOAD_LOAD_PARAMS_H_
#define TQLKIT_MOCKSERVER_LOAD_LOAD_PARAMS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/load/record_scanner.h"
#include "tql/status.h"

namespace tql::load {

/// How the fields of a load become values.
struct ValueFormat {
  std::string null_value;
  bool flexible = false;  // surplus fields are dropped, missing ones are NULL

  enum class Dates : std::uint8_t {
    kFormat,
    kEpoch,
    kFormatOrEpoch,  // neither was chosen: a text in the default format, else an integer
  };
  Dates dates = Dates::kFormatOrEpoch;
  std::string date_time_format;
  std::string date_format;
  std::string time_format;
  std::optional<char> skipped_fraction;  // the character that begins fractions to be dropped

  bool bit_values = false;
  std::string true_format;
  std::string false_format;
};

/// Valid parameters, with all defaults filled in.
struct LoadParams {
  std::string database;
  std::string schema;
  std::string table;
  TextFormat text;
  bool has_header_row = false;
  ValueFormat values;
  bool empty_target = false;
  bool validate_only = false;
  std::int64_t max_ignored_rows = 0;
  std::size_t max_reported_errors = 0;
  std::string summary;  // {"load_params":…}: the same as JSON
};

/// A status keeps at most this many errors, whatever the parameters ask for.
inline constexpr std::size_t kMostReportedErrors = 1000;

/// Reads the body of the request that starts a load: the nested form or the older flat one.
/// INVALID_ARGUMENT with the key, what was found and what was expected.
StatusOr<LoadParams> ParseLoadParams(std::string_view json);

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_LOAD_PARAMS_H_
