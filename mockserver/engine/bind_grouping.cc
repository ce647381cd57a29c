// GROUP BY, ORDER BY, and the check which columns may be used with aggregates.
#include <algorithm>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_query.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using plan::ExprPtr;

bool IsQuery(const plan::Expr& expr) {
  return std::holds_alternative<plan::Exists>(expr.node) ||
         std::holds_alternative<plan::ScalarQuery>(expr.node);
}

/// The expressions by which the rows of one SELECT are grouped.
class Grouping {
 public:
  Grouping(const Scope& scope, plan::Select& select) : scope_(scope), select_(select) {
    for (const ExprPtr& group : select.group_by) Add(*group);
  }

  void Add(const plan::Expr& group) {
    if (const auto* item = std::get_if<plan::ItemRef>(&group.node)) {
      groups_.push_back(&Unwidened(*select_.items[static_cast<std::size_t>(item->item)].expr));
    } else {
      groups_.push_back(&Unwidened(group));
    }
  }
  bool Grouped(const plan::Expr& expr) const {
    return std::any_of(groups_.begin(), groups_.end(),
                       [&](const plan::Expr* group) { return SameExpr(*group, Unwidened(expr)); });
  }
  /// Whether the grouping includes the whole primary key of the column's table, so that a group has
  /// only one value of the column.
  bool Determined(const plan::ColumnRef& ref) const {
    const ScopeRelation* relation = scope_.FindRelation(ref.relation);
    if (relation->table() == nullptr || relation->table()->primary_key.empty()) return false;
    const auto& key = relation->table()->primary_key;
    return std::all_of(key.begin(), key.end(), [&](std::int32_t column) {
      const values::Type type = relation->column_type(static_cast<std::size_t>(column));
      return Grouped(*MakeExpr(plan::ColumnRef{ref.relation, column}, type));
    });
  }
  /// Calls `visit` with every column of this SELECT that is neither grouped nor aggregated.
  /// Aggregates in a sub-query belong to that sub-query.
  void VisitBare(ExprPtr& expr, const ExprVisitor& visit, bool in_query = false) const {
    if ((!in_query && std::holds_alternative<plan::Aggregate>(expr->node)) || Grouped(*expr)) {
      return;
    }
    if (const auto* ref = std::get_if<plan::ColumnRef>(&expr->node)) {
      if (scope_.FindRelation(ref->relation) != nullptr && !Determined(*ref)) visit(expr);
      return;
    }
    if (auto* in = std::get_if<plan::InQuery>(&expr->node)) {
      VisitBare(in->value, visit, in_query);
      VisitExpressions(*in->query, [&](ExprPtr& child) { VisitBare(child, visit, true); });
      return;
    }
    const bool query = in_query || IsQuery(*expr);
    VisitChildren(*expr, [&](ExprPtr& child) { VisitBare(child, visit, query); });
  }

 private:
  const Scope& scope_;
  plan::Select& select_;
  std::vector<const plan::Expr*> groups_;
};

/// Aggregates of sub-queries do not count.
bool HasAggregate(plan::Expr& expr) {
  if (std::holds_alternative<plan::Aggregate>(expr.node)) return true;
  if (auto* in = std::get_if<plan::InQuery>(&expr.node)) return HasAggregate(*in->value);
  if (IsQuery(expr)) return false;
  bool found = false;
  VisitChildren(expr, [&](ExprPtr& child) { found = found || HasAggregate(*child); });
  return found;
}

bool HasQuery(plan::Expr& expr) {
  if (std::holds_alternative<plan::InQuery>(expr.node) || IsQuery(expr)) return true;
  bool found = false;
  VisitChildren(expr, [&](ExprPtr& child) { found = found || HasQuery(*child); });
  return found;
}

/// Whether the expression refers to a column of a query outside of `scope`.
bool RefersOutside(plan::Expr& expr, const Scope& scope) {
  if (const auto* column = std::get_if<plan::ColumnRef>(&expr.node)) {
    for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer) {
      for (const ScopeRelation& relation : outer->relations) {
        if (relation.id() == column->relation) return true;
      }
    }
    return false;
  }
  bool found = false;
  VisitChildren(expr, [&](ExprPtr& child) { found = found || RefersOutside(*child, scope); });
  return found;
}

/// The name, if an expression of GROUP BY or ORDER BY is an unqualified name; otherwise null.
const dialect::ObjectName* NameAlone(const dialect::Expr& expr) {
  const auto* column = expr.as<dialect::ColumnRef>();
  return column != nullptr && column->name.parts.size() == 1 ? &column->name : nullptr;
}

/// The names of a SELECT's items in its result.
class ItemNames {
 public:
  ItemNames(const ItemOrigins& origins, const plan::Select& select)
      : origins_(origins), select_(select) {}

  enum class Case { kExact, kFolded };
  /// The position of the item with this alias, or -1. Ambiguous if items with different expressions
  /// have it.
  StatusOr<std::int32_t> FindAlias(const dialect::ObjectName& name, Case by) const {
    return Find(name, by, /*columns=*/false);
  }
  /// As above, but an item that is a column also has the name of the column.
  StatusOr<std::int32_t> FindName(const dialect::ObjectName& name, Case by) const {
    return Find(name, by, /*columns=*/true);
  }

 private:
  StatusOr<std::int32_t> Find(const dialect::ObjectName& name, Case by, bool columns) const {
    const std::string& want = name.last().text;
    const plan::Expr* found = nullptr;
    std::int32_t position = -1;
    for (std::size_t i = 0; i < origins_.size(); ++i) {
      if (!origins_[i]->alias && !(columns && IsColumn(*origins_[i]))) continue;
      const std::string& have = select_.items[i].name;
      if (by == Case::kExact ? have != want : !base::EqualsIgnoreCase(have, want)) continue;
      const plan::Expr& expr = *select_.items[i].expr;
      if (found == nullptr) {
        found = &expr;
        position = static_cast<std::int32_t>(i);
      } else if (!SameExpr(*found, expr)) {
        return errors::Ambiguous(errors::Thing::kColumn, want);
      }
    }
    return position;
  }
  static bool IsColumn(const dialect::SelectItem& item) {
    return item.is_star() || item.expr->as<dialect::ColumnRef>() != nullptr;
  }

  const ItemOrigins& origins_;
  const plan::Select& select_;
};

}  // namespace

/// An unqualified name refers to, in this order: a column of this SELECT, an alias of its items, a
/// column of an outer query.
Status BindGroupBy(BindState& state, const dialect::SelectCore& core, const ItemOrigins& origins,
                   const Scope& scope, plan::Select& select) {
  Clause clause{.scope = &scope, .name = "GROUP BY"};
  clause.aliases = &core.items;
  const ItemNames names(origins, select);
  for (const dialect::Expr& expr : core.group_by) {
    TQL_ASSIGN_OR_RETURN(std::int32_t position,
                         ItemPosition(state, expr, "GROUP BY", select.items.size()));
    const dialect::ObjectName* name = NameAlone(expr);
    for (const ItemNames::Case by : {ItemNames::Case::kExact, ItemNames::Case::kFolded}) {
      if (position >= 0 || name == nullptr || scope.Has(*name)) break;
      const StatusOr<std::int32_t> alias = names.FindAlias(*name, by);
      if (!alias.ok()) return state.At(alias.status(), expr.range);
      position = *alias;
    }
    if (position >= 0) {
      plan::Expr& item = *select.items[static_cast<std::size_t>(position)].expr;
      if (HasAggregate(item)) return state.At(errors::MisplacedAggregate("GROUP BY"), expr.range);
      select.group_by.push_back(MakeExpr(plan::ItemRef{position}, item.type));
      continue;
    }
    TQL_ASSIGN_OR_RETURN(ExprPtr bound, BindExpr(state, expr, clause));
    if (RefersOutside(*bound, scope)) return state.At(errors::OuterColumn("GROUP BY"), expr.range);
    select.group_by.push_back(std::move(bound));
  }
  return Status();
}

/// Positions and names of result columns refer to items, as does an expression equal to an item.
/// Other expressions are kept, except after DISTINCT, which discards what they need. An unqualified
/// name refers to, in this order: a column of the result, a column of this SELECT, a column of the
/// result that differs in case.
Status BindOrderBy(BindState& state, const std::vector<dialect::OrderItem>& order_by,
                   const ItemOrigins& origins, Clause& clause, plan::Select& select,
                   plan::Query& query) {
  const ItemNames names(origins, select);
  for (const dialect::OrderItem& item : order_by) {
    TQL_ASSIGN_OR_RETURN(std::int32_t position,
                         ItemPosition(state, item.expr, "ORDER BY", select.items.size()));
    const dialect::ObjectName* name = NameAlone(item.expr);
    for (const ItemNames::Case by : {ItemNames::Case::kExact, ItemNames::Case::kFolded}) {
      if (position >= 0 || name == nullptr) break;
      if (by == ItemNames::Case::kFolded && clause.scope->Has(*name)) break;
      const StatusOr<std::int32_t> column = names.FindName(*name, by);
      if (!column.ok()) return state.At(column.status(), item.expr.range);
      position = *column;
    }
    ExprPtr expr;
    if (position < 0) {
      TQL_ASSIGN_OR_RETURN(expr, BindExpr(state, item.expr, clause));
      if (RefersOutside(*expr, *clause.scope)) {
        return state.At(errors::OuterColumn("ORDER BY"), item.expr.range);
      }
      for (std::size_t i = 0; i < select.items.size() && position < 0; ++i) {
        if (SameExpr(*select.items[i].expr, *expr)) position = static_cast<int>(i);
      }
    }
    if (position >= 0) {
      const values::Type type = select.items[static_cast<std::size_t>(position)].expr->type;
      expr = MakeExpr(plan::ItemRef{position}, type);
    } else if (select.distinct) {
      return state.At(errors::OrderNotSelected(), item.expr.range);
    }
    query.order_by.push_back({std::move(expr), item.descending});
  }
  return Status();
}

/// Without GROUP BY, an aggregate together with bare columns groups by these: by the items that
/// have no aggregate, and by the bare columns of the other items. With GROUP BY, a bare column is
/// an error, except in ORDER BY outside of sub-queries, where the smallest value of the group is
/// used.
Status CheckGrouping(const BindState& state, const dialect::SelectCore& core, const Scope& scope,
                     plan::Select& select, plan::Query& query) {
  Grouping grouping(scope, select);
  if (core.group_by.empty()) {
    std::vector<ExprPtr> groups;
    for (std::size_t i = 0; i < select.items.size(); ++i) {
      ExprPtr& expr = select.items[i].expr;
      const bool whole = !HasAggregate(*expr);
      bool bare = false;
      grouping.VisitBare(expr, [&](ExprPtr& column) {
        bare = true;
        if (whole) return;
        const auto ref = std::get<plan::ColumnRef>(column->node);
        groups.push_back(MakeExpr(ref, column->type));
      });
      if (whole && bare) {
        groups.push_back(MakeExpr(plan::ItemRef{static_cast<std::int32_t>(i)}, expr->type));
      }
    }
    for (ExprPtr& group : groups) {
      select.group_by.push_back(std::move(group));
      grouping.Add(*select.group_by.back());
    }
  }
  // An aggregate in ORDER BY alone also makes one group; a HAVING that is always true says so.
  const bool items_aggregate = std::ranges::any_of(
      select.items, [](const plan::SelectItem& item) { return HasAggregate(*item.expr); });
  if (select.group_by.empty() && !select.having && !items_aggregate) {
    select.having = MakeExpr(plan::Literal{std::int64_t{1}}, {values::TypeKind::kBool});
  }
  Status bare;
  const ExprVisitor remember = [&](ExprPtr& column) {
    if (!bare.ok()) return;
    const auto& ref = std::get<plan::ColumnRef>(column->node);
    const std::string& name =
        scope.FindRelation(ref.relation)->column_name(static_cast<std::size_t>(ref.column));
    bare = state.At(errors::NotGrouped(name), column->source.offset);
  };
  for (plan::SelectItem& item : select.items) grouping.VisitBare(item.expr, remember);
  if (select.having) grouping.VisitBare(select.having, remember);
  for (plan::OrderItem& item : query.order_by) {
    if (HasQuery(*item.expr)) grouping.VisitBare(item.expr, remember);
  }
  if (!bare.ok()) return bare;
  for (plan::OrderItem& item : query.order_by) {
    grouping.VisitBare(item.expr, [](ExprPtr& column) {
      const values::Type type = column->type;
      column =
          MakeExpr(plan::Aggregate{plan::AggregateFunction::kMin, false, std::move(column)}, type);
    });
  }
  return Status();
}

}  // namespace tql::engine
