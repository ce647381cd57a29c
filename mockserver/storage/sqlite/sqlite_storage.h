// Storage over SQLite.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_

#include <memory>

#include "mockserver/storage/sqlite/sqlite_options.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::storage {

/// Opens or makes a database. It must outlive its cursors and transactions.
///
/// FAILED_PRECONDITION for a file that is a database of another program or of a newer version of
/// this one; UNAVAILABLE for a path that cannot be opened or that another server has open.
///
/// A file survives the end of the process at any moment with everything that Commit answered; a
/// power failure may take the last transactions, never a part of one.
StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options);

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_STORAGE_H_
