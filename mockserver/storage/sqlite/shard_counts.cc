#include "mockserver/storage/sqlite/shard_counts.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "mockserver/plan/table_query.h"
#include "proto/base/fnv1a.h"

namespace tql::storage::sqlite {
namespace {

void Add(const values::Datum& value, base::Fnv1a& hash) {
  switch (value.kind()) {
    case values::Datum::Kind::kNull:
      return hash.Add(static_cast<unsigned char>(0));
    case values::Datum::Kind::kInteger:
      for (int shift = 0; shift < 64; shift += 8) {
        hash.Add(static_cast<unsigned char>(value.integer() >> shift));
      }
      return;
    case values::Datum::Kind::kReal:
      return hash.Add(std::to_string(value.real()));
    case values::Datum::Kind::kText:
      return hash.Add(value.text());
  }
}

/// Rows without a key are distributed one by one.
StatusOr<ShardCounts> CountEvenly(Storage& storage, const plan::TablePtr& table,
                                  std::int64_t shards, const Cancellation& cancellation) {
  const StatusOr<std::int64_t> rows = storage.Count(plan::QueryOf(table, {0}), cancellation);
  if (!rows) return rows.status();
  const std::int64_t emptiest = *rows / shards;
  return ShardCounts{*rows, emptiest + (*rows % shards == 0 ? 0 : 1), emptiest};
}

}  // namespace

StatusOr<ShardCounts> CountShards(Storage& storage, const plan::TablePtr& table,
                                  const Cancellation& cancellation) {
  const std::int64_t shards = table->partition ? table->partition->shards : 1;
  if (shards == 1 || table->partition->key.empty()) {
    return CountEvenly(storage, table, shards, cancellation);
  }
  const auto cursor = storage.Open(plan::QueryOf(table, table->partition->key), cancellation);
  if (!cursor) return cursor.status();
  ShardCounts counts;
  // Only shards with rows: a table may declare more shards than fit into memory.
  std::unordered_map<std::uint64_t, std::int64_t> rows_of;
  for (;;) {
    const StatusOr<bool> more = (*cursor)->Next();
    if (!more) return more.status();
    if (!*more) break;
    base::Fnv1a hash;
    for (const values::Datum& value : (*cursor)->row()) Add(value, hash);
    ++rows_of[hash.value() % static_cast<std::uint64_t>(shards)];
    ++counts.rows;
  }
  if (rows_of.size() == static_cast<std::size_t>(shards)) counts.emptiest = counts.rows;
  for (const auto& [shard, rows] : rows_of) {
    counts.fullest = std::max(counts.fullest, rows);
    counts.emptiest = std::min(counts.emptiest, rows);
  }
  return counts;
}

}  // namespace tql::storage::sqlite
