// The catalog records, in tables beside those with rows.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

/// Creates the catalog's tables in an empty database, and migrates those of an older format.
/// FAILED_PRECONDITION for a database of another program or of a newer format. `path` is for the
/// error.
Status PrepareCatalog(Connection& connection, const std::string& path);

/// All records of one snapshot. The connection has no transaction.
StatusOr<CatalogRecords> LoadCatalog(Connection& connection);
StatusOr<std::int64_t> LoadSchemaVersion(Connection& connection);
/// The live_schema_version of a table; -1 if the table does not exist.
StatusOr<std::int64_t> LoadTableVersion(Connection& connection, plan::Id id);

// Each replaces the record with that id. The caller has begun a transaction.
Status PutDatabaseRecord(Connection& connection, const plan::DatabaseDef& database);
Status PutSchemaRecord(Connection& connection, const plan::SchemaDef& schema);
Status PutTableRecord(Connection& connection, const plan::TableDef& table);
Status PutVersionRecord(Connection& connection, std::int64_t schema_version, plan::Id last_id);
Status DeleteDatabaseRecord(Connection& connection, plan::Id id);
Status DeleteSchemaRecord(Connection& connection, plan::Id id);
Status DeleteTableRecord(Connection& connection, plan::Id id);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
