// Identifies the expression of a printed statement that caused an error of one of its functions.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_

#include <cstddef>
#include <optional>
#include <string>

#include "tql/status.h"

namespace tql::storage::sqlite {

/// An expression that may fail while a statement runs, or the column that receives its value. It is
/// passed to the printed function by its number in PrintedSql::checked.
struct CheckedExpr {
  std::string object;                 // "Column "a"", "Expression a + 1"; empty if unknown.
  std::optional<std::size_t> offset;  // In the text of the statement.

  /// Adds the object and its place to an error; see Storage.
  Status Explain(const Status& reason) const {
    std::string message = object.empty() ? reason.message() : object + ": " + reason.message();
    if (!offset) return Status(reason.code(), std::move(message));
    return Status(reason.code(), std::move(message), TextPlace{*offset, 0, 0});
  }
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_
