// The rows of a statement as SQLite steps through them.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_

#include <memory>
#include <optional>
#include <vector>

#include "mockserver/storage/sqlite/reader_pool.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

/// Gives the statement's parameters their values, as copies.
void BindAll(Statement& statement, const std::vector<values::Datum>& parameters);

class SqliteCursor : public Cursor {
 public:
  /// Runs the statement, which `sql` was prepared to, up to its first row, which is where its
  /// snapshot begins. ABORTED when a table is there that it takes as absent.
  static StatusOr<std::unique_ptr<SqliteCursor>> Open(
      ReaderPool::Lent reader, Statement statement, const PrintedSql& sql,
      const std::vector<plan::Query::Column>& columns, const Cancellation& cancellation);

  /// Whether the tables have these versions in the snapshot; false when it is gone with the last
  /// row.
  bool Sees(const std::vector<TableVersion>& tables);

  StatusOr<bool> Next() override;

 private:
  SqliteCursor(ReaderPool::Lent reader, const std::vector<CheckedExpr>& checked,
               const std::vector<plan::Query::Column>& columns, const Cancellation& cancellation);
  StatusOr<bool> Step() { return Read(statement_.Step()); }
  /// Keeps the row that a step came to; ends the cursor without one.
  StatusOr<bool> Read(StatusOr<bool> row);
  void ReadRow();
  void End();

  // In this order: each needs those above it until it goes.
  const Cancellation cancellation_;
  const std::vector<CheckedExpr> checked_;
  ReaderPool::Lent reader_;
  std::optional<Connection::Cancellable> cancellable_;
  std::optional<Connection::Explained> explained_;
  Statement statement_;

  std::vector<values::Datum> values_;
  std::vector<bool> real_;  // columns whose integers are reals
  enum class State : std::uint8_t { kFirstRow, kRunning, kEnded } state_ = State::kRunning;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_CURSOR_H_
