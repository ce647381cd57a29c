#include "mockserver/storage/sqlite/file_claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tql::storage::sqlite {

namespace {

/// Creates a missing file with access for its owner only, and not through a symbolic link.
int OpenOrMake(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NONBLOCK;
  const int existing = ::open(path.c_str(), kFlags);
  if (existing >= 0 || errno != ENOENT) return existing;
  const int made = ::open(path.c_str(), kFlags | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  // Another server has created it meanwhile, or it is a link to a missing file.
  return made < 0 && errno == EEXIST ? ::open(path.c_str(), kFlags) : made;
}

}  // namespace

StatusOr<FileClaim> FileClaim::Take(const std::string& path) {
  const int file = OpenOrMake(path);
  if (file < 0) {
    return UnavailableError("cannot open the database " + path + ": " + std::strerror(errno));
  }
  FileClaim claim(file);
  struct stat info {};
  if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    return UnavailableError("cannot open the database " + path + ": it is not a regular file");
  }
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return UnavailableError(path + " is in use by another server");
  }
  return claim;
}

FileClaim::~FileClaim() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tql::storage::sqlite
