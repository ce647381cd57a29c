// A Storage over SQLite: one database, in a file or in memory.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_

#include <cstddef>
#include <memory>
#include <string>

#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::storage {

struct SqliteOptions {
  /// A file, made when it is missing, or ":memory:".
  std::string path = ":memory:";
  /// Statements kept prepared by each connection.
  std::size_t statement_cache = 128;
};

/// Opens or makes the database. FAILED_PRECONDITION when the file belongs to another program or
/// was written by a newer version; UNAVAILABLE when it cannot be opened or another server has it.
///
/// A file is kept in write-ahead mode with synchronous=NORMAL: what was committed survives the
/// death of the process at any moment; a loss of power may take the last transactions, but leaves
/// a database that opens. Large sorts spill into temporary files, so memory stays flat.
StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options);

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
