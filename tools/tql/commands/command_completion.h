// Completion of backslash commands.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_

#include <string_view>

#include "tools/tql/edit/completion.h"

namespace tql::shell {

/// Completes `line`, which ends at the cursor: the command, or its argument according to the help:
/// names of the catalog (from `names`), files, settings and their values, or fixed words.
Completer::Completion CompleteCommand(std::string_view line, const Completer& names);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_
