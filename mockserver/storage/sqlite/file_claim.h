// One process a database: the catalog lives in the server's memory as well.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FILE_CLAIM_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FILE_CLAIM_H_

#include <string>
#include <utility>

#include "tql/status.h"

namespace tql::storage::sqlite {

/// A lock on the database's file, under whatever name it was opened; SQLite's own are of another
/// kind. It ends with the claim, and with the process however that ends.
class FileClaim {
 public:
  /// Makes the file where there is none. UNAVAILABLE when another has it, or it cannot be made or
  /// opened. To be let go after SQLite's connections: a process that closes a file loses SQLite's
  /// locks on it.
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
