// ALTER TABLE on the rows: columns appended in place, values converted in place where they keep
// their native type, everything else in one INSERT ... SELECT into a new table.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_

#include <vector>

#include "mockserver/plan/alteration.h"
#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {

/// Changes rows and keys, not the catalog's records. In a transaction of the caller's, which takes
/// everything back after an error.
StatusOr<std::vector<plan::Inconvertible>> AlterRows(Connection& writer,
                                                     const plan::Alteration& alteration);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_
