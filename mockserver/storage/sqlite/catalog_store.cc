#include "mockserver/storage/sqlite/catalog_store.h"

#include <initializer_list>
#include <iterator>
#include <unordered_map>
#include <variant>

namespace tql::storage::sqlite {
namespace {

constexpr std::int64_t kApplication = 0x54514C4B;  // "TQLK"
/// What makes a file of format i + 1 one of format i + 2: a change of the tables below adds one.
constexpr const char* kMigrations[] = {
    "ALTER TABLE catalog_tables DROP COLUMN data_version",
    // The tables of dates that every database file has never had hints.
    "ALTER TABLE catalog_columns ADD COLUMN shows_default_hint INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE catalog_columns ADD COLUMN compression TEXT NOT NULL DEFAULT '';"
    "UPDATE catalog_columns SET shows_default_hint = 0 WHERE table_id IN (SELECT t.id"
    " FROM catalog_tables t JOIN catalog_schemas s ON s.id = t.schema_id"
    " JOIN catalog_databases d ON d.id = s.database_id"
    " WHERE d.name = 'thoughtspot_internal' AND t.name IN ('calendar', 'fiscal'))",
};
constexpr std::int64_t kFormat = 1 + std::size(kMigrations);

constexpr char kTables[] = R"(
CREATE TABLE catalog_version(schema_version INTEGER NOT NULL, last_id INTEGER NOT NULL) STRICT;
INSERT INTO catalog_version VALUES (0, 0);
CREATE TABLE catalog_databases(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, guid TEXT NOT NULL) STRICT;
CREATE TABLE catalog_schemas(
  id INTEGER PRIMARY KEY, database_id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL
) STRICT;
CREATE TABLE catalog_tables(
  id INTEGER PRIMARY KEY, schema_id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL,
  kind INTEGER NOT NULL, shards INTEGER, load_priority INTEGER NOT NULL,
  live_schema_version INTEGER NOT NULL) STRICT;
CREATE TABLE catalog_columns(
  table_id INTEGER, position INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL,
  type INTEGER NOT NULL, length INTEGER NOT NULL, default_text TEXT, parsing_hint TEXT NOT NULL,
  not_null INTEGER NOT NULL, shows_default_hint INTEGER NOT NULL, compression TEXT NOT NULL,
  PRIMARY KEY (table_id, position)) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_key_columns(
  table_id INTEGER, role INTEGER, ordinal INTEGER, position INTEGER NOT NULL,
  PRIMARY KEY (table_id, role, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_foreign_keys(
  table_id INTEGER, ordinal INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL,
  target_table INTEGER NOT NULL, PRIMARY KEY (table_id, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_foreign_key_columns(
  table_id INTEGER, foreign_key INTEGER, ordinal INTEGER, position INTEGER NOT NULL,
  target_position INTEGER NOT NULL, PRIMARY KEY (table_id, foreign_key, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_relationships(
  table_id INTEGER, ordinal INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL,
  target_table INTEGER NOT NULL, condition TEXT NOT NULL, PRIMARY KEY (table_id, ordinal)
) STRICT, WITHOUT ROWID;
)";

/// catalog_key_columns.role.
enum KeyRole : std::int64_t { kPrimaryKey = 0, kShardKey = 1 };

using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

Status Run(Connection& connection, std::string_view sql, std::initializer_list<Value> values) {
  const Connection::OwnStatements own(connection);
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement) return statement.status();
  int parameter = 0;
  for (const Value& value : values) {
    ++parameter;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement->Bind(parameter, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      statement->BindBorrowed(parameter, *text);
    } else {
      statement->BindNull(parameter);
    }
  }
  return statement->Run();
}

/// Calls `row` for every row of `sql`.
template <typename Row>
Status ForEach(Connection& connection, std::string_view sql, const Row& row) {
  const Connection::OwnStatements own(connection);
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement) return statement.status();
  for (;;) {
    const StatusOr<bool> more = statement->Step();
    if (!more) return more.status();
    if (!*more) return Status();
    row(*statement);
  }
}

StatusOr<std::int64_t> QueryNumber(Connection& connection, std::string_view sql) {
  std::int64_t number = 0;
  const Status status =
      ForEach(connection, sql, [&](const Statement& row) { number = row.Integer(0); });
  if (!status.ok()) return status;
  return number;
}

std::int32_t Narrow(std::int64_t number) { return static_cast<std::int32_t>(number); }

/// Reads the tables and what belongs to them.
class TableLoader {
 public:
  TableLoader(Connection& connection, std::vector<plan::TableDef>& tables)
      : connection_(connection), tables_(tables) {}

  Status Load() {
    for (const auto part : {&TableLoader::LoadTables, &TableLoader::LoadColumns,
                            &TableLoader::LoadKeys, &TableLoader::LoadForeignKeys,
                            &TableLoader::LoadForeignKeyColumns, &TableLoader::LoadRelationships}) {
      if (Status status = (this->*part)(); !status.ok()) return status;
    }
    return Status();
  }

 private:
  plan::TableDef* Find(std::int64_t id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &tables_[found->second];
  }

  Status LoadTables() {
    return ForEach(connection_,
                   "SELECT id, schema_id, name, guid, kind, shards, load_priority,"
                   " live_schema_version FROM catalog_tables ORDER BY id",
                   [&](const Statement& row) {
                     plan::TableDef table;
                     table.id = row.Integer(0);
                     table.schema_id = row.Integer(1);
                     table.name = row.Text(2);
                     table.guid = row.Text(3);
                     table.kind = static_cast<plan::TableKind>(row.Integer(4));
                     if (!row.IsNull(5)) {
                       table.partition.emplace().shards = Narrow(row.Integer(5));
                     }
                     table.load_priority = Narrow(row.Integer(6));
                     table.live_schema_version = row.Integer(7);
                     by_id_.emplace(table.id, tables_.size());
                     tables_.push_back(std::move(table));
                   });
  }

  Status LoadColumns() {
    return ForEach(connection_,
                   "SELECT table_id, id, name, guid, type, length, default_text, parsing_hint,"
                   " not_null, shows_default_hint, compression FROM catalog_columns ORDER BY "
                   "table_id, position",
                   [&](const Statement& row) {
                     plan::TableDef* table = Find(row.Integer(0));
                     if (table == nullptr) return;
                     plan::ColumnDef column;
                     column.id = row.Integer(1);
                     column.name = row.Text(2);
                     column.guid = row.Text(3);
                     column.type.kind = static_cast<values::TypeKind>(row.Integer(4));
                     column.type.length = Narrow(row.Integer(5));
                     if (!row.IsNull(6)) column.default_text = row.Text(6);
                     column.parsing_hint = row.Text(7);
                     column.not_null = row.Integer(8) != 0;
                     column.shows_default_hint = row.Integer(9) != 0;
                     column.compression = row.Text(10);
                     table->columns.push_back(std::move(column));
                   });
  }

  Status LoadKeys() {
    return ForEach(connection_,
                   "SELECT table_id, role, position FROM catalog_key_columns"
                   " ORDER BY table_id, role, ordinal",
                   [&](const Statement& row) {
                     plan::TableDef* table = Find(row.Integer(0));
                     if (table == nullptr) return;
                     const std::int32_t position = Narrow(row.Integer(2));
                     if (row.Integer(1) == kPrimaryKey) {
                       table->primary_key.push_back(position);
                     } else if (table->partition) {
                       table->partition->key.push_back(position);
                     }
                   });
  }

  Status LoadForeignKeys() {
    return ForEach(connection_,
                   "SELECT table_id, id, name, target_table FROM catalog_foreign_keys"
                   " ORDER BY table_id, ordinal",
                   [&](const Statement& row) {
                     plan::TableDef* table = Find(row.Integer(0));
                     if (table == nullptr) return;
                     plan::ForeignKeyDef key;
                     key.id = row.Integer(1);
                     key.name = row.Text(2);
                     key.target_table = row.Integer(3);
                     table->foreign_keys.push_back(std::move(key));
                   });
  }

  Status LoadForeignKeyColumns() {
    return ForEach(connection_,
                   "SELECT table_id, foreign_key, position, target_position"
                   " FROM catalog_foreign_key_columns ORDER BY table_id, foreign_key, ordinal",
                   [&](const Statement& row) {
                     plan::TableDef* table = Find(row.Integer(0));
                     const auto key = static_cast<std::size_t>(row.Integer(1));
                     if (table == nullptr || key >= table->foreign_keys.size()) return;
                     table->foreign_keys[key].columns.push_back(Narrow(row.Integer(2)));
                     table->foreign_keys[key].target_columns.push_back(Narrow(row.Integer(3)));
                   });
  }

  Status LoadRelationships() {
    return ForEach(connection_,
                   "SELECT table_id, id, name, target_table, condition FROM catalog_relationships"
                   " ORDER BY table_id, ordinal",
                   [&](const Statement& row) {
                     plan::TableDef* table = Find(row.Integer(0));
                     if (table == nullptr) return;
                     plan::RelationshipDef relationship;
                     relationship.id = row.Integer(1);
                     relationship.name = row.Text(2);
                     relationship.target_table = row.Integer(3);
                     relationship.condition = row.Text(4);
                     table->relationships.push_back(std::move(relationship));
                   });
  }

  Connection& connection_;
  std::vector<plan::TableDef>& tables_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
};

/// Writes a table and what belongs to it; after the first error nothing more.
class TableWriter {
 public:
  TableWriter(Connection& connection, const plan::TableDef& table)
      : connection_(connection), table_(table) {}

  Status Write() {
    const Value shards = table_.partition ? Value(std::int64_t{table_.partition->shards}) : Value();
    Put("INSERT INTO catalog_tables VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        {table_.id, table_.schema_id, table_.name, table_.guid,
         static_cast<std::int64_t>(table_.kind), shards, std::int64_t{table_.load_priority},
         table_.live_schema_version});
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      Column(static_cast<std::int64_t>(i), table_.columns[i]);
    }
    Key(kPrimaryKey, table_.primary_key);
    if (table_.partition) Key(kShardKey, table_.partition->key);
    for (std::size_t i = 0; i < table_.foreign_keys.size(); ++i) {
      ForeignKey(static_cast<std::int64_t>(i), table_.foreign_keys[i]);
    }
    std::int64_t ordinal = 0;
    for (const plan::RelationshipDef& r : table_.relationships) {
      Put("INSERT INTO catalog_relationships VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
          {table_.id, ordinal++, r.id, r.name, r.target_table, r.condition});
    }
    return status_;
  }

 private:
  void Put(std::string_view sql, std::initializer_list<Value> values) {
    if (status_.ok()) status_ = Run(connection_, sql, values);
  }

  void Column(std::int64_t position, const plan::ColumnDef& c) {
    const Value default_text = c.default_text ? Value(std::string_view(*c.default_text)) : Value();
    Put("INSERT INTO catalog_columns VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        {table_.id, position, c.id, c.name, c.guid, static_cast<std::int64_t>(c.type.kind),
         std::int64_t{c.type.length}, default_text, c.parsing_hint,
         std::int64_t{c.not_null ? 1 : 0}, std::int64_t{c.shows_default_hint ? 1 : 0},
         c.compression});
  }

  void Key(KeyRole role, const std::vector<std::int32_t>& positions) {
    std::int64_t ordinal = 0;
    for (const std::int32_t position : positions) {
      Put("INSERT INTO catalog_key_columns VALUES (?1, ?2, ?3, ?4)",
          {table_.id, std::int64_t{role}, ordinal++, std::int64_t{position}});
    }
  }

  void ForeignKey(std::int64_t ordinal, const plan::ForeignKeyDef& key) {
    Put("INSERT INTO catalog_foreign_keys VALUES (?1, ?2, ?3, ?4, ?5)",
        {table_.id, ordinal, key.id, key.name, key.target_table});
    for (std::size_t i = 0; i < key.columns.size() && i < key.target_columns.size(); ++i) {
      Put("INSERT INTO catalog_foreign_key_columns VALUES (?1, ?2, ?3, ?4, ?5)",
          {table_.id, ordinal, static_cast<std::int64_t>(i), std::int64_t{key.columns[i]},
           std::int64_t{key.target_columns[i]}});
    }
  }

  Connection& connection_;
  const plan::TableDef& table_;
  Status status_;
};

StatusOr<CatalogRecords> ReadRecords(Connection& connection) {
  CatalogRecords records;
  Status status = ForEach(connection, "SELECT schema_version, last_id FROM catalog_version",
                          [&](const Statement& row) {
                            records.schema_version = row.Integer(0);
                            records.last_id = row.Integer(1);
                          });
  if (!status.ok()) return status;
  status = ForEach(connection, "SELECT id, name, guid FROM catalog_databases ORDER BY id",
                   [&](const Statement& row) {
                     records.databases.push_back({row.Integer(0), row.Text(1), row.Text(2)});
                   });
  if (!status.ok()) return status;
  status = ForEach(
      connection, "SELECT id, database_id, name, guid FROM catalog_schemas ORDER BY id",
      [&](const Statement& row) {
        records.schemas.push_back({row.Integer(0), row.Integer(1), row.Text(2), row.Text(3)});
      });
  if (!status.ok()) return status;
  status = TableLoader(connection, records.tables).Load();
  if (!status.ok()) return status;
  return records;
}

Status Migrate(Connection& connection, std::int64_t format) {
  if (format == kFormat) return Status();
  std::string steps = "BEGIN IMMEDIATE;";
  for (; format < kFormat; ++format) steps.append(kMigrations[format - 1]).append(";");
  steps += "PRAGMA user_version=" + std::to_string(kFormat) + ";COMMIT;";
  const Status status = connection.Execute(steps.c_str());
  if (!status.ok()) (void)connection.Execute("ROLLBACK");
  return status;
}

}  // namespace

Status PrepareCatalog(Connection& connection, const std::string& path) {
  const Connection::OwnStatements own(connection);
  const auto application = QueryNumber(connection, "PRAGMA application_id");
  if (!application) return application.status();
  const auto format = QueryNumber(connection, "PRAGMA user_version");
  if (!format) return format.status();
  const auto objects = QueryNumber(connection, "SELECT count(*) FROM sqlite_schema");
  if (!objects) return objects.status();
  if (*application == 0 && *format == 0 && *objects == 0) {
    const std::string setup = "BEGIN IMMEDIATE;" + std::string(kTables) +
                              "PRAGMA application_id=" + std::to_string(kApplication) +
                              ";PRAGMA user_version=" + std::to_string(kFormat) + ";COMMIT;";
    return connection.Execute(setup.c_str());
  }
  if (*application != kApplication) {
    return FailedPreconditionError(path + " is a database of another program");
  }
  if (*format < 1 || *format > kFormat) {
    return FailedPreconditionError(path + " has format " + std::to_string(*format) +
                                   ", this version reads formats 1 to " + std::to_string(kFormat));
  }
  return Migrate(connection, *format);
}

StatusOr<CatalogRecords> LoadCatalog(Connection& connection) {
  const Connection::OwnStatements own(connection);
  if (Status status = connection.Execute("BEGIN"); !status.ok()) return status;
  StatusOr<CatalogRecords> records = ReadRecords(connection);
  const Status ended = connection.Execute("COMMIT");
  return records.ok() && !ended.ok() ? ended : std::move(records);
}

StatusOr<std::int64_t> LoadSchemaVersion(Connection& connection) {
  return QueryNumber(connection, "SELECT schema_version FROM catalog_version");
}

StatusOr<std::int64_t> LoadTableVersion(Connection& connection, plan::Id id) {
  const Connection::OwnStatements own(connection);
  StatusOr<Statement> statement =
      connection.Prepare("SELECT live_schema_version FROM catalog_tables WHERE id = ?1");
  if (!statement) return statement.status();
  statement->Bind(1, id);
  const StatusOr<bool> row = statement->Step();
  if (!row) return row.status();
  return *row ? statement->Integer(0) : -1;
}

Status PutDatabaseRecord(Connection& connection, const plan::DatabaseDef& database) {
  return Run(connection, "INSERT OR REPLACE INTO catalog_databases VALUES (?1, ?2, ?3)",
             {database.id, database.name, database.guid});
}

Status PutSchemaRecord(Connection& connection, const plan::SchemaDef& schema) {
  return Run(connection, "INSERT OR REPLACE INTO catalog_schemas VALUES (?1, ?2, ?3, ?4)",
             {schema.id, schema.database_id, schema.name, schema.guid});
}

Status PutTableRecord(Connection& connection, const plan::TableDef& table) {
  if (Status status = DeleteTableRecord(connection, table.id); !status.ok()) return status;
  return TableWriter(connection, table).Write();
}

Status PutVersionRecord(Connection& connection, std::int64_t schema_version, plan::Id last_id) {
  return Run(connection, "UPDATE catalog_version SET schema_version = ?1, last_id = ?2",
             {schema_version, last_id});
}

Status DeleteDatabaseRecord(Connection& connection, plan::Id id) {
  return Run(connection, "DELETE FROM catalog_databases WHERE id = ?1", {id});
}

Status DeleteSchemaRecord(Connection& connection, plan::Id id) {
  return Run(connection, "DELETE FROM catalog_schemas WHERE id = ?1", {id});
}

Status DeleteTableRecord(Connection& connection, plan::Id id) {
  for (const std::string_view sql : {"DELETE FROM catalog_relationships WHERE table_id = ?1",
                                     "DELETE FROM catalog_foreign_key_columns WHERE table_id = ?1",
                                     "DELETE FROM catalog_foreign_keys WHERE table_id = ?1",
                                     "DELETE FROM catalog_key_columns WHERE table_id = ?1",
                                     "DELETE FROM catalog_columns WHERE table_id = ?1",
                                     "DELETE FROM catalog_tables WHERE id = ?1"}) {
    if (Status status = Run(connection, sql, {id}); !status.ok()) return status;
  }
  return Status();
}

}  // namespace tql::storage::sqlite
