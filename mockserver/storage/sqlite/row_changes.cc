#include "mockserver/storage/sqlite/row_changes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

std::string_view NativeType(plan::TypeKind kind) {
  if (kind == plan::TypeKind::kVarchar) return "TEXT";
  return plan::IsReal(kind) ? "REAL" : "INTEGER";
}

std::vector<std::int32_t> AllColumns(const plan::TableDef& table) {
  std::vector<std::int32_t> positions(table.columns.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int32_t>(i);
  return positions;
}

bool Contains(const std::vector<std::int32_t>& positions, std::int32_t position) {
  return std::find(positions.begin(), positions.end(), position) != positions.end();
}

/// What a column not named in an INSERT becomes.
plan::Datum DefaultOf(const plan::ColumnDef& column) {
  using plan::Datum;
  if (!column.default_text) return Datum::Null();
  const std::string& text = *column.default_text;
  const plan::TypeKind kind = column.type.kind;
  if (text == "null" || text == "NULL") return Datum::Null();
  if (kind == plan::TypeKind::kVarchar) return Datum::Text(text);
  if (kind == plan::TypeKind::kBool) return Datum::Integer(text == "true" || text == "1");
  if (plan::IsReal(kind)) {
    const auto real = plan::ParseDouble(text);
    return real ? Datum::Real(*real) : Datum::Null();
  }
  auto integer = plan::ParseInteger(text);
  if (!integer && plan::IsTemporal(kind)) {
    integer = plan::ParseTemporal(kind, text, column.parsing_hint);
  }
  return integer ? Datum::Integer(*integer) : Datum::Null();
}

void BindDatum(Statement& statement, int index, const plan::Datum& datum) {
  switch (datum.kind()) {
    case plan::Datum::Kind::kNull:
      return statement.BindNull(index);
    case plan::Datum::Kind::kInteger:
      return statement.Bind(index, datum.integer());
    case plan::Datum::Kind::kReal:
      return statement.Bind(index, datum.real());
    case plan::Datum::Kind::kText:
      return statement.Bind(index, datum.text());
  }
}

/// " ON CONFLICT (key) DO UPDATE SET …": the new row takes the place of the old one.
std::string UpsertClause(const plan::TableDef& table) {
  if (table.primary_key.empty()) return {};
  std::string clause = " ON CONFLICT (" + ColumnList(table, table.primary_key) + ") DO ";
  std::string assignments;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (Contains(table.primary_key, static_cast<std::int32_t>(i))) continue;
    const std::string name = ColumnName(table.columns[i].id);
    assignments += (assignments.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  return clause + (assignments.empty() ? "NOTHING" : "UPDATE SET " + assignments);
}

/// Of rows with equal keys that hold a NULL, only the newest stays.
Status RemoveOldNullKeys(Connection& connection, const plan::TableDef& table) {
  if (table.primary_key.empty()) return Status();
  const std::string rows = TableName(table.id);
  const std::string condition = NullKeyCondition(table);
  return connection.Run("DELETE FROM " + rows + " WHERE (" + condition +
                        ") AND rowid NOT IN (SELECT max(rowid) FROM " + rows + " WHERE " +
                        condition + " GROUP BY " + ColumnList(table, table.primary_key) + ")");
}

StatusOr<std::int64_t> InsertLiterals(Connection& connection, const plan::Insert& insert,
                                      const plan::LiteralRows& rows) {
  const plan::TableDef& table = *insert.table;
  std::string sql = "INSERT INTO " + TableName(table.id) + " (" +
                    ColumnList(table, AllColumns(table)) + ") VALUES (?";
  for (std::size_t i = 1; i < table.columns.size(); ++i) sql += ",?";
  sql += ")" + UpsertClause(table);
  StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();

  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!Contains(insert.columns, static_cast<std::int32_t>(i))) {
      BindDatum(*statement, static_cast<int>(i), DefaultOf(table.columns[i]));
    }
  }
  std::vector<bool> is_key(table.columns.size());
  bool null_key = false;  // whether a row has a NULL in its key
  for (const std::int32_t position : table.primary_key) {
    const auto column = static_cast<std::size_t>(position);
    is_key[column] = true;
    null_key = null_key ||
               (!Contains(insert.columns, position) && DefaultOf(table.columns[column]).is_null());
  }
  const std::size_t width = insert.columns.size();
  const std::size_t count = width == 0 ? 0 : rows.cells.size() / width;
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t i = 0; i < width; ++i) {
      const plan::Datum& cell = rows.cells[r * width + i];
      const std::int32_t position = insert.columns[i];
      null_key = null_key || (cell.is_null() && is_key[static_cast<std::size_t>(position)]);
      BindDatum(*statement, position, cell);
    }
    if (Status status = statement->Run(); !status.ok()) return status;
  }
  if (null_key) {
    if (Status status = RemoveOldNullKeys(connection, table); !status.ok()) return status;
  }
  return static_cast<std::int64_t>(count);
}

StatusOr<std::int64_t> InsertQuery(Connection& connection, const plan::Insert& insert,
                                   const plan::Query& query) {
  const plan::TableDef& table = *insert.table;
  std::vector<std::int32_t> columns = insert.columns;
  std::vector<plan::Datum> defaults;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (Contains(insert.columns, static_cast<std::int32_t>(i))) continue;
    columns.push_back(static_cast<std::int32_t>(i));
    defaults.push_back(DefaultOf(table.columns[i]));
  }
  SqlPrinter printer;
  printer.Append("INSERT INTO " + TableName(table.id) + " (" + ColumnList(table, columns) +
                 ") SELECT q.*");
  for (std::size_t i = 0; i < defaults.size(); ++i) printer.Append(",?");
  printer.Append(" FROM (");
  printer.Print(query);
  printer.Append(") AS q WHERE true" + UpsertClause(table));
  StatusOr<Statement> statement = connection.Prepare(printer.sql());
  if (!statement.ok()) return statement.status();
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    BindDatum(*statement, static_cast<int>(i), defaults[i]);
  }
  Status status = printer.BindAll(*statement, static_cast<int>(defaults.size()));
  if (!status.ok()) return status;
  const std::int64_t before = connection.TotalChanges();
  if (status = statement->Run(); !status.ok()) return status;
  const std::int64_t count = connection.TotalChanges() - before;
  if (status = RemoveOldNullKeys(connection, table); !status.ok()) return status;
  return count;
}

/// Runs what `printer` holds; how many rows it changed.
StatusOr<std::int64_t> RunChange(Connection& connection, const SqlPrinter& printer) {
  StatusOr<Statement> statement = connection.Prepare(printer.sql());
  if (!statement.ok()) return statement.status();
  if (Status status = printer.BindAll(*statement); !status.ok()) return status;
  if (Status status = statement->Run(); !status.ok()) return status;
  return connection.Changes();
}

void AppendWhere(SqlPrinter& printer, const plan::ExprPtr& where) {
  if (!where) return;
  printer.Append(" WHERE ");
  printer.PrintExpr(*where);
}

// New keys may meet old ones, and one another while the update is under way: the changed rows are
// taken out and inserted again.
StatusOr<std::int64_t> UpdateKeys(Connection& connection, const plan::Update& update) {
  const plan::TableDef& table = *update.table;
  const std::string rows = TableName(table.id);
  const std::string names = ColumnList(table, AllColumns(table));
  const std::string relation = "r" + std::to_string(update.relation);
  SqlPrinter printer;
  printer.AddTable(update.relation, table);
  printer.Append("CREATE TEMP TABLE tql_update AS SELECT " + relation + ".rowid AS r");
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    printer.Append(", ");
    const auto assigned =
        std::find_if(update.assignments.begin(), update.assignments.end(),
                     [&](const auto& a) { return static_cast<std::size_t>(a.column) == i; });
    if (assigned != update.assignments.end()) {
      printer.PrintExpr(*assigned->value);
    } else {
      printer.Append(relation + "." + ColumnName(table.columns[i].id));
    }
    printer.Append(" AS " + ColumnName(table.columns[i].id));
  }
  printer.Append(" FROM " + rows + " AS " + relation);
  AppendWhere(printer, update.where);
  if (const auto made = RunChange(connection, printer); !made.ok()) return made.status();

  Status status =
      connection.Run("DELETE FROM " + rows + " WHERE rowid IN (SELECT r FROM tql_update)");
  const std::int64_t count = connection.Changes();
  if (status.ok()) {
    status = connection.Run("INSERT INTO " + rows + " (rowid, " + names + ") SELECT r, " + names +
                            " FROM tql_update WHERE true ORDER BY r" + UpsertClause(table));
  }
  if (status.ok()) status = RemoveOldNullKeys(connection, table);
  if (status.ok()) status = connection.Run("DROP TABLE tql_update");
  if (!status.ok()) return status;
  return count;
}

}  // namespace

Status CreateRows(Connection& connection, const plan::TableDef& table) {
  const std::string rows = TableName(table.id);
  std::string sql = "CREATE TABLE " + rows + " (";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) sql += ", ";
    sql += ColumnName(table.columns[i].id) + " ";
    sql += NativeType(table.columns[i].type.kind);
  }
  Status status = connection.Run(sql + ") STRICT");
  if (!status.ok() || table.primary_key.empty()) return status;
  status = connection.Run("CREATE UNIQUE INDEX " + KeyIndexName(table.id) + " ON " + rows + " (" +
                          ColumnList(table, table.primary_key) + ")");
  if (!status.ok()) return status;
  return connection.Run("CREATE INDEX " + NullKeyIndexName(table.id) + " ON " + rows + " (" +
                        ColumnList(table, table.primary_key) + ") WHERE " +
                        NullKeyCondition(table));
}

Status DropRows(Connection& connection, plan::Id table) {
  return connection.Run("DROP TABLE " + TableName(table));
}

StatusOr<std::int64_t> InsertRows(Connection& connection, const plan::Insert& insert) {
  if (const auto* rows = std::get_if<plan::LiteralRows>(&insert.source)) {
    return InsertLiterals(connection, insert, *rows);
  }
  return InsertQuery(connection, insert, *std::get<plan::QueryPtr>(insert.source));
}

StatusOr<std::int64_t> UpdateRows(Connection& connection, const plan::Update& update) {
  const plan::TableDef& table = *update.table;
  for (const plan::Update::Assignment& assignment : update.assignments) {
    if (Contains(table.primary_key, assignment.column)) return UpdateKeys(connection, update);
  }
  SqlPrinter printer;
  printer.AddTable(update.relation, table);
  printer.Append("UPDATE " + TableName(table.id) + " AS r" + std::to_string(update.relation));
  for (std::size_t i = 0; i < update.assignments.size(); ++i) {
    const plan::Update::Assignment& assignment = update.assignments[i];
    printer.Append(i == 0 ? " SET " : ", ");
    printer.Append(ColumnName(table.columns[static_cast<std::size_t>(assignment.column)].id) +
                   " = ");
    printer.PrintExpr(*assignment.value);
  }
  AppendWhere(printer, update.where);
  return RunChange(connection, printer);
}

StatusOr<std::int64_t> DeleteRows(Connection& connection, const plan::Delete& del) {
  SqlPrinter printer;
  printer.AddTable(del.relation, *del.table);
  printer.Append("DELETE FROM " + TableName(del.table->id) + " AS r" +
                 std::to_string(del.relation));
  AppendWhere(printer, del.where);
  return RunChange(connection, printer);
}

}  // namespace tql::storage::sqlite
