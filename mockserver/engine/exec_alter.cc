// ALTER TABLE: all its actions are one transaction.
#include "mockserver/engine/alter_plan.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {

Status Executor::Execute(const dialect::AlterTable& node) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  AlterPlan plan;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(plan, PlanAlter(*catalog, request_, guids_, node));
  }
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(plan.broken));
  if (!go_on) return Status();

  TQL_ASSIGN_OR_RETURN(const std::vector<plan::Inconvertible> inconvertible,
                       transaction->AlterTable(plan.alteration, request_.cancellation));
  if (!inconvertible.empty() && !request_.options.allow_unsafe) {
    const plan::Inconvertible& values = inconvertible.front();
    const auto index = static_cast<std::size_t>(values.column);
    const plan::ColumnDef& column = plan.alteration.after->columns[index];
    return At(errors::Inconvertible(column.name, column.type.kind, values.count, values.first),
              plan.ranges[index]);
  }
  for (const plan::TableDef& table : plan.others) {
    TQL_RETURN_IF_ERROR(transaction->PutTable(table));
  }
  return Commit(*transaction, plan.last_id, [&](CatalogState& state) {
    state.ReplaceTables(plan.others);
    state.ReplaceTables({*plan.alteration.after});
  });
}

}  // namespace tql::engine
