// Values of CSV as literals of TQL.
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

/// What holds for all columns of a file.
struct LiteralRules {
  std::string null_text;  ///< A field without quotes that has this text is NULL.
  bool epochs = false;    ///< Whole numbers in columns of dates and times are seconds since 1970.
};

/// Makes the literals of one column. Dates and times in the form that \copy writes are sent as
/// seconds since 1970, because the column's parsing hint may read that text as another day
/// (2024-05-12 under %Y-%d-%m); true and false are sent as such for the same reason. After a date
/// that only YYYY-DD-MM explains, dates of both orders are left to the hint, too. Any other text of
/// such a column belongs to the service, which reads it by the hint; a whole number that it does
/// not read is an epoch, and of the words that it does not read those of PostgreSQL are booleans.
class ColumnLiterals {
 public:
  /// Whether the service reads the text as a value of the column. Asked only for what above is said
  /// to depend on it, and rarely.
  using ReadsText = std::function<bool(std::string_view text)>;

  /// `rules` is borrowed.
  ColumnLiterals(ColumnType type, const LiteralRules& rules, ReadsText reads_text)
      : type_(type), rules_(rules), reads_text_(std::move(reads_text)) {}

  /// Appends the literal. Empty, or what is wrong; then nothing is appended.
  std::string Append(const CsvField& field, std::string* out);

 private:
  std::string AppendTemporal(std::string_view text, std::string* out);
  std::string AppendBool(std::string_view text, std::string* out);

  const ColumnType type_;
  const LiteralRules& rules_;
  const ReadsText reads_text_;
  std::optional<bool> epochs_;  // whether whole numbers are; one answer for all rows
  bool copied_form_ = false;    // whether a date in the form of \copy was seen
  bool swapped_form_ = false;   // whether one was seen that only YYYY-DD-MM explains
  std::map<std::string, std::string, std::less<>> words_;  // to their literals; empty: no boolean
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_VALUE_H_
