// TQL tables without a physical table.
//
// SQLite reads its whole schema after each definition, which would be slow with ten thousand
// tables. A physical table is created with its first row; until then, statements are printed with
// an empty query in its place.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_

#include <vector>

#include "mockserver/plan/schema.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

using AbsentTables = std::vector<plan::Id>;

/// Those of the tables without a physical table in the schema that the connection knows. ABORTED if
/// the catalog does not have one of these in this version.
StatusOr<AbsentTables> FindAbsent(Connection& connection, const std::vector<TableVersion>& tables);

/// Whether one of them exists now.
bool AnyIsThere(const Connection& connection, const AbsentTables& tables);

/// Creates the physical table if it is absent. ABORTED as above.
Status EnsureThere(Connection& writer, const plan::TableDef& table);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_
