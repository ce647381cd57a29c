#include "proto/base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "proto/base/status_macros.h"

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

int Open(const std::string& path) {
  // Without O_NONBLOCK, opening a pipe blocks until it has a writer, and nothing could stop that.
  return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

Status CheckKind(const struct stat& info, FileKind kind) {
  if (kind == FileKind::kAny || S_ISREG(info.st_mode)) return {};
  return FailedPreconditionError(S_ISDIR(info.st_mode) ? "a directory, not a file"
                                                       : "not a regular file");
}

Status CheckTrust(const std::string& path, const struct stat& info, mode_t forbidden) {
  if ((info.st_mode & forbidden) != 0) {
    const bool private_file = (forbidden & (S_IRGRP | S_IROTH)) != 0;
    return PermissionDeniedError(private_file
                                     ? "other users have access to it; run: chmod 600 " + path
                                     : "other users can write it; run: chmod go-w " + path);
  }
  const bool own = info.st_uid == geteuid() || info.st_uid == 0;
  return own ? Status() : PermissionDeniedError("it belongs to another user");
}

StatusOr<std::string> ReadAll(int file, std::size_t most, FileKind kind,
                              const std::stop_token& stop) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  std::string text;
  for (;;) {
    const std::size_t size = text.size();
    if (size > most) {
      return ResourceExhaustedError("larger than " + std::to_string(most) + " bytes");
    }
    if (kind == FileKind::kAny && !WaitToRead(file, stop)) {
      return CancelledError("the reading was cancelled");
    }
    text.resize(size + std::min(kBlock, most + 1 - size));
    const ssize_t count = read(file, text.data() + size, text.size() - size);
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
    if (count < 0 && errno != EINTR && errno != EAGAIN) return FailedPreconditionError(Reason());
  }
}

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path, std::size_t most, FileKind kind,
                               const std::stop_token& stop) {
  const Descriptor file(Open(path));
  if (file.get() < 0) return NotFoundError(Reason());
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return FailedPreconditionError(Reason());
  TQL_RETURN_IF_ERROR(CheckKind(info, kind));
  return ReadAll(file.get(), most, kind, stop);
}

StatusOr<std::string> ReadTrustedFile(const std::string& path, std::size_t most, mode_t forbidden) {
  const Descriptor file(Open(path));
  if (file.get() < 0) return NotFoundError(Reason());
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return FailedPreconditionError(Reason());
  TQL_RETURN_IF_ERROR(CheckKind(info, FileKind::kRegular));
  TQL_RETURN_IF_ERROR(CheckTrust(path, info, forbidden));
  return ReadAll(file.get(), most, FileKind::kRegular, {});
}

}  // namespace tql::base
