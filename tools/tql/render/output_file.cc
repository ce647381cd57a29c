#include "tools/tql/render/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace tql::shell {
namespace {

Status CannotWrite(const std::string& path, const std::string& why) {
  return UnavailableError("cannot write " + path + ": " + why);
}

mode_t UsualMode() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

/// Returns the number of the descriptor that the path names.
std::optional<int> NamedDescriptor(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const char* const end = path.data() + path.size();
    int number = 0;
    const auto [at, error] = std::from_chars(path.data() + folder.size(), end, number);
    if (error == std::errc() && at == end) return number;
  }
  return std::nullopt;
}

}  // namespace

StatusOr<int> OpenInPlace(const std::string& path) {
  int fd = -1;
  if (const auto named = NamedDescriptor(path)) {
    fd = fcntl(*named, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  } else {
    struct stat there {};
    if (stat(path.c_str(), &there) != 0 || S_ISREG(there.st_mode)) return -1;
    fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENXIO) return CannotWrite(path, "nobody reads it");
    if (fd >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  }
  if (fd < 0) return CannotWrite(path, std::strerror(errno));
  return fd;
}

StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path) {
  struct stat there {};
  const bool exists = stat(path.c_str(), &there) == 0;
  if (NamedDescriptor(path) || (exists && !S_ISREG(there.st_mode))) {
    return FailedPreconditionError("cannot write " + path + ": it is not a regular file");
  }
  std::string target = path;
  if (exists) {
    if (access(path.c_str(), W_OK) != 0) return CannotWrite(path, std::strerror(errno));
    std::error_code error;
    target = std::filesystem::canonical(path, error).string();
    if (error) return CannotWrite(path, error.message());
  }
  std::string temporary = target + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return CannotWrite(path, std::strerror(errno));
  fchmod(fd, exists ? there.st_mode & 07777 : UsualMode());
  return std::unique_ptr<OutputFile>(new OutputFile(fd, target, std::move(temporary)));
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
  close(fd_);
}

Status OutputFile::Commit() {
  out_.Flush();
  if (out_.broken()) return CannotWrite(path_, std::strerror(out_.error()));
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return CannotWrite(path_, std::strerror(errno));
  }
  temporary_.clear();
  return {};
}

}  // namespace tql::shell
