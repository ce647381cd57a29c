#include "proto/base/file.h"

#include <fcntl.h>
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

}  // namespace

StatusOr<std::string> ReadFile(const std::string& path, std::size_t most, FileKind kind) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  // Without O_NONBLOCK, opening a pipe blocks until it has a writer.
  const int flags = O_RDONLY | O_CLOEXEC | (kind == FileKind::kRegular ? O_NONBLOCK : 0);
  const Descriptor file(open(path.c_str(), flags));
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
    text.resize(size + std::min(kBlock, most + 1 - size));
    const ssize_t count = read(file.get(), text.data() + size, text.size() - size);
    text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) return text;
    if (count < 0 && errno != EINTR) return FailedPreconditionError(Reason());
  }
}

}  // namespace tql::base
