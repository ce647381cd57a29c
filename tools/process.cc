#include "tools/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace tql::tools {
namespace {

Status SystemError(const std::string& what, int error) {
  return InternalError(what + ": " + std::generic_category().message(error));
}

std::vector<char*> Pointers(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  return pointers;
}

}  // namespace

StatusOr<pid_t> Spawn(const Program& program) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const struct {
    int from;
    int to;
    int flags;
  } streams[] = {{program.input, STDIN_FILENO, O_RDONLY},
                 {program.output, STDOUT_FILENO, O_WRONLY}};
  for (const auto& stream : streams) {
    if (stream.from >= 0) {
      posix_spawn_file_actions_adddup2(&actions, stream.from, stream.to);
    } else {
      posix_spawn_file_actions_addopen(&actions, stream.to, "/dev/null", stream.flags, 0);
    }
  }
  if (program.error >= 0) {
    posix_spawn_file_actions_adddup2(&actions, program.error, STDERR_FILENO);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int group = program.own_group ? POSIX_SPAWN_SETPGROUP : 0;
  posix_spawnattr_setflags(
      &attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group));

  std::vector<char*> argv = Pointers(program.argv);
  argv.push_back(nullptr);
  std::vector<char*> environment = Pointers(program.environment);
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return SystemError("cannot start " + program.argv[0], error);
  return pid;
}

StatusOr<Ending> WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return SystemError("waitpid", errno);
  }
  if (WIFSIGNALED(status)) return Ending{.status = 0, .signal = WTERMSIG(status)};
  return Ending{.status = WEXITSTATUS(status), .signal = 0};
}

}  // namespace tql::tools
