// The syntax of \copy.
#ifndef TQLKIT_TOOLS_TQL_COPY_COPY_COMMAND_H_
#define TQLKIT_TOOLS_TQL_COPY_COPY_COMMAND_H_

#include <string>
#include <string_view>

#include "tools/tql/render/csv_dialect.h"
#include "tql/status.h"

namespace tql::shell {

/// \copy TABLE [(COLUMNS)] | (SELECT) from | to FILE | program 'COMMAND' csv …
struct CopyCommand {
  enum class Direction { kFrom, kTo };
  /// The first line of the file. kChecked: it must have the names of the columns in their order, in
  /// upper or lower case, so that no column receives the values of another. kIgnored: it is
  /// skipped, as by psql's HEADER.
  enum class Header { kNone, kChecked, kIgnored };
  Direction direction = Direction::kFrom;
  std::string table;      // as typed; empty: `query` is used
  std::string columns;    // with parentheses, as typed; empty: all columns
  std::string query;      // without parentheses
  std::string file;       // empty: the program, standard input, or the output of results
  std::string program;    // executed by sh; its output is read or its input is written
  bool of_shell = false;  // pstdin: standard input even if the script is a file
  Header header = Header::kNone;
  std::string null_text;
  CsvDialect csv;
  std::string encoding;  // encoding of the file, as iconv names it; empty: UTF-8

  bool from_standard_input() const {
    return direction == Direction::kFrom && file.empty() && program.empty();
  }
  /// The SELECT that returns the rows to copy or, for kFrom, the columns to fill.
  std::string Select() const;
  /// For kFrom: the INSERT up to VALUES.
  std::string Insert() const;
};

/// Parses the arguments of \copy. Options are those of psql, in both notations, `csv header
/// delimiter
/// ';'` and `with (format csv, header, delimiter ';')`: csv, header, null, delimiter, quote,
/// escape, encoding. `csv` is required, because it is the only format. A string is 'text' or
/// E'text' with PostgreSQL's escapes. INVALID_ARGUMENT names what was found and what was expected.
StatusOr<CopyCommand> ParseCopy(std::string_view text);

/// Whether an invalid command seems to copy from the script itself, so that the lines after it are
/// data rather than statements.
bool MeansScriptData(std::string_view command);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_COMMAND_H_
