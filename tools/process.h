// Child processes of the tools.
#ifndef TQLKIT_TOOLS_PROCESS_H_
#define TQLKIT_TOOLS_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "tql/status.h"

namespace tql::tools {

struct Program {
  std::vector<std::string> argv;              ///< argv[0] is looked up in PATH.
  int input = -1;                             ///< Its standard input; -1: /dev/null.
  int output = -1;                            ///< Its standard output; -1: /dev/null.
  std::vector<std::string> environment = {};  ///< NAME=VALUE, before the entries of this process.
  int error = -1;                             ///< Its standard error; -1: that of this process.
  bool own_group = false;  ///< It is the leader of a process group, which kill() can end with it.
};

/// Starts a program. Its signals are those of a new program: none blocked, SIGPIPE ends it.
StatusOr<pid_t> Spawn(const Program& program);

/// How a process ended.
struct Ending {
  int status = 0;  ///< Its exit status.
  int signal = 0;  ///< The signal that ended it; 0 for none.
  bool ok() const { return status == 0 && signal == 0; }
};

/// Waits for the end of a child.
StatusOr<Ending> WaitFor(pid_t pid);

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_PROCESS_H_
