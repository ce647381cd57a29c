#include "mockserver/storage/sqlite/catalog_store.h"

#include <map>
#include <string>
#include <unordered_map>

namespace tql::storage::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x54514c4b;  // "TQLK"
constexpr std::int64_t kFormatVersion = 1;

// A column's place in the primary key and in the sharding key is its number there, or NULL.
constexpr std::string_view kTables[] = {
    "CREATE TABLE tql_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE tql_database (id INTEGER PRIMARY KEY, name TEXT, guid TEXT) STRICT",
    "CREATE TABLE tql_schema (id INTEGER PRIMARY KEY, database_id INTEGER, name TEXT, guid TEXT) "
    "STRICT",
    "CREATE TABLE tql_table (id INTEGER PRIMARY KEY, schema_id INTEGER, name TEXT, guid TEXT, "
    "kind INTEGER, shards INTEGER, load_priority INTEGER, live_version INTEGER, "
    "data_version INTEGER) STRICT",
    "CREATE TABLE tql_column (table_id INTEGER, position INTEGER, id INTEGER, name TEXT, guid "
    "TEXT, "
    "type INTEGER, length INTEGER, default_text TEXT, parsing_hint TEXT, not_null INTEGER, "
    "key_place INTEGER, shard_place INTEGER, PRIMARY KEY (table_id, position)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE tql_foreign_key (table_id INTEGER, position INTEGER, id INTEGER, name TEXT, "
    "target INTEGER, PRIMARY KEY (table_id, position)) STRICT, WITHOUT ROWID",
    "CREATE TABLE tql_foreign_key_column (table_id INTEGER, foreign_key INTEGER, place INTEGER, "
    "source_column INTEGER, target_column INTEGER, PRIMARY KEY (table_id, foreign_key, place)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE tql_relationship (table_id INTEGER, position INTEGER, id INTEGER, name TEXT, "
    "target INTEGER, condition TEXT, PRIMARY KEY (table_id, position)) STRICT, WITHOUT ROWID",
};

StatusOr<std::int64_t> QueryInteger(Connection& connection, std::string_view sql) {
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();
  const StatusOr<bool> row = statement->Step();
  if (!row.ok()) return row.status();
  return *row ? statement->Integer(0) : 0;
}

/// Calls `visit` for each row of `sql`.
template <typename Visit>
Status ForEach(Connection& connection, std::string_view sql, Visit visit) {
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();
  for (;;) {
    const StatusOr<bool> more = statement->Step();
    if (!more.ok()) return more.status();
    if (!*more) return Status();
    visit(*statement);
  }
}

/// Runs `sql` with its parameters bound in order.
template <typename... Values>
Status Run(Connection& connection, std::string_view sql, const Values&... values) {
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();
  int index = 0;
  (statement->Bind(index++, values), ...);
  return statement->Run();
}

/// The place of column `position` in `key`, counted from 0; -1: not in it.
std::int64_t PlaceIn(const std::vector<std::int32_t>& key, std::size_t position) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (static_cast<std::size_t>(key[i]) == position) return static_cast<std::int64_t>(i);
  }
  return -1;
}

Status PutColumns(Connection& connection, const plan::TableDef& table) {
  StatusOr<Statement> insert =
      connection.Prepare("INSERT INTO tql_column VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert.ok()) return insert.status();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const plan::ColumnDef& column = table.columns[i];
    insert->Bind(0, table.id);
    insert->Bind(1, static_cast<std::int64_t>(i));
    insert->Bind(2, column.id);
    insert->Bind(3, std::string_view(column.name));
    insert->Bind(4, std::string_view(column.guid));
    insert->Bind(5, static_cast<std::int64_t>(column.type.kind));
    insert->Bind(6, std::int64_t{column.type.length});
    if (column.default_text) {
      insert->Bind(7, std::string_view(*column.default_text));
    } else {
      insert->BindNull(7);
    }
    insert->Bind(8, std::string_view(column.parsing_hint));
    insert->Bind(9, std::int64_t{column.not_null});
    insert->Bind(10, PlaceIn(table.primary_key, i));
    insert->Bind(11, table.partition ? PlaceIn(table.partition->key, i) : -1);
    if (Status status = insert->Run(); !status.ok()) return status;
  }
  return Status();
}

Status PutConstraints(Connection& connection, const plan::TableDef& table) {
  std::int64_t position = 0;
  for (const plan::ForeignKeyDef& key : table.foreign_keys) {
    Status status = Run(connection, "INSERT INTO tql_foreign_key VALUES (?, ?, ?, ?, ?)", table.id,
                        position++, key.id, std::string_view(key.name), key.target_table);
    for (std::size_t i = 0; status.ok() && i < key.columns.size(); ++i) {
      status = Run(connection, "INSERT INTO tql_foreign_key_column VALUES (?, ?, ?, ?, ?)",
                   table.id, key.id, static_cast<std::int64_t>(i), std::int64_t{key.columns[i]},
                   std::int64_t{key.target_columns[i]});
    }
    if (!status.ok()) return status;
  }
  position = 0;
  for (const plan::RelationshipDef& relationship : table.relationships) {
    Status status = Run(connection, "INSERT INTO tql_relationship VALUES (?, ?, ?, ?, ?, ?)",
                        table.id, position++, relationship.id, std::string_view(relationship.name),
                        relationship.target_table, std::string_view(relationship.condition));
    if (!status.ok()) return status;
  }
  return Status();
}

Status DeleteChildren(Connection& connection, plan::Id table) {
  for (const std::string_view sql : {
           "DELETE FROM tql_column WHERE table_id = ?",
           "DELETE FROM tql_foreign_key WHERE table_id = ?",
           "DELETE FROM tql_foreign_key_column WHERE table_id = ?",
           "DELETE FROM tql_relationship WHERE table_id = ?",
       }) {
    if (Status status = Run(connection, sql, table); !status.ok()) return status;
  }
  return Status();
}

using TablesById = std::unordered_map<plan::Id, plan::TableDef*>;

Status LoadColumns(Connection& connection, const TablesById& tables) {
  // By table, then by place in the key.
  std::map<std::pair<plan::Id, std::int64_t>, std::int32_t> keys;
  std::map<std::pair<plan::Id, std::int64_t>, std::int32_t> shards;
  Status status = ForEach(
      connection, "SELECT * FROM tql_column ORDER BY table_id, position", [&](Statement& row) {
        const auto table = tables.find(row.Integer(0));
        if (table == tables.end()) return;
        plan::ColumnDef column;
        column.id = row.Integer(2);
        column.name = row.Text(3);
        column.guid = row.Text(4);
        column.type.kind = static_cast<plan::TypeKind>(row.Integer(5));
        column.type.length = static_cast<std::int32_t>(row.Integer(6));
        if (!row.IsNull(7)) column.default_text = row.Text(7);
        column.parsing_hint = row.Text(8);
        column.not_null = row.Integer(9) != 0;
        const auto position = static_cast<std::int32_t>(table->second->columns.size());
        if (row.Integer(10) >= 0) keys[{row.Integer(0), row.Integer(10)}] = position;
        if (row.Integer(11) >= 0) shards[{row.Integer(0), row.Integer(11)}] = position;
        table->second->columns.push_back(std::move(column));
      });
  for (const auto& [place, position] : keys) {
    tables.at(place.first)->primary_key.push_back(position);
  }
  for (const auto& [place, position] : shards) {
    plan::TableDef& table = *tables.at(place.first);
    if (table.partition) table.partition->key.push_back(position);
  }
  return status;
}

Status LoadConstraints(Connection& connection, const TablesById& tables) {
  std::unordered_map<plan::Id, plan::ForeignKeyDef*> keys;
  Status status = ForEach(connection, "SELECT * FROM tql_foreign_key ORDER BY table_id, position",
                          [&](Statement& row) {
                            const auto table = tables.find(row.Integer(0));
                            if (table == tables.end()) return;
                            table->second->foreign_keys.push_back(
                                {row.Integer(2), row.Text(3), {}, row.Integer(4), {}});
                          });
  for (const auto& [id, table] : tables) {
    for (plan::ForeignKeyDef& key : table->foreign_keys) keys[key.id] = &key;
  }
  if (!status.ok()) return status;
  status = ForEach(
      connection, "SELECT * FROM tql_foreign_key_column ORDER BY table_id, foreign_key, place",
      [&](Statement& row) {
        const auto key = keys.find(row.Integer(1));
        if (key == keys.end()) return;
        key->second->columns.push_back(static_cast<std::int32_t>(row.Integer(3)));
        key->second->target_columns.push_back(static_cast<std::int32_t>(row.Integer(4)));
      });
  if (!status.ok()) return status;
  return ForEach(connection, "SELECT * FROM tql_relationship ORDER BY table_id, position",
                 [&](Statement& row) {
                   const auto table = tables.find(row.Integer(0));
                   if (table == tables.end()) return;
                   table->second->relationships.push_back(
                       {row.Integer(2), row.Text(3), row.Integer(4), row.Text(5)});
                 });
}

}  // namespace

Status PrepareCatalog(Connection& connection, std::string_view path) {
  const StatusOr<std::int64_t> application = QueryInteger(connection, "PRAGMA application_id");
  if (!application.ok()) {
    return FailedPreconditionError(
        std::string(path) + " is no database of tqlmockd: " + application.status().message());
  }
  const StatusOr<std::int64_t> version = QueryInteger(connection, "PRAGMA user_version");
  const StatusOr<std::int64_t> tables =
      QueryInteger(connection, "SELECT count(*) FROM sqlite_master");
  if (!version.ok()) return version.status();
  if (!tables.ok()) return tables.status();
  if (*tables > 0 && *application != kApplicationId) {
    return FailedPreconditionError(std::string(path) + " is a database of another program");
  }
  if (*tables > 0 && *version > kFormatVersion) {
    return FailedPreconditionError(
        std::string(path) + " has format version " + std::to_string(*version) +
        "; this program knows versions up to " + std::to_string(kFormatVersion));
  }
  if (*tables > 0) return Status();

  Status status = connection.Run("BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  for (const std::string_view sql : kTables) {
    if (status = connection.Run(sql); !status.ok()) return status;
  }
  if (status = PutVersion(connection, 0, 0); !status.ok()) return status;
  status = connection.Run("PRAGMA application_id = " + std::to_string(kApplicationId));
  if (!status.ok()) return status;
  status = connection.Run("PRAGMA user_version = " + std::to_string(kFormatVersion));
  if (!status.ok()) return status;
  return connection.Run("COMMIT");
}

StatusOr<CatalogRecords> LoadCatalog(Connection& connection) {
  CatalogRecords records;
  TablesById tables;
  Status status = ForEach(connection, "SELECT key, value FROM tql_meta", [&](Statement& row) {
    (row.Text(0) == "last_id" ? records.last_id : records.schema_version) = row.Integer(1);
  });
  if (!status.ok()) return status;
  status = ForEach(connection, "SELECT * FROM tql_database ORDER BY id", [&](Statement& row) {
    records.databases.push_back({row.Integer(0), row.Text(1), row.Text(2)});
  });
  if (!status.ok()) return status;
  status = ForEach(connection, "SELECT * FROM tql_schema ORDER BY id", [&](Statement& row) {
    records.schemas.push_back({row.Integer(0), row.Integer(1), row.Text(2), row.Text(3)});
  });
  if (!status.ok()) return status;
  status = ForEach(connection, "SELECT * FROM tql_table ORDER BY id", [&](Statement& row) {
    plan::TableDef& table = records.tables.emplace_back();
    table.id = row.Integer(0);
    table.schema_id = row.Integer(1);
    table.name = row.Text(2);
    table.guid = row.Text(3);
    table.kind = static_cast<plan::TableKind>(row.Integer(4));
    if (row.Integer(5) > 0) {
      table.partition = plan::Partition{static_cast<std::int32_t>(row.Integer(5)), {}};
    }
    table.load_priority = static_cast<std::int32_t>(row.Integer(6));
    table.live_schema_version = row.Integer(7);
    table.data_version = row.Integer(8);
  });
  if (!status.ok()) return status;
  for (plan::TableDef& table : records.tables) tables[table.id] = &table;
  if (status = LoadColumns(connection, tables); !status.ok()) return status;
  if (status = LoadConstraints(connection, tables); !status.ok()) return status;
  return records;
}

Status PutDatabase(Connection& connection, const plan::DatabaseDef& database) {
  return Run(connection, "INSERT OR REPLACE INTO tql_database VALUES (?, ?, ?)", database.id,
             std::string_view(database.name), std::string_view(database.guid));
}

Status PutSchema(Connection& connection, const plan::SchemaDef& schema) {
  return Run(connection, "INSERT OR REPLACE INTO tql_schema VALUES (?, ?, ?, ?)", schema.id,
             schema.database_id, std::string_view(schema.name), std::string_view(schema.guid));
}

Status PutTable(Connection& connection, const plan::TableDef& table) {
  Status status = DeleteChildren(connection, table.id);
  if (!status.ok()) return status;
  status = Run(connection, "INSERT OR REPLACE INTO tql_table VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
               table.id, table.schema_id, std::string_view(table.name),
               std::string_view(table.guid), static_cast<std::int64_t>(table.kind),
               std::int64_t{table.partition ? table.partition->shards : 0},
               std::int64_t{table.load_priority}, table.live_schema_version, table.data_version);
  if (status.ok()) status = PutColumns(connection, table);
  if (status.ok()) status = PutConstraints(connection, table);
  return status;
}

Status DeleteRecord(Connection& connection, std::string_view kind, plan::Id id) {
  if (kind == "table") {
    if (Status status = DeleteChildren(connection, id); !status.ok()) return status;
  }
  return Run(connection, "DELETE FROM tql_" + std::string(kind) + " WHERE id = ?", id);
}

Status PutVersion(Connection& connection, std::int64_t schema_version, plan::Id last_id) {
  return Run(connection,
             "INSERT OR REPLACE INTO tql_meta VALUES ('schema_version', ?), ('last_id', ?)",
             schema_version, last_id);
}

}  // namespace tql::storage::sqlite
