// The values of a row of a SQLite statement.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_VALUES_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_VALUES_H_

#include <span>
#include <utility>
#include <vector>

#include "mockserver/values/datum.h"

struct sqlite3_stmt;

namespace tql::storage::sqlite {

class RowValues {
 public:
  /// One entry per column: whether the column has a real type, so that its integers are reals.
  explicit RowValues(std::vector<bool> real) : real_(std::move(real)), values_(real_.size()) {}

  /// Returns the first columns of the current row, valid until the next step. The connection must
  /// belong to this thread until then.
  std::span<const values::Datum> Read(sqlite3_stmt* statement);

  const std::vector<bool>& real() const { return real_; }

 private:
  std::vector<bool> real_;
  std::vector<values::Datum> values_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_ROW_VALUES_H_
