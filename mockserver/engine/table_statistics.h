// The row statistics of a table for SHOW STATISTICS.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_

#include <cstdint>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

struct TableStatistics {
  std::int64_t rows = 0;
  /// The difference in rows between the fullest and the emptiest shard.
  std::int64_t row_skew = 0;
  std::int32_t shards = 1;
  /// An estimate: fixed widths plus the length of texts in the first rows.
  double bytes_per_row = 0;
};

/// Counts the rows of the shards, and reads the texts of the first `sampled_rows` rows (zero or
/// less: of all). Returns ABORTED if the columns of the table have changed or the table was
/// dropped.
StatusOr<TableStatistics> MeasureTable(storage::Storage& storage, const plan::TablePtr& table,
                                       std::int64_t sampled_rows,
                                       const storage::Cancellation& cancellation);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_STATISTICS_H_
