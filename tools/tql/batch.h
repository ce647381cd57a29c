// Batch mode: executes the statements and commands of the command line, files and standard input.
#ifndef TQLKIT_TOOLS_TQL_BATCH_H_
#define TQLKIT_TOOLS_TQL_BATCH_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/copy/script_data.h"
#include "tools/tql/session.h"

namespace tql::shell {

/// An input of a batch.
struct Input {
  enum class Kind { kText, kFile };
  Kind kind = Kind::kText;
  std::string value;  // the text, or the path; "-" is standard input
};

/// Whether the statement, without its semicolon, is exit or quit, which end the shell.
bool IsExit(std::string_view statement);

/// Returns why the input cannot be read; empty if it can.
std::string MistakeOf(const Input& input);

/// Whether all files can be opened. Prints errors to standard error.
bool CheckInputs(const std::vector<Input>& inputs);

class MetaCommands;

/// The result of a backslash command.
struct CommandEnd {
  ExitCode code = ExitCode::kOk;
  bool took_statement = false;  // the command consumed the incomplete statement
  bool exit = false;            // the rest of the input must not be executed
};

/// A text and its position in a script.
struct PlacedText {
  std::string text;
  Source source;
};

/// The callbacks that execute a batch.
struct Runner {
  /// Executes a statement, which is passed without its semicolon.
  std::function<ExitCode(const std::string& statement, const Source& source)> run;
  /// Executes a command. `begun` is the incomplete statement before it, possibly empty. `data`
  /// reads the script after the command, for commands that take data; null if there is none, as
  /// with -c.
  std::function<CommandEnd(const std::string& command, const PlacedText& begun,
                           const Source& source, ScriptData* data)>
      command;
  /// Whether further statements are useless, e.g. because the output is closed; may be empty.
  std::function<bool()> done;
  /// The rules for splitting the rest of the script, which a command may change; if empty, TQL's.
  std::function<dialect::ScriptRules()> rules;
  /// Continue after kStatementFailed. The batch still ends with that code.
  bool keep_going = false;
};

/// Passes the statements and commands of all inputs to `runner` in order, up to the first failure.
/// Files are read piece by piece.
ExitCode RunBatch(const Runner& runner, const std::vector<Input>& inputs);

/// Executes the inputs in the session, according to its settings; commands are executed by
/// `commands`.
ExitCode RunBatch(Session& session, MetaCommands& commands, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_BATCH_H_
