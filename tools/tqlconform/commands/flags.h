// The command line of tqlconform.
#ifndef TQLKIT_TOOLS_TQLCONFORM_COMMANDS_FLAGS_H_
#define TQLKIT_TOOLS_TQLCONFORM_COMMANDS_FLAGS_H_

#include <chrono>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/selection.h"

namespace tqlconform {

/// "--report junit=FILE"
struct ReportFile {
  std::string format;
  std::string path;
};

struct Flags {
  std::string command;  // "server", "list", …
  // Which cases.
  std::vector<std::string> case_paths;    // None: those of the program.
  std::vector<std::string> mutant_paths;  // Of the self-test. None: those of the program.
  Selection selection;
  // The server under test.
  std::vector<std::string> urls;
  std::string user = "tsadmin";
  std::string password_file;      // Empty: $TQL_PASSWORD.
  std::string unprivileged_user;  // Its password: $TQL_UNPRIVILEGED_PASSWORD.
  std::string ca_file;
  bool insecure = false;
  confpb::Risk risk = confpb::READ_ONLY;
  std::set<std::string> lacks;
  std::set<std::string> variants;
  // The program under test; its command is `arguments`.
  std::string adapter = "full";
  std::vector<confpb::Transport> transports;  // None: all.
  bool mutants = false;
  // The run.
  bool strict = false;
  unsigned jobs = 0;  // 0: what suits the command.
  std::chrono::milliseconds timeout{10'000};
  std::string known_failing;
  std::string known_flaky;
  bool fix = false;
  std::vector<ReportFile> reports;
  std::string trace;
  // Of `client` the command, of `show` the cases, of `diff` two reports.
  std::vector<std::string> arguments;
};

/// Returns the parsed flags, or the exit status of a command line that runs nothing: --help,
/// --version or an error, which has been printed.
std::variant<Flags, int> ParseFlags(int argc, const char* const* argv);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_COMMANDS_FLAGS_H_
