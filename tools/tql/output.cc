#include "tools/tql/output.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "tools/tql/visible.h"

namespace tql::shell {

Output::Output(int fd) : fd_(fd), terminal_(isatty(fd) == 1) {}

void Output::WriteText(std::string_view text) {
  if (terminal_) return Write(VisibleLines(text));
  Write(text);
}

std::size_t Output::columns() const {
  winsize size{};
  return terminal_ && ioctl(fd_, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

FileOutput::~FileOutput() {
  out_.Flush();
  close(fd_);
}

void Output::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !broken_) {
    const ssize_t written = write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{fd_, POLLOUT, 0};
      poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      broken_ = true;
      error_ = errno;
    }
  }
  buffer_.clear();
}

}  // namespace tql::shell
