// Opens standard input, output and error on /dev/null where whoever started the program closed them:
// else the next socket or file would take the number, and with it what is meant for a person.
//
// A part of each program. It runs before the initialisers of all libraries, because those of gRPC
// already open files.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

// The libraries of the sanitizers are not ready at this time.
__attribute__((no_sanitize("address", "thread", "undefined"))) void OpenStandardStreams() {
  long fd = 0;
  do {
    fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) syscall(SYS_close, fd);
}

__attribute__((section(".preinit_array"), used)) void (*run_first)() = OpenStandardStreams;

}  // namespace
