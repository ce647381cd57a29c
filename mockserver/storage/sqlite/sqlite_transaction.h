// Changes of rows and of the catalog on the writing connection.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_TRANSACTION_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_TRANSACTION_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/data_versions.h"
#include "mockserver/storage/sqlite/literal_insert.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "mockserver/storage/sqlite/writer_queue.h"
#include "mockserver/storage/storage.h"

namespace tql::storage::sqlite {

class SqliteTransaction : public Transaction {
 public:
  /// What Commit updates. The schema version is that of the storage.
  struct Versions {
    TableVersions& tables;
    DataVersions& data;
    std::atomic<std::int64_t>& schema;
  };
  /// Holds the turn until Commit, or until the transaction is destroyed.
  static StatusOr<std::unique_ptr<Transaction>> Begin(Intent intent, WriterQueue::Turn turn,
                                                      Connection& writer, Versions versions);
  ~SqliteTransaction() override;

  std::int64_t SchemaVersion() const override { return seen_schema_version_; }
  Status PutDatabase(const plan::DatabaseDef& database) override;
  Status PutSchema(const plan::SchemaDef& schema) override;
  Status PutTable(const plan::TableDef& table) override;
  Status DeleteDatabase(plan::Id id) override;
  Status DeleteSchema(plan::Id id) override;
  Status PutVersion(std::int64_t schema_version, plan::Id last_id) override;
  Status CreateTable(const plan::TableDef& table) override;
  StatusOr<std::vector<plan::Inconvertible>> AlterTable(const plan::Alteration& alteration,
                                                        const Cancellation&) override;
  Status DropTable(plan::Id id) override;
  StatusOr<std::int64_t> Count(const plan::Query& query, const Cancellation&) override;
  Status Truncate(plan::Id id) override;
  StatusOr<std::int64_t> Insert(const plan::Insert& insert, const Cancellation&) override;
  StatusOr<std::int64_t> InsertBatches(const plan::TablePtr& table, const NextRows& next,
                                       const Cancellation&) override;
  StatusOr<std::int64_t> Update(const plan::Update& update, const Cancellation&) override;
  StatusOr<std::int64_t> Delete(const plan::Delete& del, const Cancellation&) override;
  Status Commit(const std::function<void()>& stored) override;

 private:
  SqliteTransaction(Intent intent, WriterQueue::Turn turn, Connection& writer, Versions versions)
      : intent_(intent),
        turn_(std::move(turn)),
        writer_(writer),
        versions_(versions),
        seen_schema_version_(versions.schema),
        new_schema_version_(versions.schema) {}

  /// Runs one change; a change that fails leaves nothing behind.
  Status Change(const std::function<Status()>& change);
  /// The same for catalog records.
  Status ChangeRecords(const std::function<Status()>& change);
  StatusOr<std::int64_t> ChangeRows(const Cancellation& cancellation,
                                    const std::function<StatusOr<std::int64_t>()>& change);
  /// Runs a statement of this library.
  Status Own(const std::string& sql);
  /// Runs a printed statement. Returns how many rows it changed.
  StatusOr<std::int64_t> RunPrinted(const PrintedSql& sql);
  StatusOr<std::int64_t> InsertLiterals(const plan::Insert& insert,
                                        const Cancellation& cancellation);
  /// The statement that `print` returns for the tables that are absent.
  template <typename Print>
  auto Printed(const Print& print) -> decltype(print(AbsentTables()));
  /// Inserts the rows, without a savepoint.
  StatusOr<std::int64_t> InsertRows(const plan::Insert& insert, const Cancellation& cancellation);
  StatusOr<std::int64_t> InsertAll(const plan::TablePtr& table, const NextRows& next,
                                   const Cancellation& cancellation);
  /// Creates the key of a table that was without it while rows were inserted.
  Status MakeKey(const plan::TableDef& table);
  StatusOr<bool> HasRows(plan::Id table);
  StatusOr<std::int64_t> UpdateThroughScratch(const plan::TableDef& table, const PrintedSql& sql);
  /// Whether SQLite still has the transaction open: some errors end it.
  Status Alive() const;
  /// Whether the transaction is alive and may change catalog records.
  Status MayChangeRecords() const;

  const Intent intent_;
  WriterQueue::Turn turn_;  // until the end
  Connection& writer_;
  const Versions versions_;
  const std::int64_t seen_schema_version_;
  std::int64_t new_schema_version_;
  std::vector<TableVersion> altered_;  // by this transaction
  DataVersions::Tables changed_;       // tables whose rows it may have changed
  bool ended_ = false;
  /// The last INSERT of literals; destroyed before the turn ends.
  std::unique_ptr<LiteralInsert> insert_;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_TRANSACTION_H_
