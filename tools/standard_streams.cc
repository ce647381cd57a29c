// Opens standard input, output and error on /dev/null if they were closed when the program was
// started. Otherwise the next socket or file would get their number and receive the program's
// output. Input is opened for writing and the others for reading, so that their use fails with
// EBADF, as for closed streams.
//
// Linked into each program. Runs before the initialisers of all libraries, because those of gRPC
// already open files.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// The sanitizers are not initialised at this time.
__attribute__((no_sanitize("address", "thread", "undefined"))) void OpenStandardStreams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (syscall(SYS_fcntl, stream, F_GETFD) >= 0) continue;
    // open() returns the lowest free number, which is this one.
    syscall(SYS_openat, AT_FDCWD, "/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

__attribute__((section(".preinit_array"), used)) void (*run_first)() = OpenStandardStreams;

}  // namespace
