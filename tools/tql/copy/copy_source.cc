#include "tools/tql/copy/copy_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "tools/tql/child.h"

namespace tql::shell {

CopySource::CopySource() : wake_(eventfd(0, EFD_CLOEXEC)) {}

CopySource::~CopySource() {
  (void)Close();
  close(wake_);
}

Status CopySource::OpenProgram(const std::string& command) {
  path_ = command;
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) == 0) {
    program_ = SpawnShell(command, "", -1, ends[1]);
    close(ends[1]);
    fd_ = ends[0];
    owns_fd_ = true;
  }
  return program_ != 0 ? Status() : FailedPreconditionError("cannot run " + command);
}

Status CopySource::Close() {
  if (owns_fd_ && fd_ >= 0) close(fd_);  // ends a program that still writes
  fd_ = -1;
  return program_ == 0 ? Status() : EndOf(path_, std::exchange(program_, 0));
}

Status CopySource::Open(const std::string& path) {
  if (path.empty()) return Open(STDIN_FILENO);
  path_ = path;
  owns_fd_ = true;
  return Open(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

Status CopySource::Open(int fd) {
  fd_ = fd;
  struct stat info {};
  const bool is_open = fd_ >= 0 && fstat(fd_, &info) == 0;
  if (!is_open || S_ISDIR(info.st_mode)) {
    return FailedPreconditionError("cannot read " + path_ + ": " +
                                   std::strerror(is_open ? EISDIR : errno));
  }
  if (S_ISREG(info.st_mode)) size_ = static_cast<std::uint64_t>(info.st_size);
  return {};
}

StatusOr<std::size_t> CopySource::Read(char* into, std::size_t size, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { (void)!eventfd_write(wake_, 1); });
  for (;;) {
    pollfd wait[2] = {{fd_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(wait, 2, -1) < 0 && errno == EINTR) continue;
    if (wait[1].revents != 0) return CancelledError("cancelled");
    const ssize_t count = read(fd_, into, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EINTR || errno == EAGAIN) continue;
    return FailedPreconditionError("cannot read " + path_ + ": " + std::strerror(errno));
  }
}

}  // namespace tql::shell
