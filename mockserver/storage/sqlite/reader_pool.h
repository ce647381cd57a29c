// Connections for reading: one a cursor, made when needed.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_

#include <memory>
#include <string>
#include <vector>

#include "mockserver/storage/sqlite/connection.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// Any number of threads. Must outlive what it lends.
class ReaderPool {
 public:
  struct GiveBack {
    ReaderPool* pool = nullptr;
    void operator()(Connection* connection) const { pool->Return(connection); }
  };
  /// Goes back when it goes.
  using Lent = std::unique_ptr<Connection, GiveBack>;

  ReaderPool(const SqliteOptions& options, std::string path, const char* vfs)
      : options_(options), path_(std::move(path)), vfs_(vfs) {}

  /// RESOURCE_EXHAUSTED when too many are out.
  StatusOr<Lent> Take();

 private:
  void Return(Connection* connection);

  const SqliteOptions& options_;
  const std::string path_;
  const char* const vfs_;
  base::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ TQL_GUARDED_BY(mutex_);
  std::size_t lent_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_READER_POOL_H_
