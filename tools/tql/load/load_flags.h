// The command line of tql load.
#ifndef TQLKIT_TOOLS_TQL_LOAD_LOAD_FLAGS_H_
#define TQLKIT_TOOLS_TQL_LOAD_LOAD_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/tql/flags.h"
#include "tql/load.h"

namespace tql::shell {

struct LoadFlags {
  Flags connection;              // the members about the connection
  LoadRequest request;           // without its functions
  std::string source_file;       // empty: standard input
  std::string bad_records_file;  // empty: none
  bool progress = true;
};

/// The flags or, after --help, --version or an error that was printed, the exit status.
struct ParsedLoadFlags {
  std::optional<LoadFlags> flags;
  int exit_status = 0;
};

/// Parses the words after the program's name, or after "tql load". The flags of the vendor's tsload
/// have one dash or two, and values after a space or '='; --noNAME switches NAME off.
ParsedLoadFlags ParseLoadFlags(const std::vector<std::string>& words);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_LOAD_LOAD_FLAGS_H_
