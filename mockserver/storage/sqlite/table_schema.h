// The physical side of a TQL table: names, native types, keys.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/schema.h"

namespace tql::storage::sqlite {

/// The statement that makes the table, without its key, under a physical name.
std::string CreateTableSql(const plan::TableDef& table, std::string_view name);
/// The statements that make its key; none without one. A key has two unique indexes: one on the
/// columns, which point lookups use and for which NULLs differ; and one for the rows that have a
/// NULL in the key, for which they are equal.
std::vector<std::string> CreateKeySql(const plan::TableDef& table);
std::vector<std::string> DropKeySql(const plan::TableDef& table);
/// Removes, of the rows with one key, all but the last.
std::string KeepLastSql(const plan::TableDef& table);
/// Whether columns of both types are declared alike.
bool SameNativeType(plan::TypeKind a, plan::TypeKind b);
/// "c7 INTEGER".
std::string NativeColumn(const plan::ColumnDef& column);

/// What an INSERT ends with: a row whose key is there already takes the place of that row. Empty
/// without a key.
std::string UpsertClause(const plan::TableDef& table);

/// The steps of an UPDATE through the scratch table, around the statement that fills it.
struct ScratchSql {
  std::string create;
  std::string remove;    // the changed rows from the table
  std::string put_back;  // them as they are now, at their places; what has the same key goes
  std::string drop;
};
ScratchSql ScratchSqlFor(const plan::TableDef& table);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_
