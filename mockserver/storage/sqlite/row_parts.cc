#include "mockserver/storage/sqlite/row_parts.h"

#include <sqlite3.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "mockserver/storage/sqlite/row_values.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {
namespace {

/// More parts would cost more than they balance the threads.
constexpr std::int64_t kMostParts = 1 << 16;
/// Fewer parts would let readers end at different times.
constexpr std::int64_t kPartsPerReader = 4;

/// A connection with the snapshot of the scan.
struct Lane {
  ~Lane() {
    part = Statement();
    scan = Statement();
    cancellable.reset();
    explained.reset();
    if (reader && begun) (void)reader->Execute("ROLLBACK");
  }

  // Each member needs those above it until it is destroyed.
  ReaderPool::Reader reader;
  bool begun = false;  // whether it has a transaction
  std::optional<Connection::Cancellable> cancellable;
  std::optional<Connection::Explained> explained;
  Statement scan;  // of the cursor that was divided, which holds the snapshot; may be empty
  Statement part;
};

class Parts : public RowParts {
 public:
  Parts(const Cancellation& cancellation, std::vector<CheckedExpr> checked, std::vector<bool> real)
      : cancellation_(cancellation), checked_(std::move(checked)), real_(std::move(real)) {}

  /// Adds a connection, before the first part.
  Lane& AddLane(ReaderPool::Reader reader) {
    const base::MutexLock lock(mutex_);
    Lane& lane = lanes_.emplace_back();
    lane.reader = std::move(reader);
    free_.reserve(lanes_.size());  // so that Return() does not allocate
    free_.push_back(&lane);
    return lane;
  }
  /// Binds the parameters of the lane's statement and lets it run as a part of the scan.
  void Prepare(Lane& lane, Statement part, const std::vector<values::Datum>& parameters) {
    lane.cancellable.emplace(*lane.reader, cancellation_);
    lane.explained.emplace(*lane.reader, checked_);
    lane.part = std::move(part);
    BindAll(lane.part, parameters);
  }
  /// Cuts the rowids in (after, last].
  void Cut(int first_parameter, std::int64_t after, std::int64_t last, std::int64_t width) {
    const base::MutexLock lock(mutex_);
    readers_ = lanes_.size();
    first_parameter_ = first_parameter;
    after_ = after;
    last_ = last;
    width_ = width;
  }

  std::size_t readers() const override { return readers_; }
  std::unique_ptr<Cursor> Next() override;

  void Return(Lane& lane) {
    lane.part.Reset();
    const base::MutexLock lock(mutex_);
    free_.push_back(&lane);
  }

 private:
  const Cancellation cancellation_;
  const std::vector<CheckedExpr> checked_;
  const std::vector<bool> real_;
  std::size_t readers_ = 0;
  base::Mutex mutex_;
  std::deque<Lane> lanes_ TQL_GUARDED_BY(mutex_);
  std::vector<Lane*> free_ TQL_GUARDED_BY(mutex_);
  int first_parameter_ TQL_GUARDED_BY(mutex_) = 0;
  std::int64_t after_ TQL_GUARDED_BY(mutex_) = 0;
  std::int64_t last_ TQL_GUARDED_BY(mutex_) = 0;
  std::int64_t width_ TQL_GUARDED_BY(mutex_) = 1;
};

/// The rows of a part.
class PartCursor : public Cursor {
 public:
  PartCursor(Parts& parts, Lane& lane, const std::vector<bool>& real)
      : parts_(parts), lane_(lane), values_(real) {}
  ~PartCursor() override { parts_.Return(lane_); }

  StatusOr<bool> Next() override {
    row_ = {};
    StatusOr<bool> row = ended_ ? StatusOr<bool>(false) : lane_.part.Step();
    if (row && *row) {
      row_ = values_.Read(lane_.part.get());
    } else {
      ended_ = true;
    }
    return row;
  }

 private:
  Parts& parts_;
  Lane& lane_;
  RowValues values_;
  bool ended_ = false;
};

std::unique_ptr<Cursor> Parts::Next() {
  const base::MutexLock lock(mutex_);
  if (after_ >= last_ || free_.empty()) return nullptr;
  Lane& lane = *free_.back();
  auto cursor = std::make_unique<PartCursor>(*this, lane, real_);
  free_.pop_back();
  const std::int64_t end = last_ - after_ > width_ ? after_ + width_ : last_;
  lane.part.Bind(first_parameter_, after_);
  lane.part.Bind(first_parameter_ + 1, end);
  after_ = end;
  return cursor;
}

/// Adds a connection to the parts and begins its snapshot.
bool AddSnapshot(Parts& parts, ReaderPool::Reader reader, plan::Id table, const std::string& text,
                 const std::vector<values::Datum>& parameters) {
  Lane& lane = parts.AddLane(std::move(reader));
  lane.begun = lane.reader->Execute("BEGIN").ok();
  if (!lane.begun || !LastRow(*lane.reader, table)) return false;
  StatusOr<Statement> part = lane.reader->Prepare(text);
  if (!part) return false;
  parts.Prepare(lane, *std::move(part), parameters);
  return true;
}

/// How many rowids a part has.
std::int64_t WidthOf(std::int64_t rowids, std::size_t readers, std::size_t part_rows) {
  const std::int64_t balanced = rowids / (kPartsPerReader * static_cast<std::int64_t>(readers)) + 1;
  return std::max(std::min(static_cast<std::int64_t>(part_rows), balanced), rowids / kMostParts);
}

}  // namespace

StatusOr<std::int64_t> LastRow(Connection& reader, plan::Id table) {
  StatusOr<Statement> statement = reader.Prepare("SELECT max(rowid) FROM " + PhysicalTable(table));
  if (!statement) return statement.status();
  const StatusOr<bool> row = statement->Step();
  if (!row) return row.status();
  return *row ? statement->Integer(0) : 0;
}

DivisibleScan::DivisibleScan(const ScanSource& source, const PrintedSql& sql,
                             std::span<const values::Datum> values)
    : source_(source), scan_(*sql.scan), parameters_(sql.parameters) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters_[static_cast<std::size_t>(sql.varying_parameters[i]) - 1] = values[i];
  }
  for (values::Datum& parameter : parameters_) {
    if (parameter.kind() != values::Datum::Kind::kText) continue;
    parameter = values::Datum::Text(texts_.emplace_back(parameter.text()));
  }
}

bool DivisibleScan::IsLarge(sqlite3_stmt* statement) const {
  return sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, /*resetFlg=*/0) >=
         source_.rows;
}

/// SQLite here cannot open a snapshot by its name. Instead, each connection begins its own one, and
/// then no COMMIT may have changed the table since before the first of them: all have the same rows
/// of the table.
std::unique_ptr<RowParts> DivisibleScan::Divide(const Rest& rest, const Division& division) const {
  const StatusOr<std::int64_t> last = LastRow(*rest.reader, scan_.table);
  if (!last || *last - rest.after < source_.rows) return nullptr;
  // The rows that are left may be fewer than the rowids.
  if (scan_.limit && *last - rest.after > *scan_.limit - rest.rows_before) return nullptr;

  const std::string text = PartOf(sqlite3_sql(rest.statement.get()), scan_, parameters_.size() + 1);
  auto parts = std::make_unique<Parts>(division.cancellation, rest.checked, rest.real);
  StatusOr<Statement> own = rest.reader->Prepare(text);
  if (!own) return nullptr;
  std::size_t readers = 1;
  while (readers < division.readers) {
    ReaderPool::Reader spare = source_.readers->TakeSpare();
    if (!spare) break;
    if (!AddSnapshot(*parts, std::move(spare), scan_.table, text, parameters_)) return nullptr;
    ++readers;
  }
  if (readers == 1) return nullptr;
  if (source_.versions->Of({&scan_.table, 1}) != source_.version) return nullptr;

  Lane& lane = parts->AddLane(std::move(rest.reader));
  lane.scan = std::move(rest.statement);
  parts->Prepare(lane, *std::move(own), parameters_);
  parts->Cut(static_cast<int>(parameters_.size()) + 1, rest.after, *last,
             WidthOf(*last - rest.after, readers, division.part_rows));
  return parts;
}

std::unique_ptr<RowParts> DivisibleScan::DivideAll(ReaderPool::Reader reader, const PrintedSql& sql,
                                                   std::vector<bool> real,
                                                   const Division& division) const {
  const std::string text = PartOf(sql.text, scan_, parameters_.size() + 1);
  auto parts = std::make_unique<Parts>(division.cancellation, sql.checked, std::move(real));
  Connection& first = *reader;
  std::size_t readers = 0;
  while (reader && readers < division.readers) {
    if (!AddSnapshot(*parts, std::move(reader), scan_.table, text, parameters_)) return nullptr;
    ++readers;
    reader = source_.readers->TakeSpare();
  }
  if (readers < 2) return nullptr;
  if (source_.versions->Of({&scan_.table, 1}) != source_.version) return nullptr;
  const StatusOr<std::int64_t> last = LastRow(first, scan_.table);
  if (!last || *last < source_.rows) return nullptr;
  parts->Cut(static_cast<int>(parameters_.size()) + 1, /*after=*/0, *last,
             WidthOf(*last, readers, division.part_rows));
  return parts;
}

}  // namespace tql::storage::sqlite
