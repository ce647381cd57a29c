// What the functions of a printed statement say when they fail: which of its expressions it was.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_

#include <cstddef>
#include <optional>
#include <string>

#include "tql/status.h"

namespace tql::storage::sqlite {

/// An expression, or the column that its value is for, which may fail while a statement runs. The
/// printed function has its number among those of the statement.
struct CheckedExpr {
  std::string object;                 // "Column "a"", "Expression a + 1"; empty: unknown
  std::optional<std::size_t> offset;  // in the statement's text

  /// The error as the storage reports it; see Storage.
  Status Explain(const Status& reason) const {
    std::string message = object.empty() ? reason.message() : object + ": " + reason.message();
    if (!offset) return Status(reason.code(), std::move(message));
    return Status(reason.code(), std::move(message), TextPlace{*offset, 0, 0});
  }
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CHECKED_EXPR_H_
