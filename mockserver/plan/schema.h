// What the catalog is made of: databases, schemas, tables. The engine owns the meaning, a storage
// keeps the records and, for a table, its rows.
//
// Ids are given once by the engine and never used again, also not after a restart: a physical
// table or column is named after its id, so a rename touches no row.
#ifndef TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_
#define TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/plan/type.h"

namespace tql::plan {

using Id = std::int64_t;

struct DatabaseDef {
  Id id = 0;
  std::string name;
  std::string guid;
};

struct SchemaDef {
  Id id = 0;
  Id database_id = 0;
  std::string name;
  std::string guid;
};

struct ColumnDef {
  Id id = 0;
  std::string name;
  std::string guid;
  Type type;
  /// The value behind DEFAULT as it is kept and shown ("null", "0", "0.000000", "uk",
  /// "2019-12-31"), whatever the parsing hint; absent: none.
  std::optional<std::string> default_text;
  /// strptime format for date-like columns, true/false words for bool.
  std::string parsing_hint;
  /// Whether SCRIPT shows a date-like column that has no hint of its own with the default one.
  bool shows_default_hint = true;
  /// "AUTO" or "DISABLED" as a script's comment has it; empty: not said. Nothing is compressed.
  std::string compression;
  bool not_null = false;  // declared, never enforced
};

/// Columns are positions in TableDef::columns.
struct ForeignKeyDef {
  Id id = 0;
  std::string name;  // empty: unnamed
  std::vector<std::int32_t> columns;
  Id target_table = 0;
  std::vector<std::int32_t> target_columns;
};

struct RelationshipDef {
  Id id = 0;
  std::string name;  // empty: unnamed
  Id target_table = 0;
  std::string condition;  // canonical TQL
};

enum class TableKind : std::uint8_t { kUnmarked, kFact, kDimension };

struct Partition {
  std::int32_t shards = 1;
  std::vector<std::int32_t> key;  // positions in TableDef::columns; empty: random
};

struct TableDef {
  Id id = 0;
  Id schema_id = 0;
  std::string name;
  std::string guid;
  TableKind kind = TableKind::kUnmarked;
  std::vector<ColumnDef> columns;
  std::vector<std::int32_t> primary_key;  // positions in columns, in key order; empty: none
  std::vector<ForeignKeyDef> foreign_keys;
  std::vector<RelationshipDef> relationships;
  std::optional<Partition> partition;  // absent: replicated
  std::int32_t load_priority = 50;
  std::int64_t live_schema_version = 0;
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_
