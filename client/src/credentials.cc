#include "tql/credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace tql {
namespace {

constexpr std::size_t kMostPasswordBytes = 4096;

Status FileError(const std::string& path, const std::string& reason) {
  return FailedPreconditionError("password file " + path + ": " + reason);
}

StatusOr<std::string> FirstLine(int fd, const std::string& path) {
  struct stat info {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return FileError(path, "not a regular file");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FileError(path, "other users have access to it; run: chmod 600 " + path);
  }
  std::string text;
  std::array<char, 512> buffer;
  while (text.find('\n') == std::string::npos && text.size() <= kMostPasswordBytes) {
    const ssize_t n = read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(path, std::generic_category().message(errno));
    if (n == 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  text.resize(std::min(text.size(), text.find('\n')));
  if (!text.empty() && text.back() == '\r') text.pop_back();
  if (text.empty()) return FileError(path, "its first line is empty");
  if (text.size() > kMostPasswordBytes) return FileError(path, "its first line is too long");
  return text;
}

}  // namespace

StatusOr<std::string> Credentials::password() const {
  switch (source_) {
    case Source::kNone:
      return FailedPreconditionError("no password is given");
    case Source::kText:
      return value_;
    case Source::kEnvironment:
      if (const char* text = std::getenv(value_.c_str())) return std::string(text);
      return FailedPreconditionError("the environment variable " + value_ + " is not set");
    case Source::kFile: {
      const int fd = open(value_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
      if (fd < 0) {
        return NotFoundError("password file " + value_ + ": " +
                             std::generic_category().message(errno));
      }
      StatusOr<std::string> line = FirstLine(fd, value_);
      close(fd);
      return line;
    }
  }
  return InternalError("unknown source of a password");
}

}  // namespace tql
