// One SQLite connection, set up so that a printed statement can reach rows and nothing else.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
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

/// What the statement that runs on a connection left behind for whoever called it.
struct Running {
  const Cancellation* cancellation = nullptr;  // of the statement; null: it cannot be stopped
  /// Why a function or the progress handler stopped it. The first reason counts: SQLite calls the
  /// progress handler also after a function has failed.
  Status failure;
  /// Expressions of the printed statement that runs, by the numbers in it; null: no such statement.
  const std::vector<CheckedExpr>* checked = nullptr;
  /// Told how many rows `counted` has read; null: nobody asks.
  const std::function<void(std::int64_t)>* on_rows = nullptr;
  sqlite3_stmt* counted = nullptr;

  void Fail(const Status& status) {
    if (failure.ok()) failure = status;
  }
  /// Of the expression with this number.
  void Fail(const Status& status, std::int64_t number) {
    const bool known =
        checked != nullptr && number >= 0 && static_cast<std::size_t>(number) < checked->size();
    Fail(known ? (*checked)[static_cast<std::size_t>(number)].Explain(status) : status);
  }
};

/// Table of the rows with the id; also the names that the authorizer lets pass.
std::string PhysicalTable(std::int64_t id);
std::string PhysicalColumn(std::int64_t id);
/// Of a text and of a row.
inline constexpr int kLongestText = 256 << 20;
/// Where an UPDATE keeps rows for a moment.
inline constexpr std::string_view kScratchTable = "scratch";

/// Once, before anything else asks SQLite for anything; later calls do nothing.
void ConfigureSqlite();

class Connection;

/// A prepared statement, lent by its connection: back in the cache, reset and without values, when
/// this goes. Belongs to the thread that has the connection.
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

  /// Parameters count from 1. A text given to Bind is copied, one given to BindBorrowed must live
  /// until the next Reset.
  void Bind(int parameter, std::int64_t value);
  void Bind(int parameter, double value);
  void Bind(int parameter, std::string_view text);
  void Bind(int parameter, const values::Datum& value);
  void BindBorrowed(int parameter, std::string_view text);
  void BindNull(int parameter);

  /// True: on a row. False: at the end.
  StatusOr<bool> Step();
  void Reset();
  /// Runs a statement without rows.
  Status Run();

  // Of the row; columns count from 0.
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
  std::string sql_;  // empty: not for the cache
};

/// Belongs to one thread at a time.
class Connection {
 public:
  enum class Role : std::uint8_t { kReader, kWriter };
  /// What statements may do, besides what the role forbids: kPlan is for statements printed from a
  /// plan, kOwn for this library's own texts.
  enum class Trust : std::uint8_t { kPlan, kOwn };

  /// `vfs` null: files of the operating system. The options must outlive the connection.
  static StatusOr<std::unique_ptr<Connection>> Open(const SqliteOptions& options,
                                                    const std::string& path, const char* vfs,
                                                    Role role);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* db() const { return db_; }
  Running& running() { return running_; }

  /// Whether a table of this name is in the schema as the connection knows it: that of the snapshot
  /// since a statement began it, or of the last commit since a statement could not be prepared.
  bool HasTable(const std::string& name) const;
  std::size_t MostColumns() const;

  /// From the cache, or new. The statement must go before the connection.
  StatusOr<Statement> Prepare(std::string_view sql);
  /// From now on; a new connection is trusted with kOwn, a reader with kPlan.
  void Trusted(Trust trust) { trust_ = trust; }
  /// Statements of our own, separated by semicolons, without rows.
  Status Execute(const char* sql);

  /// The TQL side of SQLite's error `code`; takes running().failure.
  Status Failure(int code);

  /// Lets statements do what only this library's own may, until it goes.
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
  /// Until it is destroyed, errors of what runs name these expressions of its statement.
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
  /// Stops what runs until it goes as soon as the Cancellation says so.
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
  sqlite3* db_ = nullptr;
  Running running_;
  std::list<Cached> cache_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONNECTION_H_
