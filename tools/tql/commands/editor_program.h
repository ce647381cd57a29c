// The user's editor.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_

#include <string>

#include "tql/status.h"

namespace tql::shell {

/// Edits a text with $VISUAL, $EDITOR or vi and returns the result. ABORTED if the program fails;
/// UNAVAILABLE if the temporary file cannot be created or read.
StatusOr<std::string> EditText(const std::string& text);
/// Edits a file in the same way and returns its contents. The file is kept.
StatusOr<std::string> EditFile(const std::string& file);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_
