// The storage interface: keeps catalog records and rows, runs bound statements. SQLite implements
// it (sqlite/); another database would be another folder beside it. Servers may share a storage:
// the catalog that a server knows can be older than the one in the storage.
//
// Thread safety: a Storage may be used from any number of threads; a Cursor and a Transaction
// belong to one thread at a time. Reads run in parallel, each on its own snapshot, also while a
// Transaction is open.
#ifndef TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
  /// DEADLINE_EXCEEDED from the Cancellation, OUT_OF_RANGE for arithmetic that overflows,
  /// INVALID_ARGUMENT for a value that cannot be converted. If the plan has the position of the
  /// expression, the error's place has it as `offset`, with line and column 0.
  virtual StatusOr<bool> Next() = 0;
  /// The row: one value a column of the query; a real for every column of a real type. Valid until
  /// the next Next().
  std::span<const values::Datum> row() const { return row_; }

 protected:
  std::span<const values::Datum> row_;  // set by Next()
};

/// Everything that the engine must know again after a restart.
struct CatalogRecords {
  std::int64_t schema_version = 0;  // 0 at first; it never decreases
  plan::Id last_id = 0;
  std::vector<plan::DatabaseDef> databases;  // each list in order of creation
  std::vector<plan::SchemaDef> schemas;
  std::vector<plan::TableDef> tables;
};

/// What a transaction is going to change.
enum class Intent : std::uint8_t {
  kRows,    // rows of tables that exist
  kSchema,  // catalog records, and rows
};

/// One atomic change. Without Commit, the destructor rolls it back.
///
/// A call that fails leaves nothing of itself, and the transaction can go on. Exceptions: a call
/// that was cancelled and AlterTable may roll back the whole transaction, as may a storage that
/// cannot go on with it. All further calls then return ABORTED.
///
/// ABORTED, also from Commit, means that nothing is stored and that the same change may succeed in
/// a new transaction, with names bound anew.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// The version of the catalog records in this transaction when it began. No other transaction
  /// changes the records before this one ends.
  virtual std::int64_t SchemaVersion() const = 0;

  // Catalog records; FAILED_PRECONDITION without Intent::kSchema. Put adds a record or replaces the
  // one with its id.
  virtual Status PutDatabase(const plan::DatabaseDef& database) = 0;
  virtual Status PutSchema(const plan::SchemaDef& schema) = 0;
  /// Only the record of a table that CreateTable made; its columns and primary key do not change.
  virtual Status PutTable(const plan::TableDef& table) = 0;
  virtual Status DeleteDatabase(plan::Id id) = 0;
  virtual Status DeleteSchema(plan::Id id) = 0;
  virtual Status PutVersion(std::int64_t schema_version, plan::Id last_id) = 0;

  /// The record of a table without rows.
  virtual Status CreateTable(const plan::TableDef& table) = 0;
  /// The record, the columns, the primary key, and every row as the alteration describes. Rows keep
  /// their order; of rows that now have the same primary key (NULLs are equal) the last one
  /// remains. A value without a counterpart in its new type becomes NULL. Returns these values, one
  /// entry per column in the order of the columns; a caller who accepts none does not commit.
  virtual StatusOr<std::vector<plan::Inconvertible>> AlterTable(const plan::Alteration& alteration,
                                                                const Cancellation&) = 0;
  /// The record and its rows.
  virtual Status DropTable(plan::Id id) = 0;

  /// How many rows the query has, with the changes of this transaction.
  virtual StatusOr<std::int64_t> Count(const plan::Query& query, const Cancellation&) = 0;

  // Rows. Insert, Update and Delete return how many rows they inserted, changed or removed.
  virtual Status Truncate(plan::Id id) = 0;
  /// Values are checked at once, but a storage may send literal rows as late as in the next other
  /// call or in Commit, which then returns its error.
  virtual StatusOr<std::int64_t> Insert(const plan::Insert& insert, const Cancellation&) = 0;
  virtual StatusOr<std::int64_t> Update(const plan::Update& update, const Cancellation&) = 0;
  virtual StatusOr<std::int64_t> Delete(const plan::Delete& del, const Cancellation&) = 0;

  /// Stores everything and ends the transaction. Then calls `stored`, unless that is empty, before
  /// another transaction can begin.
  ///
  /// UNKNOWN: the storage was lost during the commit, so that everything is stored or nothing. The
  /// caller must neither repeat the change nor take it as stored before it has looked. After any
  /// other error nothing is stored. No other call returns UNKNOWN.
  virtual Status Commit(const std::function<void()>& stored) = 0;
  Status Commit() { return Commit({}); }
};

/// The distribution of the rows of a table over its shards.
struct ShardCounts {
  std::int64_t rows = 0;      // of all shards
  std::int64_t fullest = 0;   // rows of the shard with the most
  std::int64_t emptiest = 0;  // rows of the shard with the fewest; 0 if a shard has none
};

class Storage;

/// A separate storage with the content of another one at one moment.
struct ForkedStorage {
  std::unique_ptr<Storage> storage;
  std::int64_t schema_version = 0;  // of its catalog records
};

class Storage {
 public:
  virtual ~Storage() = default;

  /// The committed catalog records, unless their version is `known`: then nullopt. May be called
  /// at any time, also by the owner of a Transaction.
  virtual StatusOr<std::optional<CatalogRecords>> Reload(std::int64_t known) = 0;
  StatusOr<CatalogRecords> Load();

  /// The rows of a query, read from one snapshot. ABORTED if a table of the plan was altered or
  /// dropped since it was bound: bind again, after Reload if the catalog in use is current. The
  /// query is borrowed until the call returns; the Cancellation is copied.
  virtual StatusOr<std::unique_ptr<Cursor>> Open(const plan::Query& query,
                                                 const Cancellation& cancellation) = 0;
  /// How many rows the query has. Errors are those of Open and of its Cursor.
  virtual StatusOr<std::int64_t> Count(const plan::Query& query,
                                       const Cancellation& cancellation) = 0;

  /// The table is bound as in a query. Errors are those of Count.
  virtual StatusOr<ShardCounts> ShardRows(const plan::TablePtr& table,
                                          const Cancellation& cancellation) = 0;

  /// Waits until the transaction can run, or for as long as the Cancellation allows. One with
  /// Intent::kSchema runs alone. Those with Intent::kRows may run at the same time; SQLite runs one
  /// after the other.
  virtual StatusOr<std::unique_ptr<Transaction>> Begin(Intent intent,
                                                       const Cancellation& cancellation) = 0;

  /// A storage with the content that this one has now. Neither sees later changes of the other, and
  /// either may be destroyed first. Waits for transactions as Begin does; RESOURCE_EXHAUSTED if
  /// memory runs out.
  ///
  /// The cost depends on the storage. SQLite in memory shares the pages of both: some microseconds
  /// and 24 bytes per MiB; each page that one of them changes later is copied then. SQLite in a
  /// file copies the file into memory, once for all forks until the next transaction, in about
  /// 0.5 s per GiB. During a long read, the fork also gets a log to read at its first statement.
  virtual StatusOr<ForkedStorage> Fork(const Cancellation& cancellation) = 0;

  /// Frees what only makes the next statement faster, such as connections. False, without waiting,
  /// if a cursor or a transaction is open. The next statement works as before.
  virtual bool ReleaseIdle() = 0;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
