// Queries that the engine and storages make themselves.
#ifndef TQLKIT_MOCKSERVER_PLAN_TABLE_QUERY_H_
#define TQLKIT_MOCKSERVER_PLAN_TABLE_QUERY_H_

#include <cstdint>
#include <vector>

#include "mockserver/plan/plan.h"

namespace tql::plan {

/// SELECT of these columns, given by their positions, of all rows.
Query QueryOf(const TablePtr& table, const std::vector<std::int32_t>& columns);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TABLE_QUERY_H_
