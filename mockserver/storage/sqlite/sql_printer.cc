#include "mockserver/storage/sqlite/sql_printer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "mockserver/plan/default_value.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/conversion_printer.h"
#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/storage/sqlite/query_printer.h"
#include "mockserver/storage/sqlite/sql_output.h"
#include "mockserver/storage/sqlite/table_schema.h"
#include "mockserver/values/value_conversion.h"

namespace tql::storage::sqlite {
namespace {

using values::TypeKind;

/// The DEFAULTs that an INSERT applies, by the positions of their columns.
using Defaults = std::vector<std::pair<std::int32_t, values::Datum>>;

bool Contains(const std::vector<std::int32_t>& list, std::int32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// Returns the DEFAULTs of the columns that an INSERT does not name.
StatusOr<Defaults> DefaultsOf(const plan::Insert& insert) {
  const std::vector<plan::ColumnDef>& columns = insert.table->columns;
  std::vector<bool> named(columns.size());
  for (const std::int32_t column : insert.columns) {
    if (column >= 0 && static_cast<std::size_t>(column) < named.size()) {
      named[static_cast<std::size_t>(column)] = true;
    }
  }
  Defaults defaults;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (named[i] || !columns[i].default_text) continue;
    const StatusOr<values::Datum> value = plan::DefaultOf(columns[i]);
    if (!value) return value.status();
    defaults.emplace_back(static_cast<std::int32_t>(i), *value);
  }
  return defaults;
}

void AppendInsertHead(SqlOutput& out, const plan::Insert& insert, const Defaults& defaults) {
  if (insert.columns.empty()) return out.Fail(InternalError("an INSERT names no columns"));
  out.Append("INSERT INTO ", PhysicalTable(insert.table->id), " (");
  std::string_view separator;
  for (const std::int32_t column : insert.columns) {
    out.Append(std::exchange(separator, ", "));
    out.AppendColumn(*insert.table, column);
  }
  for (const auto& [column, value] : defaults) {
    out.Append(", ");
    out.AppendColumn(*insert.table, column);
  }
  out.Append(") ");
}

void AppendInsertRow(SqlOutput& out, const plan::Insert& insert, const Defaults& defaults) {
  AppendInsertHead(out, insert, defaults);
  out.Append("VALUES (");
  std::string_view separator;
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    out.Append(std::exchange(separator, ", "));
    out.AppendOwnParameter({});
  }
  for (const auto& [column, value] : defaults) {
    out.Append(", ");
    out.AppendOwnParameter(value);
  }
  out.Append(")", UpsertClause(*insert.table));
}

/// How errors name the value of item `item` that the column receives.
CheckedExpr DescribeItem(const plan::Query& source, std::size_t item, std::string_view column) {
  // In a set operation the first select list stands for all.
  const plan::Query* first = &source;
  while (const auto* set = std::get_if<plan::SetOperation>(&first->body)) first = set->left.get();
  const auto* select = std::get_if<plan::Select>(&first->body);
  if (select == nullptr || item >= select->items.size()) return DescribeColumn(column);
  return Describe(*select->items[item].expr, Relations(), column);
}

/// Appends item `item` of the query, converted to the type of the column.
void AppendInsertItem(SqlOutput& out, const plan::Query& source, std::size_t item,
                      const plan::ColumnDef& column) {
  const TypeKind to = column.type.kind;
  const TypeKind type = source.columns[item].type.kind;
  const TypeKind from = type == to ? Computed(type) : type;
  const auto append_item = [&] { out.Append("k", item); };
  if (from == TypeKind::kNull || values::KeepsValues(from, to)) return append_item();
  AppendConverted(out, {from, to, column.parsing_hint, DescribeItem(source, item, column.name)},
                  append_item);
}

void AppendInsertQuery(SqlOutput& out, const plan::Insert& insert, const plan::Query& source,
                       const Defaults& defaults) {
  if (source.columns.size() != insert.columns.size()) {
    return out.Fail(InternalError("an INSERT has more or fewer values than columns"));
  }
  AppendInsertHead(out, insert, defaults);
  if (!out.ok()) return;
  out.Append("SELECT ");
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    if (i > 0) out.Append(", ");
    const auto column = static_cast<std::size_t>(insert.columns[i]);
    AppendInsertItem(out, source, i, insert.table->columns[column]);
  }
  for (const auto& [column, value] : defaults) {
    out.Append(", ");
    out.AppendParameter(value);
  }
  out.Append(" FROM (");
  AppendQuery({out}, source, RowOrder::kAsInserted);
  // Without WHERE, SQLite would parse the ON of the next clause as a join condition.
  out.Append(") WHERE true", UpsertClause(*insert.table));
}

/// The assignments of an UPDATE by the positions of their columns.
struct Assignments {
  std::vector<const plan::Expr*> values;  // Null: the column is not assigned.
  bool change_key = false;
};

StatusOr<Assignments> AssignmentsOf(const plan::Update& update) {
  Assignments assignments;
  assignments.values.resize(update.table->columns.size());
  for (const auto& [column, value] : update.assignments) {
    if (column < 0 || static_cast<std::size_t>(column) >= assignments.values.size()) {
      return InternalError("an UPDATE assigns to a column that its table does not have");
    }
    assignments.values[static_cast<std::size_t>(column)] = value.get();
    if (Contains(update.table->primary_key, column)) assignments.change_key = true;
  }
  return assignments;
}

void AppendWhere(SqlOutput& out, const plan::ExprPtr& where) {
  if (!where) return;
  out.Append(" WHERE ");
  AppendExpr({out}, *where, Level::kAny);
}

/// Returns whether the statement fills the scratch table; see PrintedUpdate.
bool AppendUpdate(SqlOutput& out, const plan::Update& update, const Assignments& assignments) {
  const std::vector<plan::ColumnDef>& columns = update.table->columns;
  const std::vector<const plan::Expr*>& values = assignments.values;
  out.relations().AddTable(update.relation, *update.table);
  // Print the values first to learn whether one of them contains a sub-query. A sub-query may read
  // changed rows, and a changed key may collide with one that is changed later.
  std::vector<std::string> printed(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == nullptr) continue;
    AppendStored({out}, *values[i], columns[i]);
    printed[i] = out.Cut(0);
  }
  const bool through_scratch = assignments.change_key || out.has_sub_query();
  const std::string table = PhysicalTable(update.table->id);
  const std::string alias = std::string("r").append(std::to_string(update.relation));
  if (through_scratch) {
    out.Append("INSERT INTO temp.", kScratchTable, " SELECT ", alias, ".rowid");
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.Append(", ", values[i] ? printed[i] : alias + "." + PhysicalColumn(columns[i].id));
    }
    out.Append(" FROM ", table, " AS ", alias);
  } else {
    out.Append("UPDATE ", table, " AS ", alias);
    std::string_view separator = " SET ";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == nullptr) continue;
      out.Append(std::exchange(separator, ", "), PhysicalColumn(columns[i].id), " = ", printed[i]);
    }
  }
  AppendWhere(out, update.where);
  return through_scratch;
}

}  // namespace

StatusOr<PrintedSql> PrintQuery(const plan::Query& query, const AbsentTables& absent) {
  SqlOutput out(absent);
  AppendQuery({out}, query, RowOrder::kAsInserted);
  return out.Take();
}

StatusOr<PrintedSql> PrintScan(const plan::Query& query, const AbsentTables& absent) {
  SqlOutput out(absent);
  AppendScan({out}, query);
  const bool has_sub_query = out.has_sub_query();
  StatusOr<PrintedSql> sql = out.Take();
  if (!sql) return sql;
  if (has_sub_query) sql->scan.reset();
  if (sql->scan) sql->scan->limit = query.limit;
  return sql;
}

std::string PartOf(std::string_view text, const ScanSql& scan, std::size_t first_parameter) {
  const std::string rowid = "r" + std::to_string(scan.relation) + ".rowid";
  std::string part(text.substr(0, scan.from_end));
  // The rowid must select the rows: an index would be searched once for each part.
  part += " NOT INDEXED WHERE ";
  if (scan.where_end > 0) {
    part.append("(")
        .append(text.substr(scan.where_begin, scan.where_end - scan.where_begin))
        .append(") AND ");
  }
  return part + rowid + " > ?" + std::to_string(first_parameter) + " AND " + rowid + " <= ?" +
         std::to_string(first_parameter + 1) + " ORDER BY " + rowid;
}

StatusOr<PrintedSql> PrintCount(const plan::Query& query, const AbsentTables& absent) {
  SqlOutput out(absent);
  out.Append("SELECT count(*) FROM (");
  AppendQuery({out}, query, RowOrder::kFree);
  out.Append(")");
  return out.Take();
}

StatusOr<PrintedSql> PrintInsert(const plan::Insert& insert, const AbsentTables& absent) {
  const StatusOr<Defaults> defaults = DefaultsOf(insert);
  if (!defaults) return defaults.status();
  SqlOutput out(absent);
  if (const auto* source = std::get_if<plan::QueryPtr>(&insert.source)) {
    AppendInsertQuery(out, insert, **source, *defaults);
  } else {
    AppendInsertRow(out, insert, *defaults);
  }
  return out.Take();
}

StatusOr<PrintedUpdate> PrintUpdate(const plan::Update& update, const AbsentTables& absent) {
  const StatusOr<Assignments> assignments = AssignmentsOf(update);
  if (!assignments) return assignments.status();
  SqlOutput out(absent);
  PrintedUpdate printed;
  printed.through_scratch = AppendUpdate(out, update, *assignments);
  StatusOr<PrintedSql> sql = out.Take();
  if (!sql) return sql.status();
  printed.sql = *std::move(sql);
  return printed;
}

StatusOr<PrintedSql> PrintDelete(const plan::Delete& del, const AbsentTables& absent) {
  SqlOutput out(absent);
  out.relations().AddTable(del.relation, *del.table);
  out.Append("DELETE FROM ", PhysicalTable(del.table->id), " AS r", del.relation);
  AppendWhere(out, del.where);
  return out.Take();
}

}  // namespace tql::storage::sqlite
