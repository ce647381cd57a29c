// Loads: rows that come in batches and not in a statement.
#include <numeric>
#include <utility>
#include <vector>

#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/load.h"
#include "mockserver/engine/table_activity.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

StatusOr<plan::TablePtr> Resolve(const CatalogState& catalog, const TableName& name) {
  dialect::ObjectName parts;
  for (const std::string_view part : {name.database, name.schema, name.table}) {
    parts.parts.push_back({.text = std::string(part), .quoted = true, .range = {}});
  }
  return catalog.ResolveTable(parts, Context());
}

StatusOr<std::int64_t> InsertAll(storage::Transaction& transaction, const plan::TablePtr& table,
                                 RowBatches& batches, const storage::Cancellation& cancellation) {
  plan::Insert insert;
  insert.table = table;
  insert.columns.resize(table->columns.size());
  std::iota(insert.columns.begin(), insert.columns.end(), 0);
  std::int64_t rows = 0;
  for (;;) {
    auto& batch = std::get<plan::LiteralRows>(insert.source);
    TQL_ASSIGN_OR_RETURN(const bool more, batches.Next(&batch));
    if (!more) return rows;
    TQL_ASSIGN_OR_RETURN(const std::int64_t inserted, transaction.Insert(insert, cancellation));
    rows += inserted;
  }
}

}  // namespace

StatusOr<plan::TablePtr> Engine::FindTable(const TableName& name) const {
  return Resolve(*catalog_->Read(), name);
}

StatusOr<std::int64_t> Engine::Load(const LoadRequest& request) {
  using Rows = StatusOr<std::int64_t>;
  return catalog_->InTransaction(
      storage::Intent::kRows, request.cancellation,
      [&](Catalog::TransactionPtr& transaction, const CatalogState& catalog) -> Rows {
        TQL_ASSIGN_OR_RETURN(const plan::TablePtr table, Resolve(catalog, request.table));
        if (request.empty_table) TQL_RETURN_IF_ERROR(transaction->Truncate(table->id));
        const std::unique_ptr<RowBatches> batches = request.rows(table);
        TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                             InsertAll(*transaction, table, *batches, request.cancellation));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        if (rows > 0 || request.empty_table) activity_->Changed(table->id);
        return rows;
      });
}

}  // namespace tql::engine
