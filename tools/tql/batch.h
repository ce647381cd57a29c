// Statements from the command line, files and standard input, one after the other.
#ifndef TQLKIT_TOOLS_TQL_BATCH_H_
#define TQLKIT_TOOLS_TQL_BATCH_H_

#include <string>
#include <vector>

#include "tools/tql/session.h"

namespace tql::shell {

struct Input {
  enum class Kind { kText, kFile };
  Kind kind = Kind::kText;
  std::string value;  // the text, or the path; "-" is standard input
};

/// Whether all files can be opened; says on standard error which cannot.
bool CheckInputs(const std::vector<Input>& inputs);

/// Runs the statements of all inputs in their order, up to the first that fails. Files are read
/// piece by piece.
ExitCode RunBatch(Session& session, const std::vector<Input>& inputs);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_BATCH_H_
