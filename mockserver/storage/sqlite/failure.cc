// Translates SQLite's errors into messages that mention neither SQLite nor its tables.
#include <sqlite3.h>

#include <string>
#include <utility>

#include "mockserver/storage/limits.h"
#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {
namespace {

/// Errors of preparing a statement, which have the same code and differ in their messages only.
Status FromText(std::string_view text) {
  const auto has = [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  if (has("integer overflow")) return OutOfRangeError("integer overflow");
  if (has("no such table") || has("no such column") || has("has no column")) {
    return AbortedError("a table of the statement has changed");
  }
  if (has("Expression tree is too large") || has("stack overflow")) {
    return InvalidArgumentError("the statement is nested too deeply");
  }
  if (has("too many columns")) {
    return InvalidArgumentError("more than " + std::to_string(kMaxColumns) + " columns");
  }
  if (has("too many terms in compound")) {
    return InvalidArgumentError("too many queries in one set operation");
  }
  if (has("too many terms in")) {
    return InvalidArgumentError("more than " + std::to_string(kMaxColumns) + " terms in one list");
  }
  if (has("in a join")) {
    return InvalidArgumentError("more than " + std::to_string(kMaxJoinedTables) +
                                " tables in one join");
  }
  if (has("too many references")) return InvalidArgumentError("too many references to one table");
  if (has("too many arguments")) return InvalidArgumentError("too many arguments of a function");
  return Status();
}

Status FromCode(int code, sqlite3* db) {
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:
      return CancelledError("the statement was cancelled");
    case SQLITE_NOMEM:
      return ResourceExhaustedError("out of memory");
    case SQLITE_FULL:
      return ResourceExhaustedError("no space left for the database");
    case SQLITE_TOOBIG:
      return OutOfRangeError("a text, a row or the statement is longer than " +
                             std::to_string(kLongestText) + " bytes");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return UnavailableError("the database is busy");
    case SQLITE_READONLY:
      return FailedPreconditionError("the database is read-only");
    case SQLITE_CANTOPEN:
      return UnavailableError("cannot open the database");
    case SQLITE_NOTADB:
      return FailedPreconditionError("the file is not a database");
    case SQLITE_CORRUPT:
      return DataLossError("the database is damaged");
    case SQLITE_IOERR:
      return UnavailableError("cannot read or write the database");
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return PermissionDeniedError("the statement is not allowed");
    case SQLITE_CONSTRAINT:
      if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE ||
          code == SQLITE_CONSTRAINT_ROWID) {
        return AlreadyExistsError("a row with the same key already exists");
      }
      break;
    case SQLITE_SCHEMA:
      return AbortedError("a table of the statement has changed");
    case SQLITE_ERROR:
      if (db != nullptr) {
        if (Status status = FromText(sqlite3_errmsg(db)); !status.ok()) return status;
      }
      break;
    default:
      break;
  }
  return InternalError("the storage failed (" + std::to_string(code) + ")");
}

}  // namespace

Status Connection::Failure(int code) {
  if (Status status = std::exchange(running_.failure, Status()); !status.ok()) return status;
  Status status = FromCode(code, db_);
  const bool for_operators =
      status.code() == StatusCode::kInternal || status.code() == StatusCode::kDataLoss ||
      status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kPermissionDenied;
  if (for_operators && options_.log) {
    options_.log("SQLite " + std::to_string(code) + ": " +
                 (db_ ? sqlite3_errmsg(db_) : sqlite3_errstr(code)));
  }
  return status;
}

}  // namespace tql::storage::sqlite
