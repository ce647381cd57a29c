#include "mockserver/storage/sqlite/sqlite_storage.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "mockserver/storage/divided_scans.h"
#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/data_versions.h"
#include "mockserver/storage/sqlite/file_claim.h"
#include "mockserver/storage/sqlite/memory_vfs.h"
#include "mockserver/storage/sqlite/reader_pool.h"
#include "mockserver/storage/sqlite/scan_order.h"
#include "mockserver/storage/sqlite/shard_counts.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "mockserver/storage/sqlite/sqlite_transaction.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "mockserver/storage/sqlite/writer_queue.h"
#include "proto/base/mutex.h"

namespace tql::storage {
namespace sqlite {
namespace {

/// Files of a database in memory. SQLite derives the second name from the first.
constexpr const char* kMemoryFile = "data";
constexpr const char* kMemoryLog = "data-wal";

/// Copies a file of SQLite's into memory.
Status ReadInto(sqlite3_file* from, const Cancellation& cancellation, MemoryFile& to) {
  constexpr sqlite3_int64 kPiece = 1 << 20;
  sqlite3_int64 size = 0;
  if (from->pMethods == nullptr || from->pMethods->xFileSize(from, &size) != SQLITE_OK) {
    return InternalError("cannot read the database");
  }
  const auto piece = std::make_unique<char[]>(kPiece);
  for (sqlite3_int64 done = 0; done < size;) {
    if (Status status = cancellation.Check(); !status.ok()) return status;
    const sqlite3_int64 next = std::min(kPiece, size - done);
    if (from->pMethods->xRead(from, piece.get(), static_cast<int>(next), done) != SQLITE_OK) {
      return InternalError("cannot read the database");
    }
    if (!to.Write(piece.get(), static_cast<std::size_t>(next), static_cast<std::uint64_t>(done))) {
      throw std::bad_alloc();
    }
    done += next;
  }
  return Status();
}

/// The plan is kept because parameters are views of it.
class CompiledSql : public CompiledQuery {
 public:
  CompiledSql(std::unique_ptr<plan::Query> plan, PrintedSql sql)
      : plan_(std::move(plan)), sql_(std::move(sql)) {}
  const PrintedSql& sql() const { return sql_; }
  const std::vector<plan::Query::Column>& columns() const { return plan_->columns; }
  std::span<const VaryingLiteral> varying() const override { return sql_.varying; }

 private:
  const std::unique_ptr<plan::Query> plan_;
  const PrintedSql sql_;
};

class SqliteStorage : public Storage, public DividedScans {
 public:
  explicit SqliteStorage(const SqliteOptions& options) : options_(options) {}
  /// A fork: the options, the files, and the version of `other`.
  SqliteStorage(const SqliteStorage& other, std::unique_ptr<MemoryFolder> memory)
      : options_(other.options_),
        memory_(std::move(memory)),
        path_(memory_->PathOf(kMemoryFile)),
        schema_version_(other.schema_version_.load()) {}

  Status Start() {
    ConfigureSqlite();
    path_ = options_.path;
    if (path_ == ":memory:") {
      StatusOr<std::unique_ptr<MemoryFolder>> memory = MemoryFolder::Create();
      if (!memory) return memory.status();
      memory_ = *std::move(memory);
      path_ = memory_->PathOf(kMemoryFile);
    } else {
      StatusOr<FileClaim> claim = FileClaim::Take(path_);
      if (!claim) return claim.status();
      claim_ = *std::move(claim);
    }
    const base::MutexLock guard(connecting_);
    return Connect([this](Connection& writer) -> Status {
      if (Status status = PrepareCatalog(writer, options_.path); !status.ok()) return status;
      const StatusOr<std::int64_t> version = LoadSchemaVersion(writer);
      if (version) schema_version_ = *version;
      return version.status();
    });
  }

  /// Only this process writes to the database, so the version is known without a read.
  StatusOr<std::optional<CatalogRecords>> Reload(std::int64_t known) override {
    if (known == schema_version_) return std::optional<CatalogRecords>();
    StatusOr<ReaderPool::Reader> reader = TakeReader();
    if (!reader) return reader.status();
    StatusOr<CatalogRecords> records = LoadCatalog(**reader);
    if (!records) return records.status();
    return std::optional(*std::move(records));
  }

  StatusOr<std::unique_ptr<Cursor>> Open(const plan::Query& query,
                                         const Cancellation& cancellation) override {
    return AsCursor(
        OpenPrinted([&](const AbsentTables& absent) { return PrintRows(query, absent); },
                    query.columns, cancellation));
  }

  StatusOr<std::unique_ptr<CompiledQuery>> Compile(plan::Query query) override {
    auto plan = std::make_unique<plan::Query>(std::move(query));
    StatusOr<PrintedSql> sql = PrintRows(*plan, AbsentTables());
    if (!sql) return sql.status();
    if (!sql->checked.empty()) return std::unique_ptr<CompiledQuery>();
    return std::unique_ptr<CompiledQuery>(
        std::make_unique<CompiledSql>(std::move(plan), *std::move(sql)));
  }

  StatusOr<std::unique_ptr<Cursor>> OpenCompiled(const CompiledQuery& query,
                                                 std::span<const values::Datum> values,
                                                 const Cancellation& cancellation) override {
    const auto& compiled = static_cast<const CompiledSql&>(query);
    const PrintedSql& sql = compiled.sql();
    if (values.size() != sql.varying.size()) return InternalError("a literal has no value");
    if (Status status = cancellation.Check(); !status.ok()) return status;
    StatusOr<ReaderPool::Reader> reader = TakeReader();
    if (!reader) return reader.status();
    StatusOr<Statement> statement = (*reader)->Prepare(sql.text);
    if (!statement) return statement.status();
    return AsCursor(OpenPrepared(*std::move(reader), *std::move(statement), sql, values,
                                 compiled.columns(), cancellation));
  }

  StatusOr<std::int64_t> Count(const plan::Query& query,
                               const Cancellation& cancellation) override {
    const std::vector<plan::Query::Column> count = {{"count", {values::TypeKind::kBigInt}}};
    StatusOr<std::unique_ptr<SqliteCursor>> cursor = OpenPrinted(
        [&](const AbsentTables& absent) { return PrintCount(query, absent); }, count, cancellation);
    if (!cursor) return cursor.status();
    const StatusOr<bool> row = (*cursor)->Next();
    if (!row) return row.status();
    return *row ? (*cursor)->row()[0].integer() : 0;
  }

  bool IsLargeScan(const plan::Query& query) override {
    const StatusOr<PrintedSql> sql = PrintQuery(query, AbsentTables());
    if (options_.divided_rows == 0 || !sql || sql->tables.size() != 1) return false;
    const StatusOr<ReaderPool::Reader> reader = TakeReader();
    if (!reader) return false;
    const StatusOr<std::int64_t> last = LastRow(**reader, sql->tables[0].table);
    return last && *last >= LeastRowsToDivide() && ReadsInOrder(**reader, *sql);
  }

  std::unique_ptr<RowParts> OpenParts(const plan::Query& query, const Division& division) override {
    const StatusOr<PrintedSql> sql = PrintScan(query, AbsentTables());
    if (!sql || !sql->scan || sql->scan->limit) return nullptr;
    StatusOr<ReaderPool::Reader> reader = TakeReader();
    if (!reader) return nullptr;
    const std::optional<ScanSource> source = SourceOf(*sql);
    if (!source) return nullptr;
    std::unique_ptr<RowParts> parts =
        DivisibleScan(*source, *sql, {})
            .DivideAll(*std::move(reader), *sql, RealOnes(query.columns), division);
    return versions_.AreCurrent(sql->tables) ? std::move(parts) : nullptr;
  }

  std::optional<std::uint64_t> DataVersion(std::span<const plan::Id> tables) const override {
    return data_versions_.Of(tables);
  }

  StatusOr<ShardCounts> ShardRows(const plan::TablePtr& table,
                                  const Cancellation& cancellation) override {
    return CountShards(*this, table, cancellation);
  }

  StatusOr<std::unique_ptr<Transaction>> Begin(Intent intent,
                                               const Cancellation& cancellation) override {
    StatusOr<WriterQueue::Turn> turn = writers_.Enter(cancellation);
    if (!turn) return turn.status();
    if (Status status = EnsureConnected(); !status.ok()) return status;
    copy_.reset();
    return SqliteTransaction::Begin(intent, *std::move(turn), *writer_,
                                    {versions_, data_versions_, schema_version_});
  }

  std::uint64_t OwnBytes() const override {
    const std::shared_ptr<MemoryFile> database = memory_ ? memory_->Find(kMemoryFile) : nullptr;
    return database ? sqlite::OwnBytes(*database, memory_->Find(kMemoryLog).get()) : 0;
  }

  /// Closes the connections to a database in memory. The last one to be closed copies the log into
  /// the database and deletes it. A file is in use all the time.
  bool ReleaseIdle() override {
    if (!memory_) return true;
    Cancellation now;
    now.deadline = std::chrono::steady_clock::now();
    const StatusOr<WriterQueue::Turn> turn = writers_.Enter(now);
    if (!turn) return false;
    const base::MutexLock guard(connecting_);
    if (!connected_) return true;
    if (!readers_->Close()) return false;
    connected_.store(false, std::memory_order_release);
    writer_.reset();
    return true;
  }

  StatusOr<ForkedStorage> Fork(const Cancellation& cancellation) override {
    const StatusOr<WriterQueue::Turn> turn = writers_.Enter(cancellation);
    if (!turn) return turn.status();
    const base::MutexLock guard(connecting_);  // a connection that is being set up changes files
    try {
      StatusOr<std::unique_ptr<MemoryFolder>> files = CopyFiles(cancellation);
      if (!files) return files.status();
      return ForkedStorage{std::make_unique<SqliteStorage>(*this, *std::move(files)),
                           schema_version_};
    } catch (const std::bad_alloc&) {
      return ResourceExhaustedError("no memory is left for a fork of the database");
    }
  }

 private:
  /// Opens the writing connection and lets `prepare` run on it.
  Status Connect(const std::function<Status(Connection&)>& prepare) TQL_REQUIRES(connecting_) {
    const char* vfs = memory_ ? MemoryFolder::vfs() : nullptr;
    StatusOr<std::unique_ptr<Connection>> writer =
        Connection::Open(options_, path_, vfs, Connection::Role::kWriter);
    if (!writer) return writer.status();
    if (Status status = prepare(**writer); !status.ok()) return status;
    if (Status status = (*writer)->Execute("PRAGMA journal_mode=WAL"); !status.ok()) return status;
    (*writer)->Trusted(Connection::Trust::kPlan);
    writer_ = *std::move(writer);
    if (!readers_) readers_.emplace(options_, path_, vfs);
    readers_->Open();
    connected_.store(true, std::memory_order_release);
    return Status();
  }
  /// A fork connects for its first statement, as does a database whose connections were closed.
  Status EnsureConnected() {
    if (connected_.load(std::memory_order_acquire)) return Status();
    const base::MutexLock guard(connecting_);
    return connected_ ? Status() : Connect([](Connection&) { return Status(); });
  }
  StatusOr<ReaderPool::Reader> TakeReader() {
    for (;;) {
      if (Status status = EnsureConnected(); !status.ok()) return status;
      StatusOr<ReaderPool::Reader> reader = readers_->Take();
      if (!reader || *reader) return reader;  // null: the connections have just been closed
    }
  }

  /// A folder with a copy of the files as they are now. During the writer's turn.
  StatusOr<std::unique_ptr<MemoryFolder>> CopyFiles(const Cancellation& cancellation)
      TQL_REQUIRES(connecting_) {
    StatusOr<std::unique_ptr<MemoryFolder>> files = MemoryFolder::Create();
    if (!files) return files;
    if (!memory_ && !copy_) {
      StatusOr<std::unique_ptr<MemoryFolder>> copy = MemoryFolder::Create();
      if (!copy) return copy;
      if (Status status = ReadFiles(cancellation, **copy); !status.ok()) return status;
      copy_ = *std::move(copy);
    }
    const MemoryFolder& source = memory_ ? *memory_ : *copy_;
    const bool needs_log = memory_ ? !Checkpoint() : true;
    for (const char* name : {kMemoryFile, kMemoryLog}) {
      const std::shared_ptr<MemoryFile> file = source.Find(name);
      if (file && (needs_log || name != kMemoryLog)) (*files)->Copy(name, *file);
    }
    return files;
  }
  /// Copies the log into the database as far as readers allow it. Returns whether the database is
  /// complete now. It stays so until the writer's turn ends, because only the owner of the turn
  /// writes to the database or the log.
  bool Checkpoint() {
    if (!connected_) return false;  // the log may be the one that the fork began with
    int in_log = 0;
    int copied = 0;
    return sqlite3_wal_checkpoint_v2(writer_->db(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_log,
                                     &copied) == SQLITE_OK &&
           copied == in_log;
  }
  Status ReadFiles(const Cancellation& cancellation, MemoryFolder& to) {
    const bool needs_log = !Checkpoint();
    sqlite3_file* file = nullptr;
    for (const auto& [which, name] : {std::pair{SQLITE_FCNTL_FILE_POINTER, kMemoryFile},
                                      std::pair{SQLITE_FCNTL_JOURNAL_POINTER, kMemoryLog}}) {
      if (which == SQLITE_FCNTL_JOURNAL_POINTER && !needs_log) continue;
      if (sqlite3_file_control(writer_->db(), "main", which, &file) != SQLITE_OK) {
        return InternalError("cannot read the database");
      }
      if (Status status = ReadInto(file, cancellation, *to.FindOrMake(name)); !status.ok()) {
        return status;
      }
    }
    return Status();
  }

  StatusOr<PrintedSql> PrintRows(const plan::Query& query, const AbsentTables& absent) const {
    return options_.divided_rows > 0 ? PrintScan(query, absent) : PrintQuery(query, absent);
  }
  /// Called before the snapshot of the scan begins. nullopt if its rows are not divided.
  std::optional<ScanSource> SourceOf(const PrintedSql& sql) {
    if (!sql.scan) return std::nullopt;
    const std::optional<std::uint64_t> version = data_versions_.Of({&sql.scan->table, 1});
    if (!version) return std::nullopt;
    return ScanSource{&*readers_, &data_versions_, *version, LeastRowsToDivide()};
  }
  std::int64_t LeastRowsToDivide() const {
    return static_cast<std::int64_t>(options_.divided_rows);
  }

  template <typename Print>
  StatusOr<std::unique_ptr<SqliteCursor>> OpenPrinted(
      const Print& print, const std::vector<plan::Query::Column>& columns,
      const Cancellation& cancellation) {
    StatusOr<PrintedSql> sql = print(AbsentTables());
    if (!sql) return sql.status();
    if (Status status = cancellation.Check(); !status.ok()) return status;
    StatusOr<ReaderPool::Reader> reader = TakeReader();
    if (!reader) return reader.status();
    StatusOr<Statement> statement = (*reader)->Prepare(sql->text);
    if (statement.status().code() == StatusCode::kAborted) {
      const StatusOr<AbsentTables> absent = FindAbsent(**reader, sql->tables);
      if (!absent) return absent.status();
      sql = print(*absent);
      if (!sql) return sql.status();
      statement = (*reader)->Prepare(sql->text);
    }
    if (!statement) return statement.status();
    return OpenPrepared(*std::move(reader), *std::move(statement), *sql, {}, columns, cancellation);
  }

  StatusOr<std::unique_ptr<SqliteCursor>> OpenPrepared(
      ReaderPool::Reader reader, Statement statement, const PrintedSql& sql,
      std::span<const values::Datum> values, const std::vector<plan::Query::Column>& columns,
      const Cancellation& cancellation) {
    const std::optional<ScanSource> source = SourceOf(sql);
    StatusOr<std::unique_ptr<SqliteCursor>> cursor =
        SqliteCursor::Open(std::move(reader), std::move(statement), sql, values, columns,
                           cancellation, source ? &*source : nullptr);
    if (cursor && LeastRowsToDivide() > 0 && !sql.has_rowid && sql.tables.size() == 1) {
      (*cursor)->CompareScanned(LeastRowsToDivide());
    }
    if (versions_.AreCurrent(sql.tables)) return cursor;
    // If the snapshot is older than the alteration, the plan fits it. An error may come from a
    // value whose column has another type now.
    if (cursor && (*cursor)->Sees(sql.tables)) return cursor;
    return AbortedError("a table of the statement has changed");
  }

  static StatusOr<std::unique_ptr<Cursor>> AsCursor(
      StatusOr<std::unique_ptr<SqliteCursor>> cursor) {
    if (!cursor) return cursor.status();
    return std::unique_ptr<Cursor>(*std::move(cursor));
  }

  // Each member needs those above it until it is destroyed.
  const SqliteOptions options_;
  FileClaim claim_;
  std::unique_ptr<MemoryFolder> memory_;  // null: a file of the operating system
  std::string path_;
  base::Mutex connecting_;
  std::atomic<bool> connected_ = false;
  /// Open while there are readers, so that two of them never create the log at the same time. Used
  /// during the writer's turn.
  std::unique_ptr<Connection> writer_;
  std::optional<ReaderPool> readers_;  // exists from the first connection on
  TableVersions versions_;
  DataVersions data_versions_;
  WriterQueue writers_;
  std::atomic<std::int64_t> schema_version_ = 0;  // changed during the writer's turn
  // Belongs to the owner of the writer's turn.
  std::unique_ptr<MemoryFolder> copy_;  // of a file of the operating system, as it is now
};

}  // namespace
}  // namespace sqlite

StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options) {
  auto storage = std::make_unique<sqlite::SqliteStorage>(options);
  if (Status status = storage->Start(); !status.ok()) return status;
  return std::unique_ptr<Storage>(std::move(storage));
}

}  // namespace tql::storage
