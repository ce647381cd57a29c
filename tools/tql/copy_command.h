// What \copy says.
#ifndef TQLKIT_TOOLS_TQL_COPY_COMMAND_H_
#define TQLKIT_TOOLS_TQL_COPY_COMMAND_H_

#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::shell {

/// \copy TABLE [(COLUMNS)] | (SELECT) from | to FILE csv …
struct CopyCommand {
  enum class Direction { kFrom, kTo };
  Direction direction = Direction::kFrom;
  std::string table;    // as it was typed; empty: query
  std::string columns;  // in their parentheses, as they were typed; empty: all
  std::string query;    // without parentheses
  std::string file;     // empty: standard input, or where results go
  bool header = false;
  std::string null_text;
  char delimiter = ',';

  /// The statement that has the rows, or, of kFrom, the columns that are to be filled.
  std::string Select() const;
};

/// Reads what stands behind \copy. The words are psql's: `csv` is needed, for there is no other
/// form; `with` and parentheses around the options may stand there. INVALID_ARGUMENT says what was
/// found and what was expected.
StatusOr<CopyCommand> ParseCopy(std::string_view text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COMMAND_H_
