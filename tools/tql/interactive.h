// The shell on a terminal.
#ifndef TQLKIT_TOOLS_TQL_INTERACTIVE_H_
#define TQLKIT_TOOLS_TQL_INTERACTIVE_H_

#include "tools/tql/interrupts.h"
#include "tools/tql/session.h"

namespace tql::shell {

/// Reads statements, which may have several lines, and runs them until exit;, quit; or Ctrl-D.
/// Statements that fail end nothing.
ExitCode RunInteractive(Session& session, Interrupts& interrupts);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_INTERACTIVE_H_
