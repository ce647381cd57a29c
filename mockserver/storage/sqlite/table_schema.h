// The physical side of a TQL table: names, native types, keys.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_SCHEMA_H_

#include <string>
#include <vector>

#include "mockserver/plan/schema.h"

namespace tql::storage::sqlite {

/// The statements that make the table and its key. A key has two unique indexes: one on the
/// columns, which point lookups use and for which NULLs differ; and one for the rows that have a
/// NULL in the key, for which they are equal.
std::vector<std::string> CreateTableSql(const plan::TableDef& table);

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
