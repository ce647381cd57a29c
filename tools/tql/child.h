// Programs that the shell starts on its terminal.
#ifndef TQLKIT_TOOLS_TQL_CHILD_H_
#define TQLKIT_TOOLS_TQL_CHILD_H_

#include <sys/types.h>
#include <unistd.h>

#include <string>

#include "tql/status.h"

namespace tql::shell {

/// Starts the command by sh, with `argument` as its $1 and `input` and `output` as its standard
/// input and output; its signals are those of a new program. 0 when that fails.
pid_t SpawnShell(const std::string& command, const std::string& argument, int input,
                 int output = STDOUT_FILENO);

/// Waits for its end. Its exit status; -1 when a signal ended it.
int WaitFor(pid_t pid);

/// The same for a command whose success matters: FAILED_PRECONDITION unless its status was 0.
Status EndOf(const std::string& command, pid_t pid);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CHILD_H_
