// Converts CSV values to TQL literals.
#ifndef TQLKIT_TOOLS_TQL_COPY_COPY_VALUE_H_
#define TQLKIT_TOOLS_TQL_COPY_COPY_VALUE_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tools/tql/copy/csv_reader.h"
#include "tql/result_stream.h"

namespace tql::shell {

/// The rules for all columns of a file.
struct LiteralRules {
  std::string null_text;  ///< An unquoted field with this text is NULL.
  bool epochs = false;    ///< Integers in date and time columns are seconds since 1970.
};

/// Creates the literals of one column.
///
/// Dates and times in the format that \copy writes are sent as seconds since 1970, because the
/// parsing hint of the column might read the text as another day (2024-05-12 with %Y-%d-%m); true
/// and false are sent as such for the same reason. After a date that only fits YYYY-DD-MM, dates
/// that fit both orders are left to the hint as well. Any other text is sent to the service, which
/// parses it with the hint; an integer that the hint does not accept is an epoch, and PostgreSQL's
/// boolean words that it does not accept are booleans.
class ColumnLiterals {
 public:
  /// Whether the service accepts the text as a value of the column. Called only if the result
  /// depends on it, and rarely.
  using ReadsText = std::function<bool(std::string_view text)>;

  /// `rules` must outlive this object.
  ColumnLiterals(ColumnType type, const LiteralRules& rules, ReadsText reads_text)
      : type_(type), rules_(rules), reads_text_(std::move(reads_text)) {}

  /// Appends the literal. Returns the error, in which case nothing is appended; empty on success.
  std::string Append(const CsvField& field, std::string* out);

 private:
  std::string AppendTemporal(std::string_view text, std::string* out);
  std::string AppendBool(std::string_view text, std::string* out);

  const ColumnType type_;
  const LiteralRules& rules_;
  const ReadsText reads_text_;
  std::optional<bool> epochs_;  // whether integers are epochs; the same for all rows
  bool copied_form_ = false;    // whether a date in the format of \copy occurred
  bool swapped_form_ = false;   // whether a date occurred that only fits YYYY-DD-MM
  std::map<std::string, std::string, std::less<>>
      words_;  // literals of words; empty: not a boolean
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_VALUE_H_
