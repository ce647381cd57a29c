#include "mockserver/storage/sqlite/absent_tables.h"

#include <algorithm>

#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/table_schema.h"

namespace tql::storage::sqlite {

StatusOr<AbsentTables> FindAbsent(Connection& connection, const std::vector<TableVersion>& tables) {
  AbsentTables absent;
  for (const TableVersion& table : tables) {
    if (connection.HasTable(PhysicalTable(table.table))) continue;
    const StatusOr<std::int64_t> version = LoadTableVersion(connection, table.table);
    if (!version) return version.status();
    if (*version != table.version) return AbortedError("a table of the statement has changed");
    absent.push_back(table.table);
  }
  return absent;
}

bool AnyIsThere(const Connection& connection, const AbsentTables& tables) {
  return std::any_of(tables.begin(), tables.end(),
                     [&](plan::Id table) { return connection.HasTable(PhysicalTable(table)); });
}

Status EnsureThere(Connection& writer, const plan::TableDef& table) {
  const StatusOr<AbsentTables> absent = FindAbsent(writer, {{table.id, table.live_schema_version}});
  if (!absent || absent->empty()) return absent.status();
  const Connection::OwnStatements own(writer);
  if (Status status = writer.Execute(CreateTableSql(table, PhysicalTable(table.id)).c_str());
      !status.ok()) {
    return status;
  }
  for (const std::string& sql : CreateKeySql(table)) {
    if (Status status = writer.Execute(sql.c_str()); !status.ok()) return status;
  }
  return Status();
}

}  // namespace tql::storage::sqlite
