// What \copy says.
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
  /// The first line. kChecked: it must have the names of the columns, in any case, in their order,
  /// so that no column is filled with another's values. kIgnored is what psql's plain HEADER does.
  enum class Header { kNone, kChecked, kIgnored };
  Direction direction = Direction::kFrom;
  std::string table;      // as it was typed; empty: query
  std::string columns;    // in their parentheses, as they were typed; empty: all
  std::string query;      // without parentheses
  std::string file;       // empty: the program, standard input, or where results go
  std::string program;    // run by sh; its output is read, or its input written
  bool of_shell = false;  // pstdin, which is standard input also where the script is a file
  Header header = Header::kNone;
  std::string null_text;
  CsvDialect csv;
  std::string encoding;  // of the file, as iconv names it; empty: UTF-8

  bool from_standard_input() const {
    return direction == Direction::kFrom && file.empty() && program.empty();
  }
  /// The statement that has the rows, or, of kFrom, the columns that are to be filled.
  std::string Select() const;
  /// Of kFrom: what the rows stand behind, up to VALUES.
  std::string Insert() const;
};

/// Reads the arguments of \copy. The options are psql's, in both forms: `csv header delimiter ';'`
/// and `with (format csv, header, delimiter ';')`: csv, header, null, delimiter, quote, escape,
/// encoding. `csv` is needed, for no other format exists. A text is 'text' or E'text' with
/// PostgreSQL's escapes. INVALID_ARGUMENT says what was found and what was expected.
StatusOr<CopyCommand> ParseCopy(std::string_view text);

/// Whether a command that cannot be understood meant to copy from the script that it stands in, so
/// that the lines behind it are no statements.
bool MeansScriptData(std::string_view command);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_COMMAND_H_
