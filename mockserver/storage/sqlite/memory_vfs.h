// Files in memory for SQLite, with the concurrency of files on a disk. Unlike SQLite's in-memory
// databases they support a write-ahead log with its shared index, so that readers keep their
// snapshots while one connection writes.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mockserver/storage/sqlite/memory_file.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// A folder of the file system in memory, which SQLite knows as vfs(). The files exist as long as
/// the folder, which must outlive the connections to them.
///
/// SQLite's temporary files (large sorts and intermediate results) are in the default file system,
/// so that memory is bounded, or in memory if that cannot open them.
///
/// Thread safety: every method may be called from any thread.
class MemoryFolder {
 public:
  static StatusOr<std::unique_ptr<MemoryFolder>> Create();
  ~MemoryFolder();
  MemoryFolder(const MemoryFolder&) = delete;
  MemoryFolder& operator=(const MemoryFolder&) = delete;

  // Arguments of sqlite3_open_v2: the file system, which all folders share, and the path of a file.
  static const char* vfs();
  std::string PathOf(std::string_view file) const { return name_ + '/' + std::string(file); }

  /// nullptr for an unknown file.
  std::shared_ptr<MemoryFile> Find(const std::string& file) const;
  /// Throws std::bad_alloc.
  std::shared_ptr<MemoryFile> FindOrMake(const std::string& file);
  /// Open connections keep the file. False for an unknown file.
  bool Remove(const std::string& file);
  /// Creates a file with the current bytes of `from`. Throws std::bad_alloc.
  void Copy(const std::string& file, const MemoryFile& from);

 private:
  explicit MemoryFolder(std::string name) : name_(std::move(name)) {}

  const std::string name_;
  mutable base::Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<MemoryFile>> files_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_
