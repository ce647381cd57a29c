// The storage interface: keeps catalog records and rows, runs bound statements. SQLite implements
// it (sqlite/); another database would be another folder beside it. Servers may share a storage:
// the catalog that a server knows can be older than the one in the storage.
//
// Thread safety: a Storage may be used from any number of threads; a Cursor and a Transaction
// belong to one thread at a time. Reads run in parallel, each on its own snapshot, also while a
// Transaction is open.
#ifndef TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
#define TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_

#include <cstddef>
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

class RowParts;

/// How the rest of the rows of a cursor is divided.
struct Division {
  std::size_t readers = 0;    // threads that read at the same time, at least 2
  std::size_t part_rows = 0;  // rows of the table in a part, about
  /// Replaces that of the cursor. Any of the threads may check it.
  Cancellation cancellation;
};

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

  /// Whether it is worth dividing the rows after the current one: the query scans a large table and
  /// returns its rows in their order.
  bool divisible() const { return divisible_; }
  /// Divides the rows after the current one. The cursor has no further rows then, and must be
  /// destroyed after the parts. Null, with the cursor unchanged but not divisible, if they cannot
  /// be read by several threads with the same result.
  virtual std::unique_ptr<RowParts> Divide(const Division& /*division*/) { return nullptr; }

 protected:
  std::span<const values::Datum> row_;  // set by Next()
  bool divisible_ = false;              // set by Next()
};

/// Rows of a query in parts, which several threads read at the same time and from one snapshot.
class RowParts {
 public:
  virtual ~RowParts() = default;
  /// How many cursors may exist at the same time: 2 to Division::readers.
  virtual std::size_t readers() const = 0;
  /// Returns a cursor over the rows after those of the previous part, or null after the last part.
  /// A part may have no rows. Thread-safe; a cursor is used by one thread at a time. All cursors
  /// are destroyed before the parts.
  virtual std::unique_ptr<Cursor> Next() = 0;
};

/// A literal of a compiled query that may vary.
struct VaryingLiteral {
  std::size_t place = 0;  // plan::Literal::varies_at
  values::Datum::Kind kind = values::Datum::Kind::kNull;
};

/// A query as the storage runs it. Immutable, so that any number of threads can open it; it may
/// outlive its storage.
class CompiledQuery {
 public:
  virtual ~CompiledQuery() = default;
  /// The literals that may vary; one place may occur repeatedly. All others are fixed.
  virtual std::span<const VaryingLiteral> varying() const = 0;
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

/// Replaces the rows by the next batch of rows; false at the end. The rows are valid until the next
/// call.
using NextRows = std::function<StatusOr<bool>(plan::LiteralRows* rows)>;

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
  /// Inserts batches of literal rows with a value for every column of the table, as Insert does; a
  /// storage may be faster than with an Insert for each batch.
  virtual StatusOr<std::int64_t> InsertBatches(const plan::TablePtr& table, const NextRows& next,
                                               const Cancellation&) = 0;
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
  /// Compiles a query that is asked repeatedly. Null if the storage does not compile it: it runs as
  /// fast without, or its errors refer to places in the statement's text.
  virtual StatusOr<std::unique_ptr<CompiledQuery>> Compile(plan::Query /*query*/) {
    return std::unique_ptr<CompiledQuery>();
  }
  /// The rows of a query that this storage compiled, with other values for its varying literals:
  /// one of the same kind for each. Errors are those of Open; ABORTED may also mean that the query
  /// has to be compiled again.
  virtual StatusOr<std::unique_ptr<Cursor>> OpenCompiled(const CompiledQuery& /*query*/,
                                                         std::span<const values::Datum> /*values*/,
                                                         const Cancellation& /*cancellation*/) {
    return InternalError("the storage compiles no queries");
  }
  /// How many rows the query has. Errors are those of Open and of its Cursor.
  virtual StatusOr<std::int64_t> Count(const plan::Query& query,
                                       const Cancellation& cancellation) = 0;

  /// A number that tells whether results of queries on these tables are still right: if it is equal
  /// before Open or Count and at a later moment, no reader can see other rows at that moment.
  /// nullopt while a change of the rows is being committed, and from a storage that does not know.
  virtual std::optional<std::uint64_t> DataVersion(std::span<const plan::Id> /*tables*/) const {
    return std::nullopt;
  }

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

  /// The memory of the rows and records that no fork shares, in bytes. Zero if they are not in
  /// memory. What only makes statements faster, such as connections, does not count.
  virtual std::uint64_t OwnBytes() const = 0;

  /// Frees what only makes the next statement faster, such as connections. False, without waiting,
  /// if a cursor or a transaction is open. The next statement works as before.
  virtual bool ReleaseIdle() = 0;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_STORAGE_H_
