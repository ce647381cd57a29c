// The flags of the command line.
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
  std::string url;   // empty: `host`, or the URL of the environment or profile
  std::string host;  // HOST[:PORT] of an https service, as for the vendor's clients
  std::string profile;
  std::vector<Input> inputs;  // -c and -f, in order
  Settings settings;
  std::string output;          // file for results; empty: standard output
  bool server_script = false;  // the inputs are scripts of ScriptKind::kProto
  bool debug = false;          // log requests and responses
  bool no_rc = false;          // do not execute tqlrc
  bool dry_run = false;        // print the statements without executing them
  std::string database;
  std::string schema;
  std::string user;
  std::string password_file;
  std::string ca_file;
  bool insecure = false;
  std::optional<std::chrono::milliseconds> timeout;
};

/// The flags or, after --help, --version or an error that was printed, the exit status.
struct ParsedFlags {
  std::optional<Flags> flags;
  int exit_status = 0;
};
ParsedFlags ParseFlags(int argc, const char* const* argv);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_FLAGS_H_
