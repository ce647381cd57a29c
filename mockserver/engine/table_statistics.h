// What SHOW STATISTICS says of a table's rows (reference §6.6).
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_

#include <cstdint>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

struct TableStatistics {
  std::int64_t rows = 0;
  /// Rows in the fullest shard less rows in the emptiest: a row is in the shard that a hash of its
  /// shard key names; without a key rows go round the shards.
  std::int64_t row_skew = 0;
  std::int32_t shards = 1;
  /// What the rows would take: fixed widths, and the length of texts as the first rows have it.
  double bytes_per_row = 0;
};

/// Reads the table: its shard key when it has one, else the number of its rows, and the texts of
/// the first `sampled_rows` (zero or less: of all). ABORTED when the table has changed its columns
/// or is gone.
StatusOr<TableStatistics> MeasureTable(storage::Storage& storage, const plan::TablePtr& table,
                                       std::int64_t sampled_rows,
                                       const storage::Cancellation& cancellation);

/// The number of its rows alone. Errors as above.
StatusOr<std::int64_t> CountRows(storage::Storage& storage, const plan::TablePtr& table,
                                 const storage::Cancellation& cancellation);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_
