// TQL tables that have no physical one yet.
//
// SQLite reads its whole schema for each definition, so a catalog of ten thousand tables would make
// each further one dear. A physical table is made with its first row; until then whatever reads the
// table is printed with an empty query in its place.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_

#include <vector>

#include "mockserver/plan/schema.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

using AbsentTables = std::vector<plan::Id>;

/// Which of the tables have no physical one, as the connection knows its schema. ABORTED when the
/// catalog does not have one of these in this version.
StatusOr<AbsentTables> FindAbsent(Connection& connection, const std::vector<TableVersion>& tables);

/// Whether one of them is there by now.
bool AnyIsThere(const Connection& connection, const AbsentTables& tables);

/// Makes the physical table where it is absent. ABORTED as above.
Status EnsureThere(Connection& writer, const plan::TableDef& table);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ABSENT_TABLES_H_
