// SQLite in two RAII classes: a connection with its prepared statements, and a statement in use.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mockserver/storage/cancellation.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

class Connection;

/// A prepared statement, taken from its connection's cache and given back when it is destroyed.
/// Parameters count from 0. A bound text must live until the statement is reset.
class Statement {
 public:
  Statement() = default;
  Statement(Connection* owner, std::string_view key, sqlite3_stmt* stmt)
      : owner_(owner), key_(key), stmt_(stmt) {}
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  void Bind(int index, std::int64_t value) { sqlite3_bind_int64(stmt_, index + 1, value); }
  void Bind(int index, double value) { sqlite3_bind_double(stmt_, index + 1, value); }
  void Bind(int index, std::string_view value);
  void BindNull(int index) { sqlite3_bind_null(stmt_, index + 1); }

  /// Moves to the next row; false at the end.
  StatusOr<bool> Step();
  /// Runs to the end.
  Status Run();
  void Reset() { sqlite3_reset(stmt_); }

  std::int64_t Integer(int column) const { return sqlite3_column_int64(stmt_, column); }
  std::string Text(int column) const;
  bool IsNull(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
  sqlite3_stmt* get() const { return stmt_; }

 private:
  Connection* owner_ = nullptr;
  std::string_view key_;
  sqlite3_stmt* stmt_ = nullptr;
};

/// One connection. Belongs to one thread at a time.
class Connection {
 public:
  struct Options {
    std::string path;
    const char* vfs = nullptr;  // nullptr: the default one
    std::size_t statement_cache = 128;
  };
  static StatusOr<std::unique_ptr<Connection>> Open(const Options& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement of ours, or one printed from a plan: both only reach what the authorizer lets.
  StatusOr<Statement> Prepare(std::string_view sql);
  Status Run(std::string_view sql);

  /// Until the next call: what stops a running statement. Null: nothing does.
  void SetCancellation(const Cancellation* cancellation) { cancellation_ = cancellation; }
  /// From now on only tables, functions and statements that a plan can name.
  void Confine();

  /// The error of the last call in terms of the storage interface.
  Status Error(int code);
  /// Set by a function of ours that fails: the status behind SQLITE_ERROR.
  void SetFunctionError(Status status) { function_error_ = std::move(status); }

  std::int64_t Changes() const { return sqlite3_changes64(db_); }
  std::int64_t TotalChanges() const { return sqlite3_total_changes64(db_); }
  sqlite3* get() const { return db_; }

 private:
  friend class Statement;
  explicit Connection(sqlite3* db, std::size_t cache) : db_(db), cache_limit_(cache) {}
  void GiveBack(std::string_view key, sqlite3_stmt* stmt);
  static int OnProgress(void* self);
  static int Authorize(void* self, int action, const char* a, const char* b, const char* database,
                       const char* trigger);

  struct Cached {
    std::string sql;
    sqlite3_stmt* stmt;  // null while in use
  };
  sqlite3* db_;
  std::size_t cache_limit_;
  std::list<Cached> cached_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
  const Cancellation* cancellation_ = nullptr;
  Status stopped_;         // why OnProgress stopped the statement
  Status function_error_;  // why a function failed
  bool confined_ = false;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
