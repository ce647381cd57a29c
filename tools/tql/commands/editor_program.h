// The person's own editor.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_

#include <string>

#include "tql/status.h"

namespace tql::shell {

/// The text as it is when the person leaves $VISUAL, $EDITOR or vi. ABORTED when the program fails;
/// UNAVAILABLE when the file cannot be made or read.
StatusOr<std::string> EditText(const std::string& text);
/// The same with a file, which stays.
StatusOr<std::string> EditFile(const std::string& file);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_EDITOR_PROGRAM_H_
