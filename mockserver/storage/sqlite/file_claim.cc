#include "mockserver/storage/sqlite/file_claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tql::storage::sqlite {

StatusOr<FileClaim> FileClaim::Take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
  if (file < 0) {
    return UnavailableError("cannot open the database " + path + ": " + std::strerror(errno));
  }
  FileClaim claim(file);
  struct stat info {};
  if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    return UnavailableError("cannot open the database " + path + ": it is no regular file");
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
