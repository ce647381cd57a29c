// The interactive shell.
#ifndef TQLKIT_TOOLS_TQL_INTERACTIVE_H_
#define TQLKIT_TOOLS_TQL_INTERACTIVE_H_

#include "tools/tql/flags.h"
#include "tools/tql/interrupts.h"
#include "tools/tql/session.h"

namespace tql::shell {

/// Reads statements, which may have several lines, and commands (meta_commands.h), and executes
/// them until exit;, quit;, \q or Ctrl-D. Errors do not end it. `flags` are those of the session.
ExitCode RunInteractive(Session& session, Interrupts& interrupts, const Flags& flags);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_INTERACTIVE_H_
