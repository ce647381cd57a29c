// Translates plans into SQLite's SQL. Names are made from ids and constants are parameters: no text
// of a user becomes part of the SQL, and statements that differ in constants only have the same
// SQL.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_

#include <string>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/absent_tables.h"
#include "mockserver/storage/sqlite/checked_expr.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// A statement and the values of its parameters ?1, ?2, …; texts are views of the plan.
struct PrintedSql {
  std::string text;
  std::vector<values::Datum> parameters;
  std::vector<TableVersion> tables;  // The tables it reads, in the versions known to the plan.
  AbsentTables absent;               // Those of them that it treats as empty.
  std::vector<CheckedExpr> checked;  // The expressions that errors of its functions refer to.
};

/// An UPDATE as one statement. If `through_scratch`, it is instead a statement that writes the
/// rowid and all columns of the changed rows to the scratch table, because an UPDATE in place would
/// read rows that it has changed already.
struct PrintedUpdate {
  PrintedSql sql;
  bool through_scratch = false;
};

// Return INVALID_ARGUMENT for a plan nested deeper than SQLite can parse, INTERNAL for a plan with
// invalid references.
StatusOr<PrintedSql> PrintQuery(const plan::Query& query, const AbsentTables& absent);
StatusOr<PrintedSql> PrintCount(const plan::Query& query, const AbsentTables& absent);
/// For literal rows, inserts one row: its cells are the first parameters, defaults the others.
StatusOr<PrintedSql> PrintInsert(const plan::Insert& insert, const AbsentTables& absent);
StatusOr<PrintedUpdate> PrintUpdate(const plan::Update& update, const AbsentTables& absent);
StatusOr<PrintedSql> PrintDelete(const plan::Delete& del, const AbsentTables& absent);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
