#include "mockserver/plan/table_query.h"

#include <memory>
#include <utility>

namespace tql::plan {

Query QueryOf(const TablePtr& table, const std::vector<std::int32_t>& columns) {
  constexpr RelationId kRelation = 0;
  Select select;
  Query query;
  for (const std::int32_t column : columns) {
    const ColumnDef& def = table->columns[static_cast<std::size_t>(column)];
    select.items.push_back(
        {std::make_unique<Expr>(ColumnRef{kRelation, column}, def.type), def.name});
    query.columns.push_back({def.name, def.type});
  }
  select.from = std::make_unique<Relation>(Relation{BaseTable{kRelation, table}});
  query.body = std::move(select);
  return query;
}

}  // namespace tql::plan
