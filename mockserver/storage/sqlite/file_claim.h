// Ensures that only one process uses a database, because servers keep the catalog in memory.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FILE_CLAIM_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FILE_CLAIM_H_

#include <string>
#include <utility>

#include "tql/status.h"

namespace tql::storage::sqlite {

/// A lock on the file of a database, whatever the name by which it was opened. Uses flock(), which
/// does not conflict with SQLite's fcntl() locks. It ends when the claim is destroyed, and when the
/// process ends in any way.
class FileClaim {
 public:
  /// Creates a missing file. UNAVAILABLE if another process has the claim, or if the file cannot be
  /// created or opened. Must be destroyed after SQLite's connections: a process that closes a file
  /// loses SQLite's locks on it.
  static StatusOr<FileClaim> Take(const std::string& path);

  FileClaim() = default;
  FileClaim(FileClaim&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileClaim& operator=(FileClaim&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~FileClaim();

 private:
  explicit FileClaim(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FILE_CLAIM_H_
