// A SQLite connection on which printed statements can access rows and nothing else.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/sqlite/checked_expr.h"
#include "mockserver/storage/sqlite/sqlite_options.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tql::storage::sqlite {

/// What SQLite's callbacks know about the statement that runs on a connection, and its failure.
struct Running {
  const Cancellation* cancellation = nullptr;  // of the statement; null: it cannot be cancelled
  /// Why a function or the progress handler stopped it. The first reason is kept: SQLite also calls
  /// the progress handler after a function has failed.
  Status failure;
  /// Expressions of the printed statement by their numbers in it; null: no printed statement runs.
  const std::vector<CheckedExpr>* checked = nullptr;
  /// Called with the number of rows that `counted` has read; null: not called.
  const std::function<void(std::int64_t)>* on_rows = nullptr;
  sqlite3_stmt* counted = nullptr;

  void Fail(const Status& status) {
    if (failure.ok()) failure = status;
  }
  /// The same for the expression with this number.
  void Fail(const Status& status, std::int64_t number) {
    const bool known =
        checked != nullptr && number >= 0 && static_cast<std::size_t>(number) < checked->size();
    Fail(known ? (*checked)[static_cast<std::size_t>(number)].Explain(status) : status);
  }
};

// The names of tables and columns with rows, which the authorizer accepts.
std::string PhysicalTable(std::int64_t id);
std::string PhysicalColumn(std::int64_t id);
/// The maximum size of a text and of a row in bytes.
inline constexpr int kLongestText = 256 << 20;
/// A temporary table of an UPDATE of keys.
inline constexpr std::string_view kScratchTable = "scratch";
/// The schema of the tables of an image.
inline constexpr std::string_view kImageSchema = "image";

/// Must be called before any other use of SQLite. Later calls have no effect.
void ConfigureSqlite();

class Connection;

/// A prepared statement. Returns to the cache of its connection when destroyed, reset and without
/// values. Belongs to the thread that owns the connection.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept { Swap(other); }
  Statement& operator=(Statement&& other) noexcept {
    Statement taken(std::move(other));
    Swap(taken);
    return *this;
  }
  ~Statement();

  sqlite3_stmt* get() const { return stmt_; }

  /// Parameters are counted from 1. Bind copies a text; BindBorrowed borrows it until the next
  /// Reset.
  void Bind(int parameter, std::int64_t value);
  void Bind(int parameter, double value);
  void Bind(int parameter, std::string_view text);
  void Bind(int parameter, const values::Datum& value);
  void BindBorrowed(int parameter, std::string_view text);
  void BindNull(int parameter);

  /// True on a row, false at the end.
  StatusOr<bool> Step();
  void Reset();
  /// Runs a statement without rows.
  Status Run();

  // The current row; columns are counted from 0.
  std::int64_t Integer(int column) const;
  std::string Text(int column) const;
  bool IsNull(int column) const;

 private:
  friend class Connection;
  void Swap(Statement& other) {
    std::swap(connection_, other.connection_);
    std::swap(stmt_, other.stmt_);
    std::swap(sql_, other.sql_);
  }

  Connection* connection_ = nullptr;
  sqlite3_stmt* stmt_ = nullptr;
  std::string sql_;  // empty: not cached
};

/// Belongs to one thread at a time.
class Connection {
 public:
  enum class Role : std::uint8_t { kReader, kWriter };
  /// What statements may do within the limits of the role: kPlan is for statements printed from a
  /// plan, kOwn for statements written in this library.
  enum class Trust : std::uint8_t { kPlan, kOwn };

  /// A null `vfs` means files of the operating system. `options` is borrowed.
  static StatusOr<std::unique_ptr<Connection>> Open(const SqliteOptions& options,
                                                    const std::string& path, const char* vfs,
                                                    Role role);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* db() const { return db_; }
  Running& running() { return running_; }

  /// Whether the schema that the connection knows has this table. It knows the schema of the
  /// current snapshot or, after a failed Prepare, that of the last commit.
  bool HasTable(const std::string& name) const;
  std::size_t MostColumns() const;

  /// From the cache, or new. The statement must be destroyed before the connection.
  StatusOr<Statement> Prepare(std::string_view sql);
  /// Applies from now on. A new writer has kOwn, a reader kPlan.
  void Trusted(Trust trust) { trust_ = trust; }
  /// Runs statements without rows, separated by semicolons.
  Status Execute(const char* sql);
  /// Calls `use` while the tables of a database file can be read in the schema kImageSchema. For a
  /// writer with Trust::kOwn, inside of a transaction, after which RemoveImage must be called.
  Status WithImage(std::span<unsigned char> file, const std::function<Status()>& use);
  /// Removes kImageSchema, if it exists. No transaction may be open.
  void RemoveImage();

  /// The status for SQLite's error `code`. Resets running().failure, which takes precedence.
  Status Failure(int code);

  /// Sets Trust::kOwn until destroyed.
  class OwnStatements {
   public:
    explicit OwnStatements(Connection& connection)
        : connection_(connection), before_(std::exchange(connection.trust_, Trust::kOwn)) {}
    ~OwnStatements() { connection_.trust_ = before_; }
    OwnStatements(const OwnStatements&) = delete;
    OwnStatements& operator=(const OwnStatements&) = delete;

   private:
    Connection& connection_;
    Trust before_;
  };
  /// Until destroyed, errors of the running statement refer to these expressions.
  class Explained {
   public:
    Explained(Connection& connection, const std::vector<CheckedExpr>& checked)
        : connection_(connection) {
      connection_.running_.checked = &checked;
    }
    ~Explained() { connection_.running_.checked = nullptr; }
    Explained(const Explained&) = delete;
    Explained& operator=(const Explained&) = delete;

   private:
    Connection& connection_;
  };
  /// Until destroyed, the Cancellation stops the running statement.
  class Cancellable {
   public:
    Cancellable(Connection& connection, const Cancellation& cancellation);
    ~Cancellable();
    Cancellable(const Cancellable&) = delete;
    Cancellable& operator=(const Cancellable&) = delete;

   private:
    Connection& connection_;
  };

 private:
  friend class Statement;
  using Cached = std::pair<std::string, sqlite3_stmt*>;

  Connection(const SqliteOptions& options, Role role) : options_(options), role_(role) {}
  Status SetUp();
  void Keep(std::string sql, sqlite3_stmt* stmt);
  static int Authorize(void* self, int action, const char* first, const char* second,
                       const char* database, const char* trigger);
  bool Allows(int action, std::string_view first, std::string_view second,
              std::string_view database) const;

  const SqliteOptions& options_;
  const Role role_;
  Trust trust_ = Trust::kOwn;
  bool has_image_ = false;  // kImageSchema is attached
  bool attaching_ = false;
  sqlite3* db_ = nullptr;
  Running running_;
  std::list<Cached> cache_;  // the most recently used first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
