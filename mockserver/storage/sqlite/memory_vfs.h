// Files in memory for SQLite, with the same concurrency as files on a disk: unlike SQLite's own
// in-memory databases they carry a write-ahead log and its shared index, so that readers keep their
// snapshots while one connection writes.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_

#include <memory>
#include <string>

#include "tql/status.h"

namespace tql::storage::sqlite {

/// A file system of its own, known to SQLite by a name that no other has. The files live as long as
/// it does; it must outlive every connection that uses it. Connections may belong to any number of
/// threads of this process.
///
/// What SQLite writes into temporary files (large sorts, large intermediate results) goes to the
/// default file system, so that memory stays flat; when that has no room to open one, to memory.
class MemoryVfs {
 public:
  static StatusOr<std::unique_ptr<MemoryVfs>> Create();
  ~MemoryVfs();
  MemoryVfs(const MemoryVfs&) = delete;
  MemoryVfs& operator=(const MemoryVfs&) = delete;

  /// What sqlite3_open_v2 takes.
  const char* name() const { return name_.c_str(); }

  class Files;  // of the source file

 private:
  MemoryVfs();
  struct Registration;

  std::string name_;
  std::unique_ptr<Files> files_;
  std::unique_ptr<Registration> registration_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_
