// Programs that the shell starts on its terminal.
#ifndef TQLKIT_TOOLS_TQL_CHILD_H_
#define TQLKIT_TOOLS_TQL_CHILD_H_

#include <sys/types.h>
#include <unistd.h>

#include <string>

#include "tql/status.h"

namespace tql::shell {

/// Starts a command with sh, with `argument` as its $1 and `input` (-1: /dev/null) and `output` as
/// its standard input and output. Returns 0 if that fails.
pid_t SpawnShell(const std::string& command, const std::string& argument, int input,
                 int output = STDOUT_FILENO);

/// Waits for the end of a command. FAILED_PRECONDITION unless its exit status is 0.
Status EndOf(const std::string& command, pid_t pid);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CHILD_H_
