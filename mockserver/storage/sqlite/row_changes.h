// INSERT, UPDATE and DELETE of bound statements, with the primary key's upsert.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_CHANGES_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_CHANGES_H_

#include <cstdint>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/connection.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// The table that holds a table's rows, and its indexes: a unique one over the primary key, and a
/// small one over the rows with a NULL in it, which a unique index does not tell apart.
Status CreateRows(Connection& connection, const plan::TableDef& table);
Status DropRows(Connection& connection, plan::Id table);

/// Each answers how many rows it inserted, changed or removed.
StatusOr<std::int64_t> InsertRows(Connection& connection, const plan::Insert& insert);
StatusOr<std::int64_t> UpdateRows(Connection& connection, const plan::Update& update);
StatusOr<std::int64_t> DeleteRows(Connection& connection, const plan::Delete& del);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_CHANGES_H_
