#include "mockserver/engine/table_statistics.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "mockserver/engine/fnv1a.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

/// SELECT columns FROM table.
plan::Query QueryOf(const plan::TablePtr& table, const std::vector<std::int32_t>& columns) {
  plan::Select select;
  plan::Query query;
  for (const std::int32_t column : columns) {
    const plan::ColumnDef& def = table->columns[static_cast<std::size_t>(column)];
    select.items.push_back({MakeExpr(plan::ColumnRef{0, column}, def.type), def.name});
    query.columns.push_back({def.name, def.type});
  }
  select.from = std::make_unique<plan::Relation>(plan::Relation{plan::BaseTable{0, table}});
  query.body = std::move(select);
  return query;
}

double FixedWidth(values::TypeKind kind) {
  switch (kind) {
    case values::TypeKind::kNull:
    case values::TypeKind::kVarchar:
      return 0;
    case values::TypeKind::kBool:
      return 1;
    case values::TypeKind::kInt:
    case values::TypeKind::kFloat:
      return 4;
    default:
      return 8;
  }
}

void Add(const values::Datum& value, Fnv1a& hash) {
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

/// The number of rows in each non-empty shard, by the hash of the shard key. Empty shards are not
/// stored, because a table may declare more shards than fit into memory.
StatusOr<std::unordered_map<std::uint64_t, std::int64_t>> CountShards(
    storage::Storage& storage, const plan::TablePtr& table,
    const storage::Cancellation& cancellation) {
  const plan::Query query = QueryOf(table, table->partition->key);
  TQL_ASSIGN_OR_RETURN(const auto cursor, storage.Open(query, cancellation));
  const auto count = static_cast<std::uint64_t>(table->partition->shards);
  std::unordered_map<std::uint64_t, std::int64_t> shards;
  for (;;) {
    TQL_ASSIGN_OR_RETURN(const bool more, cursor->Next());
    if (!more) return shards;
    Fnv1a hash;
    for (const values::Datum& value : cursor->row()) Add(value, hash);
    ++shards[hash.value() % count];
  }
}

/// The mean total length of the texts in a row, over the first rows.
StatusOr<double> TextWidth(storage::Storage& storage, const plan::TablePtr& table,
                           std::int64_t sampled_rows, const storage::Cancellation& cancellation) {
  std::vector<std::int32_t> texts;
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    if (table->columns[i].type.kind == values::TypeKind::kVarchar) {
      texts.push_back(static_cast<std::int32_t>(i));
    }
  }
  if (texts.empty()) return 0.0;
  plan::Query query = QueryOf(table, texts);
  if (sampled_rows > 0) query.limit = sampled_rows;
  TQL_ASSIGN_OR_RETURN(const auto cursor, storage.Open(query, cancellation));
  std::size_t bytes = 0;
  std::size_t rows = 0;
  for (;; ++rows) {
    TQL_ASSIGN_OR_RETURN(const bool more, cursor->Next());
    if (!more) break;
    for (const values::Datum& value : cursor->row()) {
      if (!value.is_null()) bytes += value.text().size();
    }
  }
  return rows == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(rows);
}

}  // namespace

StatusOr<std::int64_t> CountRows(storage::Storage& storage, const plan::TablePtr& table,
                                 const storage::Cancellation& cancellation) {
  return storage.Count(QueryOf(table, {0}), cancellation);
}

StatusOr<TableStatistics> MeasureTable(storage::Storage& storage, const plan::TablePtr& table,
                                       std::int64_t sampled_rows,
                                       const storage::Cancellation& cancellation) {
  TableStatistics statistics;
  if (table->partition) statistics.shards = table->partition->shards;
  if (statistics.shards > 1 && !table->partition->key.empty()) {
    TQL_ASSIGN_OR_RETURN(const auto shards, CountShards(storage, table, cancellation));
    std::int64_t most = 0;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (const auto& [shard, rows] : shards) {
      statistics.rows += rows;
      most = std::max(most, rows);
      least = std::min(least, rows);
    }
    const bool empty_shard = shards.size() < static_cast<std::size_t>(statistics.shards);
    statistics.row_skew = empty_shard ? most : most - least;
  } else {
    TQL_ASSIGN_OR_RETURN(statistics.rows, CountRows(storage, table, cancellation));
    statistics.row_skew = statistics.rows % statistics.shards == 0 ? 0 : 1;
  }
  for (const plan::ColumnDef& column : table->columns) {
    statistics.bytes_per_row += FixedWidth(column.type.kind);
  }
  if (statistics.rows == 0) return statistics;
  TQL_ASSIGN_OR_RETURN(const double text_width,
                       TextWidth(storage, table, sampled_rows, cancellation));
  statistics.bytes_per_row += text_width;
  return statistics;
}

}  // namespace tql::engine
