// The contents of the catalog: databases, schemas, tables. The engine defines their meaning; a
// storage keeps the records and the rows of the tables.
//
// The engine assigns ids and never reuses them, even after a restart. Physical tables and columns
// are named by their ids, so that a rename changes no row.
#ifndef TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_
#define TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/values/type.h"

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
  values::Type type;
  /// The DEFAULT value as stored and shown ("null", "0", "0.000000", "uk", "2019-12-31"), whatever
  /// the parsing hint; not set if there is none.
  std::optional<std::string> default_text;
  /// A format (values/temporal_format.h) for date-like columns, values::BoolWords for bool.
  std::string parsing_hint;
  /// Whether SCRIPT prints the default hint for a date-like column without a hint of its own.
  bool shows_default_hint = true;
  /// "AUTO" or "DISABLED" as given in a script's comment; empty if not given. Has no effect.
  std::string compression;
  bool not_null = false;  // Declared but not enforced.
};

/// Columns are given by their positions in TableDef::columns.
struct ForeignKeyDef {
  Id id = 0;
  std::string name;  // Empty if unnamed.
  std::vector<std::int32_t> columns;
  Id target_table = 0;
  std::vector<std::int32_t> target_columns;
};

struct RelationshipDef {
  Id id = 0;
  std::string name;  // Empty if unnamed.
  Id target_table = 0;
  std::string condition;  // Canonical TQL, as dialect::Print() writes it.
};

enum class TableKind : std::uint8_t { kUnmarked, kFact, kDimension };

struct Partition {
  std::int32_t shards = 1;
  std::vector<std::int32_t> key;  // Positions in TableDef::columns; empty: random distribution.
};

struct TableDef {
  Id id = 0;
  Id schema_id = 0;
  std::string name;
  std::string guid;
  TableKind kind = TableKind::kUnmarked;
  std::vector<ColumnDef> columns;
  std::vector<std::int32_t> primary_key;  // Positions in columns, in key order; empty: none.
  std::vector<ForeignKeyDef> foreign_keys;
  std::vector<RelationshipDef> relationships;
  std::optional<Partition> partition;  // Not set: replicated.
  std::int32_t load_priority = 50;
  std::int64_t live_schema_version = 0;
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_SCHEMA_H_
