#include "mockserver/storage/sqlite/table_schema.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {
namespace {

/// A REAL column would store -0.0 as the integer 0. Files of older versions have REAL columns,
/// which are read and written in the same way.
std::string_view NativeType(values::TypeKind kind) {
  if (values::IsReal(kind)) return " ANY";
  return kind == values::TypeKind::kVarchar ? " TEXT" : " INTEGER";
}

/// Concatenates the columns, each between `before` and `after`, with `separator` between them.
std::string Joined(const std::vector<std::string>& columns, std::string_view before,
                   std::string_view after, std::string_view separator) {
  std::string joined;
  std::string_view between;
  for (const std::string& column : columns) {
    joined.append(std::exchange(between, separator)).append(before).append(column).append(after);
  }
  return joined;
}

std::vector<std::string> ColumnNames(const plan::TableDef& table) {
  std::vector<std::string> names;
  for (const plan::ColumnDef& column : table.columns) names.push_back(PhysicalColumn(column.id));
  return names;
}

std::vector<std::string> KeyNames(const plan::TableDef& table) {
  std::vector<std::string> names;
  for (const std::int32_t position : table.primary_key) {
    names.push_back(PhysicalColumn(table.columns[static_cast<std::size_t>(position)].id));
  }
  return names;
}

/// "(c1, c2)": the columns of the index on all keys.
std::string PlainKey(const plan::TableDef& table) {
  return "(" + Joined(KeyNames(table), "", "", ", ") + ")";
}

/// The columns and the condition of the index on keys with NULLs. A blob stands for NULL, because
/// rows contain no blobs.
std::string NullKey(const plan::TableDef& table) {
  return "(" + Joined(KeyNames(table), "ifnull(", ", x'')", ", ") + ") WHERE " +
         Joined(KeyNames(table), "", " IS NULL", " OR ");
}

}  // namespace

bool SameNativeType(values::TypeKind a, values::TypeKind b) {
  return NativeType(a) == NativeType(b);
}

std::string NativeColumn(const plan::ColumnDef& column) {
  return PhysicalColumn(column.id).append(NativeType(column.type.kind));
}

std::string CreateTableSql(const plan::TableDef& table, std::string_view name) {
  std::vector<std::string> definitions;
  for (const plan::ColumnDef& column : table.columns) definitions.push_back(NativeColumn(column));
  return "CREATE TABLE " + std::string(name) + "(" + Joined(definitions, "", "", ", ") + ") STRICT";
}

std::string WorkTable(plan::Id table) { return "w" + std::to_string(table); }

std::vector<std::string> CreateKeySql(const plan::TableDef& table) {
  if (table.primary_key.empty()) return {};
  const std::string id = std::to_string(table.id);
  const std::string name = PhysicalTable(table.id);
  return {"CREATE UNIQUE INDEX k" + id + " ON " + name + PlainKey(table),
          "CREATE UNIQUE INDEX n" + id + " ON " + name + NullKey(table)};
}

std::vector<std::string> DropKeySql(const plan::TableDef& table) {
  if (table.primary_key.empty()) return {};
  const std::string id = std::to_string(table.id);
  return {"DROP INDEX IF EXISTS k" + id, "DROP INDEX IF EXISTS n" + id};
}

std::string KeepLastSql(const plan::TableDef& table) {
  const std::string name = PhysicalTable(table.id);
  // GROUP BY treats NULLs as equal, as keys do.
  return "DELETE FROM " + name + " WHERE rowid NOT IN (SELECT max(rowid) FROM " + name +
         " GROUP BY " + Joined(KeyNames(table), "", "", ", ") + ")";
}

std::string UpsertClause(const plan::TableDef& table) {
  if (table.primary_key.empty()) return {};
  std::vector<bool> keeps(table.columns.size());
  for (const std::int32_t position : table.primary_key) {
    const auto column = static_cast<std::size_t>(position);
    keeps[column] = !values::IsReal(table.columns[column].type.kind);  // 0.0 equals -0.0
  }
  // The values of the key are equal. Without an assignment to them, SQLite leaves the indexes
  // alone. A row of nothing else is assigned all the same, because it counts as changed.
  if (std::ranges::find(keeps, false) == keeps.end()) keeps.assign(keeps.size(), false);
  std::string update = " DO UPDATE SET ";
  std::string_view separator;
  for (std::size_t i = 0; i < keeps.size(); ++i) {
    if (keeps[i]) continue;
    const std::string column = PhysicalColumn(table.columns[i].id);
    update.append(std::exchange(separator, ", ")).append(column + " = excluded." + column);
  }
  return " ON CONFLICT " + PlainKey(table) + update + " ON CONFLICT " + NullKey(table) + update;
}

std::vector<std::string> InsertAgainSql(const plan::TableDef& table) {
  const std::string name = PhysicalTable(table.id);
  const std::string all = WorkTable(table.id);
  const std::string columns = Joined(ColumnNames(table), "", "", ", ");
  std::vector<std::string> steps = {"ALTER TABLE " + name + " RENAME TO " + all,
                                    CreateTableSql(table, name)};
  for (std::string& key : CreateKeySql(table)) steps.push_back(std::move(key));
  // Without WHERE, SQLite would take ON for a condition of a join.
  steps.push_back("INSERT INTO " + name + "(" + columns + ") SELECT " + columns + " FROM " + all +
                  " WHERE true ORDER BY rowid" + UpsertClause(table));
  steps.push_back("DROP TABLE " + all);
  return steps;
}

ScratchSql ScratchSqlFor(const plan::TableDef& table) {
  const std::string name = PhysicalTable(table.id);
  const std::string scratch = "temp." + std::string(kScratchTable);
  const std::string columns = Joined(ColumnNames(table), "", "", ", ");
  return {
      .create = "CREATE TEMP TABLE " + std::string(kScratchTable) + "(id INTEGER PRIMARY KEY, " +
                columns + ")",
      .remove = "DELETE FROM " + name + " WHERE rowid IN (SELECT id FROM " + scratch + ")",
      .put_back =
          std::string(table.primary_key.empty() ? "INSERT INTO " : "INSERT OR REPLACE INTO ") +
          name + "(rowid, " + columns + ") SELECT id, " + columns + " FROM " + scratch +
          " ORDER BY id",
      .drop = "DROP TABLE " + scratch,
  };
}

}  // namespace tql::storage::sqlite
