#include "mockserver/engine/table_statistics.h"

#include <vector>

#include "mockserver/plan/table_query.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

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
  plan::Query query = plan::QueryOf(table, texts);
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

StatusOr<TableStatistics> MeasureTable(storage::Storage& storage, const plan::TablePtr& table,
                                       std::int64_t sampled_rows,
                                       const storage::Cancellation& cancellation) {
  TableStatistics statistics;
  if (table->partition) statistics.shards = table->partition->shards;
  TQL_ASSIGN_OR_RETURN(const storage::ShardCounts counts, storage.ShardRows(table, cancellation));
  statistics.rows = counts.rows;
  statistics.row_skew = counts.fullest - counts.emptiest;
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
