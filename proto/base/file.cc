#include "proto/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tql::base {
namespace {

std::string Reason() { return std::generic_category().message(errno); }

/// A file descriptor that is closed on destruction.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

/// Waits until there is something to read, or the end. False when `stop` was requested.
bool WaitToRead(int fd, const std::stop_token& stop) {
  constexpr int kTickMs = 100;
  pollfd poller{fd, POLLIN, 0};
  while (!stop.stop_requested()) {
    const int ready = poll(&poller, 1, stop.stop_possible() ? kTickMs : -1);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // read() tells what is wrong
  }
  return false;
}

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path, std::size_t most, FileKind kind,
                               const std::stop_token& stop) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  // Without O_NONBLOCK, opening a pipe blocks until it has a writer, and nothing could stop that.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return NotFoundError(Reason());
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return FailedPreconditionError(Reason());
  if (kind == FileKind::kRegular && !S_ISREG(info.st_mode)) {
    return FailedPreconditionError(S_ISDIR(info.st_mode) ? "a directory, not a file"
                                                         : "not a regular file");
  }
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    if (size > most) {
      return ResourceExhaustedError("larger than " + std::to_string(most) + " bytes");
    }
    if (kind == FileKind::kAny && !WaitToRead(file.get(), stop)) {
      return CancelledError("the reading was cancelled");
    }
    text.resize(size + std::min(kBlock, most + 1 - size));
    const ssize_t count = read(file.get(), text.data() + size, text.size() - size);
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
    if (count < 0 && errno != EINTR && errno != EAGAIN) return FailedPreconditionError(Reason());
  }
}

}  // namespace tql::base
