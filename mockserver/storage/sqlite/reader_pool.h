// Connections for reading: one per cursor, opened when needed.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/connection.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// Closed at first. Thread safety: every method may be called from any thread. Must outlive the
/// connections that it hands out.
class ReaderPool {
 public:
  struct Return {
    ReaderPool* pool = nullptr;
    bool spare = false;
    void operator()(Connection* connection) const { pool->TakeBack(connection, spare); }
  };
  /// Returns to the pool when destroyed.
  using Reader = std::unique_ptr<Connection, Return>;

  /// `options` is borrowed.
  ReaderPool(const SqliteOptions& options, std::string path, const char* vfs)
      : options_(options), path_(std::move(path)), vfs_(vfs) {}

  void Open();
  /// Closes the pool and its connections; false if one of them is in use.
  bool Close();
  /// Null while the pool is closed. RESOURCE_EXHAUSTED if too many readers are in use.
  StatusOr<Reader> Take();
  /// Returns another reader for a query that already has one. These readers have a limit of their
  /// own, so that other queries are not refused because of them. Null if the limit is reached.
  Reader TakeSpare();

 private:
  Reader TakeIdle(bool spare) TQL_REQUIRES(mutex_);
  StatusOr<Reader> Connect(bool spare);
  void TakeBack(Connection* connection, bool spare);

  const SqliteOptions& options_;
  const std::string path_;
  const char* const vfs_;
  base::Mutex mutex_;
  bool open_ TQL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Connection>> idle_ TQL_GUARDED_BY(mutex_);
  std::size_t in_use_ TQL_GUARDED_BY(mutex_) = 0;  // without spare readers
  std::size_t spare_in_use_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_
