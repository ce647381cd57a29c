// Statements and commands from the command line, files and standard input, one after the other.
#ifndef TQLKIT_TOOLS_TQL_BATCH_H_
#define TQLKIT_TOOLS_TQL_BATCH_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/copy/script_data.h"
#include "tools/tql/session.h"

namespace tql::shell {

struct Input {
  enum class Kind { kText, kFile };
  Kind kind = Kind::kText;
  std::string value;  // the text, or the path; "-" is standard input
};

/// Whether the statement, without its semicolon, is exit or quit, which end the shell.
bool IsExit(std::string_view statement);

/// Why it cannot be read; empty when it can.
std::string MistakeOf(const Input& input);

/// Whether all files can be opened; says on standard error which cannot.
bool CheckInputs(const std::vector<Input>& inputs);

class MetaCommands;

/// How a command that begins with a backslash went.
struct CommandEnd {
  ExitCode code = ExitCode::kOk;
  bool took_statement = false;  // the statement that it interrupted is no more
  bool exit = false;            // nothing more of this input is to run
};

/// A text, and where it stands in a script.
struct PlacedText {
  std::string text;
  Source source;
};

/// What is to happen with each statement of a batch.
struct Runner {
  /// Runs one, without its semicolon.
  std::function<ExitCode(const std::string& statement, const Source& source)> run;
  /// Runs a command. `begun` is the statement that it interrupts, as far as it has come; perhaps
  /// empty. `data` is what stands behind it, if it wants that; null when that cannot be, as
  /// with -c.
  std::function<CommandEnd(const std::string& command, const PlacedText& begun,
                           const Source& source, ScriptData* data)>
      command;
  /// Whether further statements would be for nothing; may be empty.
  std::function<bool()> done;
  /// The rules of what follows, which a command may change; TQL's when empty.
  std::function<dialect::ScriptRules()> rules;
  /// Go on after kStatementFailed; the whole batch ends with it all the same.
  bool keep_going = false;
};

/// Gives the statements and commands of all inputs to `runner` in their order, up to the first that
/// fails. Files are read piece by piece.
ExitCode RunBatch(const Runner& runner, const std::vector<Input>& inputs);

/// Runs them in the session, as its settings say; each command in `commands`.
ExitCode RunBatch(Session& session, MetaCommands& commands, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_BATCH_H_
