#include "mockserver/storage/sqlite/sql_printer.h"

#include <algorithm>
#include <utility>

#include "mockserver/plan/default_value.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/table_schema.h"
#include "mockserver/values/value_conversion.h"

namespace tql::storage::sqlite {
namespace {

/// Returns the columns with a DEFAULT that an INSERT does not name.
std::vector<std::int32_t> DefaultedColumns(const plan::Insert& insert) {
  std::vector<bool> named(insert.table->columns.size());
  for (const std::int32_t column : insert.columns) {
    if (column >= 0 && static_cast<std::size_t>(column) < named.size()) {
      named[static_cast<std::size_t>(column)] = true;
    }
  }
  std::vector<std::int32_t> defaulted;
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (!named[i] && insert.table->columns[i].default_text) {
      defaulted.push_back(static_cast<std::int32_t>(i));
    }
  }
  return defaulted;
}

bool Contains(const std::vector<std::int32_t>& list, std::int32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

void SqlPrinter::ColumnName(const plan::TableDef& table, std::int32_t column) {
  if (column < 0 || static_cast<std::size_t>(column) >= table.columns.size()) {
    return Fail(InternalError("a plan refers to a column that its table does not have"));
  }
  Raw(PhysicalColumn(table.columns[static_cast<std::size_t>(column)].id));
}

void SqlPrinter::InsertHead(const plan::Insert& insert, const std::vector<std::int32_t>& defaults) {
  Raw("INSERT INTO ");
  Raw(PhysicalTable(insert.table->id));
  Raw(" (");
  std::string_view separator;
  for (const auto* columns : {&insert.columns, &defaults}) {
    for (const std::int32_t column : *columns) {
      Raw(std::exchange(separator, ", "));
      ColumnName(*insert.table, column);
    }
  }
  Raw(") ");
  if (insert.columns.empty()) Fail(InternalError("an INSERT names no columns"));
}

void SqlPrinter::InsertRow(const plan::Insert& insert) {
  const std::vector<std::int32_t> defaults = DefaultedColumns(insert);
  InsertHead(insert, defaults);
  Raw("VALUES (");
  std::string_view separator;
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    Raw(std::exchange(separator, ", "));
    sql_.parameters.emplace_back();
    Raw("?");
    Number(static_cast<std::int64_t>(sql_.parameters.size()));
  }
  for (const std::int32_t column : defaults) {
    Raw(separator);
    const auto value = plan::DefaultOf(insert.table->columns[static_cast<std::size_t>(column)]);
    if (!value) return Fail(value.status());
    sql_.parameters.push_back(*value);
    Raw("?");
    Number(static_cast<std::int64_t>(sql_.parameters.size()));
  }
  Raw(")");
  Raw(UpsertClause(*insert.table));
}

void SqlPrinter::InsertQuery(const plan::Insert& insert, const plan::Query& source) {
  const std::vector<std::int32_t> defaults = DefaultedColumns(insert);
  if (source.columns.size() != insert.columns.size()) {
    return Fail(InternalError("an INSERT has more or fewer values than columns"));
  }
  InsertHead(insert, defaults);
  Raw("SELECT ");
  std::string_view separator;
  for (std::size_t i = 0; i < insert.columns.size(); ++i) {
    Raw(std::exchange(separator, ", "));
    const plan::ColumnDef& column =
        insert.table->columns[static_cast<std::size_t>(insert.columns[i])];
    const values::TypeKind to = column.type.kind;
    const values::TypeKind computed = source.columns[i].type.kind;
    const values::TypeKind from = computed == to ? Computed(computed) : computed;
    const bool converts = from != values::TypeKind::kNull && !values::KeepsValues(from, to);
    if (converts) ConvertBegin(from, to);
    Raw("k");
    Number(static_cast<std::int64_t>(i));
    if (!converts) continue;
    // Of a set operation the first select list stands for all.
    const plan::Query* first = &source;
    while (const auto* set = std::get_if<plan::SetOperation>(&first->body)) first = set->left.get();
    CheckedExpr checked;
    if (const auto* select = std::get_if<plan::Select>(&first->body)) {
      checked = Described(*select->items[i].expr, column.name);
    } else {
      checked.object = "Column \"" + column.name + '"';
    }
    ConvertEnd(from, to, std::move(checked), column.parsing_hint);
  }
  for (const std::int32_t column : defaults) {
    Raw(separator);
    const auto value = plan::DefaultOf(insert.table->columns[static_cast<std::size_t>(column)]);
    if (!value) return Fail(value.status());
    Parameter(*value);
  }
  Raw(" FROM (");
  Query(source, RowOrder::kAsInserted);
  Raw(") WHERE true");  // Without it SQLite would parse the following ON as a join condition.
  Raw(UpsertClause(*insert.table));
}

bool SqlPrinter::Update(const plan::Update& update) {
  relations_[update.relation] = update.table.get();
  const std::size_t width = update.table->columns.size();
  std::vector<const plan::Expr*> values(width);
  bool changes_key = false;
  for (const plan::Update::Assignment& assignment : update.assignments) {
    if (assignment.column < 0 || static_cast<std::size_t>(assignment.column) >= width) {
      Fail(InternalError("an UPDATE assigns to a column that its table does not have"));
      return false;
    }
    values[static_cast<std::size_t>(assignment.column)] = assignment.value.get();
    changes_key = changes_key || Contains(update.table->primary_key, assignment.column);
  }
  const std::string alias = std::string("r").append(std::to_string(update.relation));

  // Print the values first to learn whether one of them contains a sub-query. A sub-query may read
  // changed rows, and a changed key may collide with one that is changed later.
  std::vector<std::string> printed(width);
  std::string before = std::exchange(sql_.text, {});
  for (std::size_t i = 0; i < width; ++i) {
    if (values[i] == nullptr) continue;
    Stored(*values[i], update.table->columns[i]);
    printed[i] = std::exchange(sql_.text, {});
  }
  sql_.text = std::move(before);
  const bool through_scratch = changes_key || has_query_;

  std::string_view separator;
  if (through_scratch) {
    Raw("INSERT INTO temp." + std::string(kScratchTable) + " SELECT " + alias + ".rowid");
    for (std::size_t i = 0; i < width; ++i) {
      Raw(", ");
      Raw(values[i] ? printed[i] : alias + "." + PhysicalColumn(update.table->columns[i].id));
    }
    Raw(" FROM " + PhysicalTable(update.table->id) + " AS " + alias);
  } else {
    Raw("UPDATE " + PhysicalTable(update.table->id) + " AS " + alias + " SET ");
    for (std::size_t i = 0; i < width; ++i) {
      if (values[i] == nullptr) continue;
      Raw(std::exchange(separator, ", "));
      Raw(PhysicalColumn(update.table->columns[i].id) + " = " + printed[i]);
    }
  }
  if (update.where) {
    Raw(" WHERE ");
    Expr(*update.where, Level::kAny);
  }
  return through_scratch;
}

void SqlPrinter::Delete(const plan::Delete& del) {
  relations_[del.relation] = del.table.get();
  Raw("DELETE FROM " + PhysicalTable(del.table->id) + " AS r" + std::to_string(del.relation));
  if (del.where) {
    Raw(" WHERE ");
    Expr(*del.where, Level::kAny);
  }
}

StatusOr<PrintedSql> SqlPrinter::Take() {
  if (!status_.ok()) return status_;
  for (const auto& [relation, table] : relations_) {
    if (table != nullptr) sql_.tables.push_back({table->id, table->live_schema_version});
  }
  return std::exchange(sql_, {});
}

StatusOr<PrintedSql> PrintQuery(const plan::Query& query, const AbsentTables& absent) {
  SqlPrinter printer(absent);
  printer.Query(query, SqlPrinter::RowOrder::kAsInserted);
  return printer.Take();
}

StatusOr<PrintedSql> PrintCount(const plan::Query& query, const AbsentTables& absent) {
  SqlPrinter printer(absent);
  printer.Raw("SELECT count(*) FROM (");
  printer.Query(query, SqlPrinter::RowOrder::kFree);
  printer.Raw(")");
  return printer.Take();
}

StatusOr<PrintedSql> PrintInsert(const plan::Insert& insert, const AbsentTables& absent) {
  SqlPrinter printer(absent);
  if (const auto* source = std::get_if<plan::QueryPtr>(&insert.source)) {
    printer.InsertQuery(insert, **source);
  } else {
    printer.InsertRow(insert);
  }
  return printer.Take();
}

StatusOr<PrintedUpdate> PrintUpdate(const plan::Update& update, const AbsentTables& absent) {
  SqlPrinter printer(absent);
  PrintedUpdate printed;
  printed.through_scratch = printer.Update(update);
  StatusOr<PrintedSql> sql = printer.Take();
  if (!sql) return sql.status();
  printed.sql = *std::move(sql);
  return printed;
}

StatusOr<PrintedSql> PrintDelete(const plan::Delete& del, const AbsentTables& absent) {
  SqlPrinter printer(absent);
  printer.Delete(del);
  return printer.Take();
}

}  // namespace tql::storage::sqlite
