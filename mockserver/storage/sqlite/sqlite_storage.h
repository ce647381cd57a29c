// Storage over SQLite.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_

#include <memory>

#include "mockserver/storage/sqlite/sqlite_options.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::storage {

/// Opens or creates a database. It must outlive its cursors and transactions.
///
/// FAILED_PRECONDITION for a file that is a database of another program or of a newer version of
/// this one; UNAVAILABLE for a path that cannot be opened or that another server has open.
///
/// A file keeps every transaction whose Commit returned OK when the process ends at any moment. A
/// power failure may lose the last transactions, each completely.
StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options);

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
