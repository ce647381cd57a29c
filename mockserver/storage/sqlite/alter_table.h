// The row changes of an ALTER TABLE. Columns are added in place; values are converted in place if
// their native type stays the same; for everything else an INSERT ... SELECT fills a new table.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_

#include <vector>

#include "mockserver/plan/alteration.h"
#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {

/// Changes rows and keys but not the catalog's records. Must run in a transaction, which the caller
/// rolls back after an error.
StatusOr<std::vector<plan::Inconvertible>> AlterRows(Connection& writer,
                                                     const plan::Alteration& alteration);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ALTER_TABLE_H_
