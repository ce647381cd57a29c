// Binding of SELECT. Internal to the binder.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BIND_QUERY_H_
#define TQLKIT_MOCKSERVER_ENGINE_BIND_QUERY_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/bind_state.h"
#include "mockserver/plan/plan.h"

namespace tql::engine {

// bind_query.cc

/// Binds a query that may refer to columns of `outer`, which may be null.
StatusOr<plan::Query> BindSubquery(BindState& state, const dialect::Query& query,
                                   const Scope* outer);
/// The index of the item that an expression of `clause` selects by its position among `items`
/// items; -1 if the expression is not an integer.
StatusOr<std::int32_t> ItemPosition(const BindState& state, const dialect::Expr& expr,
                                    std::string_view clause, std::size_t items);

// bind_from.cc

StatusOr<plan::TablePtr> ResolveTable(const BindState& state, const dialect::ObjectName& name);
/// Adds a table of the catalog to `scope`. `alias` may be null.
ScopeRelation& AddTable(BindState& state, const plan::TablePtr& table, const dialect::Name* alias,
                        Scope& scope);
/// Adds the tables of a FROM to `scope`. Returns null if the list is empty.
StatusOr<plan::RelationPtr> BindFrom(BindState& state, const std::vector<dialect::FromItem>& from,
                                     Scope& scope);

// bind_grouping.cc

/// The select-list entry of each item of a plan::Select; a star yields several items.
using ItemOrigins = std::vector<const dialect::SelectItem*>;

Status BindGroupBy(BindState& state, const dialect::SelectCore& core, const ItemOrigins& origins,
                   const Scope& scope, plan::Select& select);
Status BindOrderBy(BindState& state, const std::vector<dialect::OrderItem>& order_by,
                   const ItemOrigins& origins, Clause& clause, plan::Select& select,
                   plan::Query& query);
/// Checks which columns are used beside aggregates. Adds the groups that are implied.
Status CheckGrouping(const BindState& state, const dialect::SelectCore& core, const Scope& scope,
                     plan::Select& select, plan::Query& query);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BIND_QUERY_H_
