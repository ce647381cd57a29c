#include "mockserver/storage/sqlite/file_claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tql::storage::sqlite {

StatusOr<FileClaim> FileClaim::Take(const std::string& path) {
  const std::string name = path + ".lock";
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return UnavailableError("cannot make " + name + ": " + std::strerror(errno));
  }
  FileClaim claim(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return UnavailableError(path + " is in use by another server");
  }
  return claim;
}

FileClaim::~FileClaim() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tql::storage::sqlite
