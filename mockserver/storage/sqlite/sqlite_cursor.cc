#include "mockserver/storage/sqlite/sqlite_cursor.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "mockserver/storage/sqlite/catalog_store.h"

namespace tql::storage::sqlite {

void BindAll(Statement& statement, const std::vector<values::Datum>& parameters) {
  int number = 0;
  for (const values::Datum& value : parameters) statement.Bind(++number, value);
}

SqliteCursor::SqliteCursor(ReaderPool::Reader reader, const std::vector<CheckedExpr>& checked,
                           const std::vector<plan::Query::Column>& columns,
                           const Cancellation& cancellation)
    : cancellation_(cancellation),
      checked_(checked),
      reader_(std::move(reader)),
      values_(columns.size()) {
  cancellable_.emplace(*reader_, cancellation_);
  explained_.emplace(*reader_, checked_);
  real_.reserve(columns.size());
  for (const plan::Query::Column& column : columns) real_.push_back(IsReal(column.type.kind));
}

StatusOr<std::unique_ptr<SqliteCursor>> SqliteCursor::Open(
    ReaderPool::Reader reader, Statement statement, const PrintedSql& sql,
    const std::vector<plan::Query::Column>& columns, const Cancellation& cancellation) {
  std::unique_ptr<SqliteCursor> cursor(
      new SqliteCursor(std::move(reader), sql.checked, columns, cancellation));
  cursor->statement_ = std::move(statement);
  if (static_cast<std::size_t>(sqlite3_column_count(cursor->statement_.get())) != columns.size()) {
    return InternalError("a plan does not say which columns its query has");
  }
  BindAll(cursor->statement_, sql.parameters);
  StatusOr<bool> row = cursor->statement_.Step();
  if (row && AnyIsThere(*cursor->reader_, sql.absent)) {
    row = AbortedError("a table of the statement has changed");
  }
  row = cursor->Read(std::move(row));
  if (!row) return row.status();
  if (*row) cursor->state_ = State::kFirstRow;
  return cursor;
}

bool SqliteCursor::Sees(const std::vector<TableVersion>& tables) {
  return state_ == State::kFirstRow &&
         std::all_of(tables.begin(), tables.end(), [this](const TableVersion& table) {
           const StatusOr<std::int64_t> version = LoadTableVersion(*reader_, table.table);
           return version && *version == table.version;
         });
}

StatusOr<bool> SqliteCursor::Next() {
  switch (state_) {
    case State::kFirstRow:
      state_ = State::kRunning;
      row_ = values_;
      return true;
    case State::kRunning:
      return Step();
    case State::kEnded:
      break;
  }
  return false;
}

StatusOr<bool> SqliteCursor::Read(StatusOr<bool> row) {
  if (row && *row) {
    ReadRow();
  } else {
    End();
  }
  return row;
}

void SqliteCursor::ReadRow() {
  sqlite3_stmt* const statement = statement_.get();
  for (std::size_t i = 0; i < values_.size(); ++i) {
    // The value does not change until the next step: the connection belongs to one thread.
    sqlite3_value* const value = sqlite3_column_value(statement, static_cast<int>(i));
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER: {
        const std::int64_t integer = sqlite3_value_int64(value);
        values_[i] = real_[i] ? values::Datum::Real(static_cast<double>(integer))
                              : values::Datum::Integer(integer);
        break;
      }
      case SQLITE_FLOAT:
        values_[i] = values::Datum::Real(sqlite3_value_double(value));
        break;
      case SQLITE_NULL:
        values_[i] = values::Datum::Null();
        break;
      default: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        values_[i] = values::Datum::Text({text, size});
      }
    }
  }
  if (state_ == State::kRunning) row_ = values_;
}

void SqliteCursor::End() {
  state_ = State::kEnded;
  row_ = {};
  statement_ = Statement();
  explained_.reset();
  cancellable_.reset();
  reader_.reset();
}

}  // namespace tql::storage::sqlite
