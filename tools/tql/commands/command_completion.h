// What Tab does in a line that begins with a backslash.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_

#include <string_view>

#include "tools/tql/edit/completion.h"

namespace tql::shell {

/// `line`: up to the cursor. Commands, then what the help calls their arguments: names of the
/// catalog, which `names` knows, files, settings and their values, words.
Completer::Completion CompleteCommand(std::string_view line, const Completer& names);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_COMMAND_COMPLETION_H_
