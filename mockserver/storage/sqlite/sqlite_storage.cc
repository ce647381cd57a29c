#include "mockserver/storage/sqlite/sqlite_storage.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/memory_vfs.h"
#include "mockserver/storage/sqlite/row_changes.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage {
namespace sqlite {
namespace {

/// Connections for reading, made when they are needed and kept for the next.
class ReaderPool {
 public:
  explicit ReaderPool(Connection::Options options) : options_(std::move(options)) {}

  StatusOr<std::unique_ptr<Connection>> Take() {
    {
      std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Connection> connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options_);
    if (!connection.ok()) return connection.status();
    for (const char* sql : {"PRAGMA case_sensitive_like = ON", "PRAGMA query_only = ON"}) {
      if (Status status = (*connection)->Run(sql); !status.ok()) return status;
    }
    (*connection)->Confine();
    return connection;
  }

  void GiveBack(std::unique_ptr<Connection> connection) {
    constexpr std::size_t kKept = 32;
    connection->SetCancellation(nullptr);
    std::lock_guard lock(mutex_);
    if (idle_.size() < kKept) idle_.push_back(std::move(connection));
  }

 private:
  const Connection::Options options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

class SqliteCursor : public Cursor {
 public:
  SqliteCursor(ReaderPool& pool, std::unique_ptr<Connection> connection,
               const Cancellation& cancellation)
      : pool_(pool), connection_(std::move(connection)), cancellation_(cancellation) {
    connection_->SetCancellation(&cancellation_);
  }
  ~SqliteCursor() override {
    statement_ = Statement();
    pool_.GiveBack(std::move(connection_));
  }

  /// Prepares the query and moves to the first row: from there on the snapshot stands.
  Status Start(const SqlPrinter& printer, std::size_t columns) {
    if (Status status = cancellation_.Check(); !status.ok()) return status;
    StatusOr<Statement> statement = connection_->Prepare(printer.sql());
    if (!statement.ok()) return statement.status();
    statement_ = *std::move(statement);
    if (Status status = printer.BindAll(statement_); !status.ok()) return status;
    const StatusOr<bool> row = statement_.Step();
    if (!row.ok()) return row.status();
    row_.resize(columns);
    waiting_ = *row;
    ended_ = !*row;
    return Status();
  }

  StatusOr<bool> Next() override {
    if (!std::exchange(waiting_, false)) {
      if (ended_) return false;
      const StatusOr<bool> more = statement_.Step();
      if (!more.ok() || !*more) {
        ended_ = true;
        return more;
      }
    }
    Fill();
    return true;
  }

  std::span<const plan::Datum> row() const override { return row_; }
  std::int64_t FirstInteger() const { return statement_.Integer(0); }

 private:
  void Fill() {
    sqlite3_stmt* stmt = statement_.get();
    for (std::size_t i = 0; i < row_.size(); ++i) {
      // Unprotected values: the connection belongs to this thread.
      sqlite3_value* value = sqlite3_column_value(stmt, static_cast<int>(i));
      switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
          row_[i] = plan::Datum::Integer(sqlite3_value_int64(value));
          break;
        case SQLITE_FLOAT:
          row_[i] = plan::Datum::Real(sqlite3_value_double(value));
          break;
        case SQLITE_NULL:
          row_[i] = plan::Datum::Null();
          break;
        default: {
          const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
          row_[i] = plan::Datum::Text(
              {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))});
        }
      }
    }
  }

  ReaderPool& pool_;
  std::unique_ptr<Connection> connection_;
  const Cancellation cancellation_;
  Statement statement_;
  std::vector<plan::Datum> row_;
  bool waiting_ = false;  // the statement stands on a row that Next has not yet given
  bool ended_ = false;
};

/// Lets one after the other in, in the order of their coming.
class Turnstile {
 public:
  Status Enter(const Cancellation& cancellation) {
    std::unique_lock lock(mutex_);
    const std::int64_t ticket = next_++;
    waiting_.push_back(ticket);
    while (busy_ || waiting_.front() != ticket) {
      changed_.wait_for(lock, std::chrono::milliseconds(20));
      if (Status status = cancellation.Check(); !status.ok()) {
        std::erase(waiting_, ticket);
        changed_.notify_all();
        return status;
      }
    }
    waiting_.pop_front();
    busy_ = true;
    return Status();
  }
  void Leave() {
    std::lock_guard lock(mutex_);
    busy_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::int64_t> waiting_;
  std::int64_t next_ = 0;
  bool busy_ = false;
};

class SqliteTransaction : public Transaction {
 public:
  SqliteTransaction(Connection& connection, Turnstile& turnstile)
      : connection_(connection), turnstile_(turnstile) {}
  ~SqliteTransaction() override {
    connection_.SetCancellation(nullptr);
    if (open_) (void)connection_.Run("ROLLBACK");
    turnstile_.Leave();
  }

  Status Begin() {
    Status status = connection_.Run("BEGIN IMMEDIATE");
    open_ = status.ok();
    return status;
  }

  Status PutDatabase(const plan::DatabaseDef& database) override {
    return sqlite::PutDatabase(connection_, database);
  }
  Status PutSchema(const plan::SchemaDef& schema) override {
    return sqlite::PutSchema(connection_, schema);
  }
  Status PutTable(const plan::TableDef& table) override {
    return sqlite::PutTable(connection_, table);
  }
  Status DeleteDatabase(plan::Id id) override { return DeleteRecord(connection_, "database", id); }
  Status DeleteSchema(plan::Id id) override { return DeleteRecord(connection_, "schema", id); }
  Status PutVersion(std::int64_t schema_version, plan::Id last_id) override {
    return sqlite::PutVersion(connection_, schema_version, last_id);
  }
  Status CreateTable(const plan::TableDef& table) override {
    if (Status status = CreateRows(connection_, table); !status.ok()) return status;
    return sqlite::PutTable(connection_, table);
  }
  Status DropTable(plan::Id id) override {
    if (Status status = DropRows(connection_, id); !status.ok()) return status;
    return DeleteRecord(connection_, "table", id);
  }
  Status Truncate(plan::Id id) override { return connection_.Run("DELETE FROM " + TableName(id)); }

  StatusOr<std::int64_t> Insert(const plan::Insert& insert, const Cancellation& cancel) override {
    return Cancellable(cancel, [&] { return InsertRows(connection_, insert); });
  }
  StatusOr<std::int64_t> Update(const plan::Update& update, const Cancellation& cancel) override {
    return Cancellable(cancel, [&] { return UpdateRows(connection_, update); });
  }
  StatusOr<std::int64_t> Delete(const plan::Delete& del, const Cancellation& cancel) override {
    return Cancellable(cancel, [&] { return DeleteRows(connection_, del); });
  }

  Status Commit() override {
    Status status = connection_.Run("COMMIT");
    if (status.ok()) open_ = false;
    return status;
  }

 private:
  template <typename Work>
  StatusOr<std::int64_t> Cancellable(const Cancellation& cancellation, Work work) {
    if (Status status = cancellation.Check(); !status.ok()) return status;
    connection_.SetCancellation(&cancellation);
    StatusOr<std::int64_t> result = work();
    connection_.SetCancellation(nullptr);
    return result;
  }

  Connection& connection_;
  Turnstile& turnstile_;
  bool open_ = false;
};

/// Keeps a second server away from a file. Beside the database, because closing any descriptor of
/// the file itself would drop SQLite's own locks.
class FileLock {
 public:
  ~FileLock() {
    if (fd_ >= 0) close(fd_);
  }
  Status Take(const std::string& path) {
    const std::string name = path + ".lock";
    fd_ = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) return UnavailableError("cannot make " + name);
    if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      return UnavailableError(path + " is in use by another server");
    }
    return Status();
  }

 private:
  int fd_ = -1;
};

class SqliteStorage : public Storage {
 public:
  static StatusOr<std::unique_ptr<Storage>> Open(const SqliteOptions& options) {
    Connection::Options connect;
    connect.statement_cache = options.statement_cache;
    connect.path = options.path;
    const bool in_memory = options.path == ":memory:";
    if (in_memory) {
      connect.path = NewMemoryDatabaseName();
      connect.vfs = MemoryVfs();
    }
    auto storage = std::make_unique<SqliteStorage>(connect);
    if (!in_memory) {
      if (Status status = storage->lock_.Take(options.path); !status.ok()) return status;
    }
    if (Status status = storage->Prepare(connect, options.path); !status.ok()) return status;
    return std::unique_ptr<Storage>(std::move(storage));
  }

  explicit SqliteStorage(const Connection::Options& options) : readers_(options) {}

  StatusOr<CatalogRecords> Load() override { return LoadCatalog(*writer_); }

  StatusOr<std::unique_ptr<Cursor>> Open(const plan::Query& query,
                                         const Cancellation& cancellation) override {
    SqlPrinter printer;
    printer.Print(query);
    StatusOr<std::unique_ptr<SqliteCursor>> cursor =
        Start(printer, query.columns.size(), cancellation);
    if (!cursor.ok()) return cursor.status();
    return std::unique_ptr<Cursor>(*std::move(cursor));
  }

  StatusOr<std::int64_t> Count(const plan::Query& query,
                               const Cancellation& cancellation) override {
    SqlPrinter printer;
    printer.Append("SELECT count(*) FROM (");
    printer.Print(query);
    printer.Append(")");
    StatusOr<std::unique_ptr<SqliteCursor>> cursor = Start(printer, 1, cancellation);
    if (!cursor.ok()) return cursor.status();
    return (*cursor)->FirstInteger();
  }

  StatusOr<std::unique_ptr<Transaction>> Begin(const Cancellation& cancellation) override {
    if (Status status = turnstile_.Enter(cancellation); !status.ok()) return status;
    auto transaction = std::make_unique<SqliteTransaction>(*writer_, turnstile_);
    if (Status status = transaction->Begin(); !status.ok()) return status;
    return std::unique_ptr<Transaction>(std::move(transaction));
  }

 private:
  Status Prepare(const Connection::Options& connect, const std::string& path) {
    StatusOr<std::unique_ptr<Connection>> writer = Connection::Open(connect);
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
    // Before a byte is written: the file may be somebody else's.
    Status status = PrepareCatalog(*writer_, path);
    for (const char* sql :
         {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL",
          "PRAGMA journal_size_limit = 16777216", "PRAGMA case_sensitive_like = ON"}) {
      if (status.ok()) status = writer_->Run(sql);
    }
    writer_->Confine();
    return status;
  }

  StatusOr<std::unique_ptr<SqliteCursor>> Start(const SqlPrinter& printer, std::size_t columns,
                                                const Cancellation& cancellation) {
    StatusOr<std::unique_ptr<Connection>> connection = readers_.Take();
    if (!connection.ok()) return connection.status();
    auto cursor = std::make_unique<SqliteCursor>(readers_, *std::move(connection), cancellation);
    if (Status status = cursor->Start(printer, columns); !status.ok()) return status;
    return cursor;
  }

  FileLock lock_;
  Turnstile turnstile_;
  std::unique_ptr<Connection> writer_;  // open as long as the storage: it keeps the database alive
  ReaderPool readers_;
};

}  // namespace
}  // namespace sqlite

StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options) {
  // Once, before SQLite is first used: its statistics of memory are one lock for all threads.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
  return sqlite::SqliteStorage::Open(options);
}

}  // namespace tql::storage
