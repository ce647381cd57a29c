#include "tools/tql/child.h"

#include "tools/process.h"

namespace tql::shell {

pid_t SpawnShell(const std::string& command, const std::string& argument, int input, int output) {
  const StatusOr<pid_t> pid = tools::Spawn(
      {.argv = {"/bin/sh", "-c", command, "sh", argument}, .input = input, .output = output});
  return pid.ok() ? *pid : 0;
}

Status EndOf(const std::string& command, pid_t pid) {
  const StatusOr<tools::Ending> ending = tools::WaitFor(pid);
  if (!ending.ok()) return ending.status();
  if (ending->ok()) return {};
  return FailedPreconditionError("the program '" + command + "'" +
                                 (ending->signal != 0
                                      ? " was ended by a signal"
                                      : " ended with status " + std::to_string(ending->status)));
}

}  // namespace tql::shell
