// A cursor over the rows of a SQLite statement.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "mockserver/storage/sqlite/reader_pool.h"
#include "mockserver/storage/sqlite/row_parts.h"
#include "mockserver/storage/sqlite/row_values.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

/// Gives the statement's parameters their values, as copies.
void BindAll(Statement& statement, const std::vector<values::Datum>& parameters);

/// Whether each column has a real type, as RowValues needs it.
std::vector<bool> RealOnes(const std::vector<plan::Query::Column>& columns);

class SqliteCursor : public Cursor {
 public:
  /// Runs the statement, prepared from `sql`, to its first row, which begins its snapshot. ABORTED
  /// if a table exists that it takes as absent. `values` are those of the varying literals; empty:
  /// as they were printed. A null `source`: the rows are not divided.
  static StatusOr<std::unique_ptr<SqliteCursor>> Open(
      ReaderPool::Reader reader, Statement statement, const PrintedSql& sql,
      std::span<const values::Datum> values, const std::vector<plan::Query::Column>& columns,
      const Cancellation& cancellation, const ScanSource* source = nullptr);

  /// Makes the cursor divisible(), until its first row, if the statement has scanned so many rows
  /// for that, e.g. for an aggregate.
  void CompareScanned(std::int64_t rows);

  /// Whether the tables have these versions in the snapshot; false if the snapshot has ended after
  /// the last row.
  bool Sees(const std::vector<TableVersion>& tables);

  StatusOr<bool> Next() override;
  std::unique_ptr<RowParts> Divide(const Division& division) override;

 private:
  SqliteCursor(ReaderPool::Reader reader, const std::vector<CheckedExpr>& checked,
               const std::vector<plan::Query::Column>& columns, const Cancellation& cancellation);
  StatusOr<bool> Step() { return Read(statement_.Step()); }
  /// Keeps the row of a step; ends the cursor without one.
  StatusOr<bool> Read(StatusOr<bool> row);
  void ReadRow();
  void End();

  // Each member needs those above it until it is destroyed.
  const Cancellation cancellation_;
  const std::vector<CheckedExpr> checked_;
  ReaderPool::Reader reader_;
  std::optional<Connection::Cancellable> cancellable_;
  std::optional<Connection::Explained> explained_;
  Statement statement_;

  RowValues values_;
  std::span<const values::Datum> first_row_;
  std::optional<DivisibleScan> scan_;
  std::int64_t rows_ = 0;
  enum class State : std::uint8_t { kFirstRow, kRunning, kEnded } state_ = State::kRunning;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_
