// The catalog's records in SQLite tables of their own (tql_…), and the version of the format.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_

#include <string_view>

#include "mockserver/plan/schema.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// Makes the tables in an empty database. FAILED_PRECONDITION for a database of another program or
/// of a newer format.
Status PrepareCatalog(Connection& connection, std::string_view path);
StatusOr<CatalogRecords> LoadCatalog(Connection& connection);

Status PutDatabase(Connection& connection, const plan::DatabaseDef& database);
Status PutSchema(Connection& connection, const plan::SchemaDef& schema);
Status PutTable(Connection& connection, const plan::TableDef& table);
/// `kind`: "database", "schema" or "table".
Status DeleteRecord(Connection& connection, std::string_view kind, plan::Id id);
Status PutVersion(Connection& connection, std::int64_t schema_version, plan::Id last_id);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
