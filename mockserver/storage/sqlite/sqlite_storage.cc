#include "mockserver/storage/sqlite/sqlite_storage.h"

#include <optional>
#include <utility>

#include "mockserver/storage/sqlite/catalog_store.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/file_claim.h"
#include "mockserver/storage/sqlite/memory_vfs.h"
#include "mockserver/storage/sqlite/reader_pool.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "mockserver/storage/sqlite/sqlite_transaction.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "mockserver/storage/sqlite/writer_queue.h"

namespace tql::storage {
namespace sqlite {
namespace {

class SqliteStorage : public Storage {
 public:
  explicit SqliteStorage(const SqliteOptions& options) : options_(options) {}

  Status Start() {
    ConfigureSqlite();
    std::string path = options_.path;
    if (path == ":memory:") {
      StatusOr<std::unique_ptr<MemoryVfs>> memory = MemoryVfs::Create();
      if (!memory) return memory.status();
      memory_ = *std::move(memory);
      path = "memory";
    } else {
      StatusOr<FileClaim> claim = FileClaim::Take(path);
      if (!claim) return claim.status();
      claim_ = *std::move(claim);
    }
    const char* vfs = memory_ ? memory_->name() : nullptr;
    StatusOr<std::unique_ptr<Connection>> writer =
        Connection::Open(options_, path, vfs, Connection::Role::kWriter);
    if (!writer) return writer.status();
    writer_ = *std::move(writer);
    if (Status status = PrepareCatalog(*writer_, options_.path); !status.ok()) return status;
    if (Status status = writer_->Execute("PRAGMA journal_mode=WAL"); !status.ok()) return status;
    writer_->Trusted(Connection::Trust::kPlan);
    readers_.emplace(options_, path, vfs);
    return Status();
  }

  StatusOr<CatalogRecords> Load() override {
    const StatusOr<WriterQueue::Turn> turn = writers_.Enter({});
    if (!turn) return turn.status();
    return LoadCatalog(*writer_);
  }

  StatusOr<std::unique_ptr<Cursor>> Open(const plan::Query& query,
                                         const Cancellation& cancellation) override {
    StatusOr<std::unique_ptr<SqliteCursor>> cursor =
        OpenPrinted([&](const AbsentTables& absent) { return PrintQuery(query, absent); },
                    query.columns, cancellation);
    if (!cursor) return cursor.status();
    return std::unique_ptr<Cursor>(*std::move(cursor));
  }

  StatusOr<std::int64_t> Count(const plan::Query& query,
                               const Cancellation& cancellation) override {
    const std::vector<plan::Query::Column> count = {{"count", {plan::TypeKind::kBigInt}}};
    StatusOr<std::unique_ptr<SqliteCursor>> cursor = OpenPrinted(
        [&](const AbsentTables& absent) { return PrintCount(query, absent); }, count, cancellation);
    if (!cursor) return cursor.status();
    const StatusOr<bool> row = (*cursor)->Next();
    if (!row) return row.status();
    return *row ? (*cursor)->row()[0].integer() : 0;
  }

  StatusOr<std::unique_ptr<Transaction>> Begin(const Cancellation& cancellation) override {
    StatusOr<WriterQueue::Turn> turn = writers_.Enter(cancellation);
    if (!turn) return turn.status();
    return SqliteTransaction::Begin(*std::move(turn), *writer_, versions_);
  }

 private:
  template <typename Print>
  StatusOr<std::unique_ptr<SqliteCursor>> OpenPrinted(
      const Print& print, const std::vector<plan::Query::Column>& columns,
      const Cancellation& cancellation) {
    StatusOr<PrintedSql> sql = print(AbsentTables());
    if (!sql) return sql.status();
    if (Status status = cancellation.Check(); !status.ok()) return status;
    StatusOr<ReaderPool::Lent> reader = readers_->Take();
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
    StatusOr<std::unique_ptr<SqliteCursor>> cursor =
        SqliteCursor::Open(*std::move(reader), *std::move(statement), *sql, columns, cancellation);
    if (versions_.AreCurrent(sql->tables)) return cursor;
    // The snapshot may be older than the alteration, and the plan fit it. An error may come from a
    // value whose column has another type by now.
    if (cursor && (*cursor)->Sees(sql->tables)) return cursor;
    return AbortedError("a table of the statement has changed");
  }

  // In this order: each needs those above it until it goes.
  const SqliteOptions options_;
  FileClaim claim_;
  std::unique_ptr<MemoryVfs> memory_;
  /// Open as long as the storage, so that the log never has to be made anew by two at once.
  std::unique_ptr<Connection> writer_;
  std::optional<ReaderPool> readers_;
  TableVersions versions_;
  WriterQueue writers_;
};

}  // namespace
}  // namespace sqlite

StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options) {
  auto storage = std::make_unique<sqlite::SqliteStorage>(options);
  if (Status status = storage->Start(); !status.ok()) return status;
  return std::unique_ptr<Storage>(std::move(storage));
}

}  // namespace tql::storage
