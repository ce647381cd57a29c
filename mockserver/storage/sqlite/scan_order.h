// In which order SQLite reads the rows of a statement.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SCAN_ORDER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SCAN_ORDER_H_

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {

/// Whether the statement reads a single table from its first to its last row, and no index.
bool ReadsInOrder(Connection& reader, const PrintedSql& sql);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SCAN_ORDER_H_
