// Statements from the command line, files and standard input, one after the other.
#ifndef TQLKIT_TOOLS_TQL_BATCH_H_
#define TQLKIT_TOOLS_TQL_BATCH_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/session.h"

namespace tql::shell {

struct Input {
  enum class Kind { kText, kFile };
  Kind kind = Kind::kText;
  std::string value;  // the text, or the path; "-" is standard input
};

/// Whether the statement, without its semicolon, is exit or quit, which end the shell.
bool IsExit(std::string_view statement);

/// Whether all files can be opened; says on standard error which cannot.
bool CheckInputs(const std::vector<Input>& inputs);

/// What is to happen with each statement of a batch.
struct Runner {
  /// Runs one, without its semicolon; `source` is null when it comes from no file.
  std::function<ExitCode(const std::string& statement, const Source* source)> run;
  /// Whether further statements would be for nothing; may be empty.
  std::function<bool()> done;
  /// Go on after kStatementFailed; the whole batch ends with it all the same.
  bool keep_going = false;
};

/// Gives the statements of all inputs to `runner` in their order, up to the first that fails. Files
/// are read piece by piece.
ExitCode RunBatch(const Runner& runner, const std::vector<Input>& inputs);

/// Runs them in the session, as its settings say.
ExitCode RunBatch(Session& session, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_BATCH_H_
