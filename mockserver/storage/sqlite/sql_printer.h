// Translates plans into SQLite's SQL. Names are made from ids and constants are parameters: no text
// of a user becomes part of the SQL, and statements that differ in constants only have the same
// SQL.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/absent_tables.h"
#include "mockserver/storage/sqlite/checked_expr.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "mockserver/storage/storage.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// A SELECT that reads the rows of one table in their order, as a part of its text.
struct ScanSql {
  plan::Id table = 0;
  plan::RelationId relation = 0;
  // Offsets in the text: the end of FROM and, if there is a WHERE, its condition.
  std::size_t from_end = 0;
  std::size_t where_begin = 0;
  std::size_t where_end = 0;  // 0: there is no WHERE
  std::optional<std::int64_t> limit = std::nullopt;
};

/// A statement and the values of its parameters ?1, ?2, …; texts are views of the plan.
struct PrintedSql {
  std::string text;
  std::vector<values::Datum> parameters;
  std::vector<VaryingLiteral> varying;  // Literals that may vary,
  std::vector<int> varying_parameters;  // and the parameter of each.
  std::vector<TableVersion> tables;     // The tables it reads, in the versions known to the plan.
  AbsentTables absent;                  // Those of them that it treats as empty.
  std::vector<CheckedExpr> checked;     // The expressions that errors of its functions refer to.
  bool has_rowid = false;               // Whether a column follows those of the query: the rowid.
  std::optional<ScanSql> scan;          // Only with has_rowid.
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
/// The same; finds out whether the query is a scan.
StatusOr<PrintedSql> PrintScan(const plan::Query& query, const AbsentTables& absent);
/// Returns the statement for a part of a scan: the rows whose rowid is greater than parameter
/// `first_parameter` and not greater than the next one.
std::string PartOf(std::string_view text, const ScanSql& scan, std::size_t first_parameter);
StatusOr<PrintedSql> PrintCount(const plan::Query& query, const AbsentTables& absent);
/// For literal rows, inserts one row: its cells are the first parameters, defaults the others.
StatusOr<PrintedSql> PrintInsert(const plan::Insert& insert, const AbsentTables& absent);
StatusOr<PrintedUpdate> PrintUpdate(const plan::Update& update, const AbsentTables& absent);
StatusOr<PrintedSql> PrintDelete(const plan::Delete& del, const AbsentTables& absent);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
