// The catalog's records in tables of their own, beside the tables of rows.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

/// Makes the catalog's tables in an empty database, and those of an older format what they are now.
/// FAILED_PRECONDITION for a database that is somebody else's or of a newer format. `path` is for
/// the error.
Status PrepareCatalog(Connection& connection, const std::string& path);

StatusOr<CatalogRecords> LoadCatalog(Connection& connection);
/// A table's live_schema_version; -1 when it does not exist.
StatusOr<std::int64_t> LoadTableVersion(Connection& connection, plan::Id id);

// Each replaces the record with that id. In a transaction of the caller's.
Status PutDatabaseRecord(Connection& connection, const plan::DatabaseDef& database);
Status PutSchemaRecord(Connection& connection, const plan::SchemaDef& schema);
Status PutTableRecord(Connection& connection, const plan::TableDef& table);
Status PutVersionRecord(Connection& connection, std::int64_t schema_version, plan::Id last_id);
Status DeleteDatabaseRecord(Connection& connection, plan::Id id);
Status DeleteSchemaRecord(Connection& connection, plan::Id id);
Status DeleteTableRecord(Connection& connection, plan::Id id);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CATALOG_STORE_H_
