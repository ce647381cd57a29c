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

std::vector<bool> RealOnes(const std::vector<plan::Query::Column>& columns) {
  std::vector<bool> real;
  real.reserve(columns.size());
  for (const plan::Query::Column& column : columns) real.push_back(IsReal(column.type.kind));
  return real;
}

SqliteCursor::SqliteCursor(ReaderPool::Reader reader, const std::vector<CheckedExpr>& checked,
                           const std::vector<plan::Query::Column>& columns,
                           const Cancellation& cancellation)
    : cancellation_(cancellation),
      checked_(checked),
      reader_(std::move(reader)),
      values_(RealOnes(columns)) {
  cancellable_.emplace(*reader_, cancellation_);
  explained_.emplace(*reader_, checked_);
}

StatusOr<std::unique_ptr<SqliteCursor>> SqliteCursor::Open(
    ReaderPool::Reader reader, Statement statement, const PrintedSql& sql,
    std::span<const values::Datum> values, const std::vector<plan::Query::Column>& columns,
    const Cancellation& cancellation, const ScanSource* source) {
  std::unique_ptr<SqliteCursor> cursor(
      new SqliteCursor(std::move(reader), sql.checked, columns, cancellation));
  cursor->statement_ = std::move(statement);
  const std::size_t returned = columns.size() + (sql.has_rowid ? 1 : 0);
  if (static_cast<std::size_t>(sqlite3_column_count(cursor->statement_.get())) != returned) {
    return InternalError("a plan does not say which columns its query has");
  }
  BindAll(cursor->statement_, sql.parameters);
  for (std::size_t i = 0; i < values.size(); ++i) {
    cursor->statement_.Bind(sql.varying_parameters[i], values[i]);
  }
  if (source != nullptr && sql.scan) {
    cursor->scan_.emplace(*source, sql, values);
  }
  // A cached statement goes on counting.
  sqlite3_stmt_status(cursor->statement_.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, /*resetFlg=*/1);
  StatusOr<bool> row = cursor->statement_.Step();
  if (row && AnyIsThere(*cursor->reader_, sql.absent)) {
    row = AbortedError("a table of the statement has changed");
  }
  row = cursor->Read(std::move(row));
  if (!row) return row.status();
  if (*row) cursor->state_ = State::kFirstRow;
  return cursor;
}

void SqliteCursor::CompareScanned(std::int64_t rows) {
  divisible_ = state_ != State::kEnded &&
               sqlite3_stmt_status(statement_.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP,
                                   /*resetFlg=*/0) >= rows;
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
      row_ = first_row_;
      divisible_ = divisible_ && scan_;
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
  const std::span<const values::Datum> row = values_.Read(statement_.get());
  divisible_ = scan_ && scan_->IsLarge(statement_.get());
  ++rows_;
  if (state_ == State::kRunning) row_ = row;
  first_row_ = row;
}

std::unique_ptr<RowParts> SqliteCursor::Divide(const Division& division) {
  if (!divisible_ || state_ != State::kRunning) return nullptr;
  divisible_ = false;
  explained_.reset();
  cancellable_.reset();
  const int rowid = sqlite3_column_count(statement_.get()) - 1;
  std::unique_ptr<RowParts> parts = scan_->Divide(
      {reader_, statement_, statement_.Integer(rowid), rows_, checked_, values_.real()}, division);
  scan_.reset();
  if (parts) {
    End();
  } else {
    cancellable_.emplace(*reader_, cancellation_);
    explained_.emplace(*reader_, checked_);
  }
  return parts;
}

void SqliteCursor::End() {
  state_ = State::kEnded;
  row_ = {};
  divisible_ = false;
  statement_ = Statement();
  explained_.reset();
  cancellable_.reset();
  reader_.reset();
}

}  // namespace tql::storage::sqlite
