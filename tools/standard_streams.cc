// Opens standard input, output and error on /dev/null where whoever started the program closed
// them: else the next socket or file would take the number, and with it what is meant for a person.
// Input is opened for writing and the others for reading, so that their use fails with EBADF, as
// that of closed ones does.
//
// A part of each program. It runs before the initialisers of all libraries, because those of gRPC
// already open files.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// The libraries of the sanitizers are not ready at this time.
__attribute__((no_sanitize("address", "thread", "undefined"))) void OpenStandardStreams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (syscall(SYS_fcntl, stream, F_GETFD) >= 0) continue;
    // Takes the lowest number that is free: this one.
    syscall(SYS_openat, AT_FDCWD, "/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

__attribute__((section(".preinit_array"), used)) void (*run_first)() = OpenStandardStreams;

}  // namespace
