// The distribution of rows over shards.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SHARD_COUNTS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SHARD_COUNTS_H_

#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// The result of Storage::ShardRows for a storage without shards, from the shard keys of all rows:
/// a hash of its key determines the shard of a row.
StatusOr<ShardCounts> CountShards(Storage& storage, const plan::TablePtr& table,
                                  const Cancellation& cancellation);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SHARD_COUNTS_H_
