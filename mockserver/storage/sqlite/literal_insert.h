// Inserts literal rows into a table.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_LITERAL_INSERT_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_LITERAL_INSERT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/row_transfer.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// The positions of all columns, in their order.
std::vector<std::int32_t> AllColumns(const plan::TableDef& table);

/// A prepared INSERT into one table, for any number of rows. Belongs to a transaction that is open
/// on the connection; destroyed before the connection.
class LiteralInsert {
 public:
  /// The table must exist. The source of the rows is not used.
  static StatusOr<std::unique_ptr<LiteralInsert>> Prepare(Connection& writer,
                                                          const plan::Insert& insert);
  /// Whether the INSERT has the table and the columns of this one.
  bool Serves(const plan::Insert& insert) const;

  /// Inserts rows, one value for each column of the INSERT. An error may leave some of them.
  Status Rows(std::span<const values::Datum> cells, const Cancellation& cancellation);

 private:
  LiteralInsert(Connection& writer, const plan::Insert& insert);

  /// Sets row_ to the values that the columns have for the literals of row `number`.
  Status Convert(std::span<const values::Datum> literals, std::size_t number);
  Status InsertRow();
  Status PrepareTransfer();

  Connection& writer_;
  const plan::TablePtr table_;
  const std::vector<std::int32_t> columns_;
  std::vector<values::TypeKind> types_;  // of these columns
  Statement statement_;
  bool may_transfer_;
  std::unique_ptr<RowTransfer> transfer_;  // null: not tried, or not possible
  std::vector<values::Datum> row_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_LITERAL_INSERT_H_
