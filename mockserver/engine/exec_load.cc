// Loads: rows that come in batches and not in a statement.
#include <utility>

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
        TQL_ASSIGN_OR_RETURN(
            const std::int64_t rows,
            transaction->InsertBatches(table, request.rows(table), request.cancellation));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        if (rows > 0 || request.empty_table) activity_->Changed(table->id);
        return rows;
      });
}

}  // namespace tql::engine
