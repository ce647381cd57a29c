// The physical schema of a TQL table: names, native types, keys.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/schema.h"

namespace tql::storage::sqlite {

/// Creates the table under a physical name, without its key.
std::string CreateTableSql(const plan::TableDef& table, std::string_view name);
/// The name of a table that exists only while the rows of the table with this id are copied.
std::string WorkTable(plan::Id table);
/// Create and drop the key; empty for a table without a key. A key has two unique indexes: one on
/// the columns, which serves point lookups and for which NULLs differ, and a partial one on the
/// rows with a NULL in the key, for which NULLs are equal.
std::vector<std::string> CreateKeySql(const plan::TableDef& table);
std::vector<std::string> DropKeySql(const plan::TableDef& table);
/// Deletes all but the last of the rows with the same key.
std::string KeepLastSql(const plan::TableDef& table);
/// Whether columns of both types have the same native type.
bool SameNativeType(values::TypeKind a, values::TypeKind b);
/// The definition of a column, e.g. "c7 INTEGER".
std::string NativeColumn(const plan::ColumnDef& column);

/// The end of an INSERT: a row whose key exists already replaces the values of that row. Empty for
/// a table without a key.
std::string UpsertClause(const plan::TableDef& table);

/// Makes the key of a table whose rows were inserted without it: afterwards the rows are as if they
/// had been inserted with it, one after the other.
std::vector<std::string> InsertAgainSql(const plan::TableDef& table);

/// The steps of an UPDATE through the scratch table, apart from the statement that fills it.
struct ScratchSql {
  std::string create;
  std::string remove;    // Deletes the changed rows from the table.
  std::string put_back;  // Inserts their new versions at the old rowids, replacing equal keys.
  std::string drop;
};
ScratchSql ScratchSqlFor(const plan::TableDef& table);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_
