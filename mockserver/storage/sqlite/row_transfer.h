// Inserts many rows into a table without a statement for each of them.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_TRANSFER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_TRANSFER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mockserver/plan/schema.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/table_image.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// Collects rows in an image of the table, which SQLite copies into it ("transfer optimization" of
/// INSERT … SELECT * FROM a table of the same definition). The table has no key, because SQLite
/// would have to look for it row by row.
///
/// Belongs to a transaction that is open on the connection; destroyed before the connection.
class RowTransfer {
 public:
  /// Null if the columns of SQLite's table are not those of `table`.
  static StatusOr<std::unique_ptr<RowTransfer>> Make(Connection& writer,
                                                     const plan::TableDef& table);

  /// Adds a row, one value for each column of the definition, in its order. False, without an
  /// effect, if the row is too large or has a value that is not of the type of its column.
  bool Append(std::span<const values::Datum> row);
  bool full() const { return image_.bytes() >= kFull; }
  /// Stores the rows.
  Status Flush();
  /// Removes the rows that are not stored.
  void Clear() { image_.Clear(); }

 private:
  static constexpr std::size_t kFull = std::size_t{2} << 20;

  RowTransfer(Connection& writer, const plan::TableDef& table, std::vector<std::size_t> places,
              std::vector<unsigned char> empty);

  Connection& writer_;
  const std::string insert_;
  std::vector<values::Datum::Kind> kinds_;  // of the definition's columns
  std::vector<std::size_t> places_;         // of the definition's columns in SQLite's table
  std::vector<values::Datum> row_;          // in the order of SQLite's table
  TableImage image_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_TRANSFER_H_
