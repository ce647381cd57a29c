// The storage interface: keeps catalog records and rows, runs bound statements. SQLite implements
// it (sqlite/); another database would be another folder beside it.
//
// Thread safety: a Storage may be used from any number of threads; a Cursor and a Transaction
// belong to one thread at a time. Reads run in parallel, each on a snapshot of its own, also
// while a Transaction is open; Transactions run one after the other (Begin waits its turn).
#ifndef TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "mockserver/plan/alteration.h"
#include "mockserver/plan/plan.h"
#include "mockserver/plan/schema.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/values/datum.h"
#include "tql/status.h"

namespace tql::storage {

/// The rows of a query, one after the other.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Moves to the next row; false at the end. An error ends the cursor: CANCELLED and
  /// DEADLINE_EXCEEDED as the Cancellation says, OUT_OF_RANGE for arithmetic that overflows,
  /// INVALID_ARGUMENT for a value that cannot be converted. Where the plan says where an expression
  /// was written, the place of its error is that offset, with line and column 0.
  virtual StatusOr<bool> Next() = 0;
  /// The row: one value a column of the query; a real for every column of a real type. Valid until
  /// the next Next().
  std::span<const values::Datum> row() const { return row_; }

 protected:
  std::span<const values::Datum> row_;  // set by Next()
};

/// Everything the engine must know again after a restart.
struct CatalogRecords {
  std::int64_t schema_version = 0;
  plan::Id last_id = 0;
  std::vector<plan::DatabaseDef> databases;  // each list in order of creation
  std::vector<plan::SchemaDef> schemas;
  std::vector<plan::TableDef> tables;
};

/// One atomic change. Without Commit, the destructor takes everything back. A call that fails
/// leaves nothing of itself; one that was cancelled, and AlterTable, may take the whole transaction
/// with it, whose other calls then answer ABORTED.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // Catalog records. Put adds a record or replaces the one with its id.
  virtual Status PutDatabase(const plan::DatabaseDef& database) = 0;
  virtual Status PutSchema(const plan::SchemaDef& schema) = 0;
  /// The record alone, of a table that CreateTable made; its columns and its primary key stay.
  virtual Status PutTable(const plan::TableDef& table) = 0;
  virtual Status DeleteDatabase(plan::Id id) = 0;
  virtual Status DeleteSchema(plan::Id id) = 0;
  virtual Status PutVersion(std::int64_t schema_version, plan::Id last_id) = 0;

  /// The record, of a table without rows.
  virtual Status CreateTable(const plan::TableDef& table) = 0;
  /// The record, the columns, the primary key, and every row as the alteration says. Rows keep
  /// their order; of rows that have one primary key now (NULLs are equal) the last one stays. A
  /// value that has no counterpart in its new type becomes NULL: these are answered, one entry a
  /// column, in the order of the columns, and whoever wants none of them does not commit.
  virtual StatusOr<std::vector<plan::Inconvertible>> AlterTable(const plan::Alteration& alteration,
                                                                const Cancellation&) = 0;
  /// The record and its rows.
  virtual Status DropTable(plan::Id id) = 0;
  virtual Status Truncate(plan::Id id) = 0;

  // Rows. Each answers how many rows it inserted, changed or removed.
  virtual StatusOr<std::int64_t> Insert(const plan::Insert& insert, const Cancellation&) = 0;
  virtual StatusOr<std::int64_t> Update(const plan::Update& update, const Cancellation&) = 0;
  virtual StatusOr<std::int64_t> Delete(const plan::Delete& del, const Cancellation&) = 0;

  /// Stores everything, or nothing when it fails. Then calls `stored`, unless that is empty, before
  /// another transaction can begin.
  virtual Status Commit(const std::function<void()>& stored) = 0;
  Status Commit() { return Commit({}); }
};

class Storage;

/// A storage of its own with the content of another one at one moment.
struct ForkedStorage {
  std::unique_ptr<Storage> storage;
  std::int64_t schema_version = 0;  // of its catalog records
};

class Storage {
 public:
  virtual ~Storage() = default;

  /// Called once, before anything else.
  virtual StatusOr<CatalogRecords> Load() = 0;

  /// The rows of a query, read from one snapshot. ABORTED when a table of the plan was altered
  /// or is gone since it was bound: bind again. The query is borrowed until the call
  /// returns; the Cancellation is copied.
  virtual StatusOr<std::unique_ptr<Cursor>> Open(const plan::Query& query,
                                                 const Cancellation& cancellation) = 0;
  /// How many rows the query has.
  virtual StatusOr<std::int64_t> Count(const plan::Query& query,
                                       const Cancellation& cancellation) = 0;

  /// Waits until no other transaction is open, or for as long as the Cancellation allows.
  virtual StatusOr<std::unique_ptr<Transaction>> Begin(const Cancellation& cancellation) = 0;

  /// A storage with the content that this one has now. Later changes of the one are not seen by the
  /// other, and either may be destroyed first. Load need not be called on it. Waits for its turn as
  /// Begin does; RESOURCE_EXHAUSTED when memory runs out.
  ///
  /// The cost is the storage's: SQLite in memory shares the pages of both, some microseconds and
  /// 24 bytes a MiB; each page that one of them changes later is copied then. SQLite in a file
  /// copies the file into memory, once for all forks until the next transaction, in about 0.5 s a
  /// GiB. A long read at that moment leaves the fork a log to read at its first statement.
  virtual StatusOr<ForkedStorage> Fork(const Cancellation& cancellation) = 0;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
