// The command line.
#ifndef TQLKIT_TOOLS_TQL_FLAGS_H_
#define TQLKIT_TOOLS_TQL_FLAGS_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/settings.h"

namespace tql::shell {

struct Flags {
  std::string url;   // empty: host, or what environment and profile say
  std::string host;  // HOST[:PORT] of an https service, as the vendor's clients have it
  std::string profile;
  std::vector<Input> inputs;  // -c and -f, in their order
  Settings settings;
  std::string output;          // where results go; empty: standard output
  bool server_script = false;  // the inputs are of ScriptKind::kProto
  bool debug = false;          // show what goes to the service and comes from it
  bool no_rc = false;          // do not run the start file before the prompt
  bool dry_run = false;        // print the statements, and run none
  std::string database;
  std::string schema;
  std::string user;
  std::string password_file;
  std::string ca_file;
  bool insecure = false;
  std::optional<std::chrono::milliseconds> timeout;
};

/// The flags; or, after --help, --version or a mistake that was explained, the status to exit with.
struct ParsedFlags {
  std::optional<Flags> flags;
  int exit_status = 0;
};
ParsedFlags ParseFlags(int argc, const char* const* argv);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_FLAGS_H_
