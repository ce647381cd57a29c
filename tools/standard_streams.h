// What a program needs of the descriptors it was started with.
#ifndef TQLKIT_TOOLS_STANDARD_STREAMS_H_
#define TQLKIT_TOOLS_STANDARD_STREAMS_H_

#include <fcntl.h>
#include <unistd.h>

namespace tql::tools {

/// Opens standard input, output and error on /dev/null where whoever started the program closed
/// them: else the next socket or file would take the number, and with it what is meant for a
/// person. To be called before anything opens a file.
inline void OpenStandardStreams() {
  int fd = 0;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_STANDARD_STREAMS_H_
