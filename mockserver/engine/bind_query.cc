// Binding of SELECT and of set operations.
#include "mockserver/engine/bind_query.h"

#include <algorithm>
#include <utility>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/values/number_text.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

/// The longest chain of set operations. Each nests the plan one level deeper.
constexpr std::size_t kMaxTerms = 400;

plan::SetOperator PlanOp(dialect::SetOp op) {
  switch (op) {
    case dialect::SetOp::kUnion:
      return plan::SetOperator::kUnion;
    case dialect::SetOp::kUnionAll:
      return plan::SetOperator::kUnionAll;
    case dialect::SetOp::kIntersect:
      return plan::SetOperator::kIntersect;
    case dialect::SetOp::kExcept:
      break;
  }
  return plan::SetOperator::kExcept;
}

std::optional<std::int64_t> Smaller(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::vector<plan::Query::Column> ColumnsOf(const plan::Select& select) {
  std::vector<plan::Query::Column> columns;
  columns.reserve(select.items.size());
  for (const plan::SelectItem& item : select.items) columns.push_back({item.name, item.expr->type});
  return columns;
}

Status ExpandStar(const BindState& state, const dialect::SelectItem& item, const Scope& scope,
                  plan::Select& select) {
  std::vector<const ScopeRelation*> relations;
  if (!item.star_qualifier.empty()) {
    StatusOr<const ScopeRelation*> relation = scope.ResolveStar(item.star_qualifier);
    if (!relation.ok()) return state.At(relation.status(), item.range);
    relations.push_back(*relation);
  } else {
    if (scope.relations.empty()) return state.At(errors::StarWithoutFrom(), item.range);
    for (const ScopeRelation& relation : scope.relations) relations.push_back(&relation);
  }
  for (const ScopeRelation* relation : relations) {
    select.items.reserve(select.items.size() + relation->size());
    for (std::size_t i = 0; i < relation->size(); ++i) {
      select.items.push_back(
          {MakeExpr(plan::ColumnRef{relation->id(), static_cast<int>(i)}, relation->column_type(i)),
           relation->column_name(i)});
      select.items.back().expr->source = state.SourceAt(item.range);
    }
  }
  return Status();
}

/// The alias, or the name of a column, or else the expression as written, without the quotes of its
/// names.
std::string HeaderName(const BindState& state, const dialect::SelectItem& item,
                       const Scope& scope) {
  if (item.alias) return item.alias->text;
  if (const auto* ref = item.expr->as<dialect::ColumnRef>()) {
    if (StatusOr<Scope::Column> found = scope.Resolve(ref->name); found.ok()) {
      return found->relation->column_name(static_cast<std::size_t>(found->column));
    }
  }
  const std::size_t begin = std::min<std::size_t>(item.range.begin, state.input.text.size());
  const std::size_t end = std::min<std::size_t>(item.range.end, state.input.text.size());
  std::string name;
  bool in_string = false;
  for (const char c : state.input.text.substr(begin, end - begin)) {
    if (c == '\'') in_string = !in_string;
    if (c != '"' || in_string) name += c;
  }
  return name;
}

StatusOr<ItemOrigins> BindItems(BindState& state, const dialect::SelectCore& core, Clause& clause,
                                plan::Select& select) {
  ItemOrigins origins;
  for (const dialect::SelectItem& item : core.items) {
    if (item.is_star()) {
      TQL_RETURN_IF_ERROR(ExpandStar(state, item, *clause.scope, select));
    } else {
      TQL_ASSIGN_OR_RETURN(plan::ExprPtr expr, BindExpr(state, *item.expr, clause));
      select.items.push_back({std::move(expr), HeaderName(state, item, *clause.scope)});
    }
    origins.resize(select.items.size(), &item);
  }
  return origins;
}

StatusOr<plan::Query> BindCore(BindState& state, const dialect::SelectCore& core,
                               const std::vector<dialect::OrderItem>& order_by,
                               const Scope* outer) {
  Scope scope{.outer = outer, .relations = {}, .first_visible = 0};
  plan::Query query;
  plan::Select select;
  select.distinct = core.distinct;
  const bool literals_vary = std::exchange(state.literals_vary, false);
  TQL_ASSIGN_OR_RETURN(select.from, BindFrom(state, core.from, scope));
  if (core.where) {
    Clause clause{.scope = &scope, .name = "WHERE"};
    state.literals_vary = literals_vary;
    TQL_ASSIGN_OR_RETURN(select.where, BindCondition(state, *core.where, clause));
    state.literals_vary = false;
  }
  Clause clause{.scope = &scope, .name = "SELECT", .aggregates = true};
  TQL_ASSIGN_OR_RETURN(const ItemOrigins origins, BindItems(state, core, clause, select));
  TQL_RETURN_IF_ERROR(BindGroupBy(state, core, origins, scope, select));
  clause.aliases = &core.items;
  if (core.having) {
    clause.name = "HAVING";
    TQL_ASSIGN_OR_RETURN(select.having, BindCondition(state, *core.having, clause));
  }
  clause.name = "ORDER BY";
  TQL_RETURN_IF_ERROR(BindOrderBy(state, order_by, origins, clause, select, query));
  if (clause.saw_aggregate || select.having || !select.group_by.empty()) {
    TQL_RETURN_IF_ERROR(CheckGrouping(state, core, scope, select, query));
  }
  query.columns = ColumnsOf(select);
  query.body = std::move(select);
  state.literals_vary = literals_vary;
  return query;
}

StatusOr<plan::Query> BindTerm(BindState& state, const dialect::QueryTerm& term,
                               const Scope* outer) {
  if (term.query) return BindSubquery(state, *term.query, outer);
  TQL_ASSIGN_OR_RETURN(plan::Query bound, BindCore(state, *term.select, {}, outer));
  bound.limit = term.select->top;
  return bound;
}

/// Each column has the common type of both sides and the name it has in the first query.
StatusOr<plan::Query> BindSetOperations(BindState& state, const dialect::Query& query,
                                        const Scope* outer) {
  if (query.terms.size() > kMaxTerms) {
    return state.At(errors::TooManyQueries(kMaxTerms), query.range);
  }
  TQL_ASSIGN_OR_RETURN(plan::Query left, BindTerm(state, query.terms[0], outer));
  for (std::size_t i = 0; i < query.ops.size(); ++i) {
    TQL_ASSIGN_OR_RETURN(plan::Query right, BindTerm(state, query.terms[i + 1], outer));
    TQL_ASSIGN_OR_RETURN(const std::vector<values::Type> types,
                         CommonTypes(state, left, right, query.range));
    TQL_RETURN_IF_ERROR(ConvertColumns(state, left, types));
    TQL_RETURN_IF_ERROR(ConvertColumns(state, right, types));
    plan::Query both;
    both.columns = left.columns;
    both.body =
        plan::SetOperation{PlanOp(query.ops[i]), std::make_unique<plan::Query>(std::move(left)),
                           std::make_unique<plan::Query>(std::move(right))};
    left = std::move(both);
  }
  return left;
}

Status OrderByColumns(const BindState& state, const std::vector<dialect::OrderItem>& order_by,
                      plan::Query& query) {
  for (const dialect::OrderItem& item : order_by) {
    TQL_ASSIGN_OR_RETURN(std::int32_t column,
                         ItemPosition(state, item.expr, "ORDER BY", query.columns.size()));
    const auto* name = item.expr.as<dialect::ColumnRef>();
    for (const bool exact : {true, false}) {
      for (std::size_t i = 0; i < query.columns.size() && column < 0 && name != nullptr; ++i) {
        const std::string& have = query.columns[i].name;
        const std::string& want = name->name.last().text;
        if (exact ? have == want : base::EqualsIgnoreCase(have, want)) {
          column = static_cast<std::int32_t>(i);
        }
      }
    }
    if (column < 0) return state.At(errors::OrderNotSelected(), item.expr.range);
    const values::Type type = query.columns[static_cast<std::size_t>(column)].type;
    query.order_by.push_back({MakeExpr(plan::ItemRef{column}, type), item.descending});
  }
  return Status();
}

}  // namespace

StatusOr<std::int32_t> ItemPosition(const BindState& state, const dialect::Expr& expr,
                                    std::string_view clause, std::size_t items) {
  const auto* literal = expr.as<dialect::Literal>();
  if (literal == nullptr || literal->kind != dialect::LiteralKind::kInteger) return -1;
  const std::optional<std::int64_t> position = values::ParseInteger(literal->text);
  if (!position || *position < 1 || *position > static_cast<std::int64_t>(items)) {
    return state.At(errors::BadPosition(clause, items), expr.range);
  }
  return static_cast<std::int32_t>(*position - 1);
}

StatusOr<plan::Query> BindSubquery(BindState& state, const dialect::Query& query,
                                   const Scope* outer) {
  if (const dialect::SelectCore* core = query.simple()) {
    TQL_ASSIGN_OR_RETURN(plan::Query bound, BindCore(state, *core, query.order_by, outer));
    bound.limit = Smaller(core->top, query.limit);
    return bound;
  }
  TQL_ASSIGN_OR_RETURN(plan::Query bound, BindSetOperations(state, query, outer));
  if (query.terms.size() == 1) {
    if (query.order_by.empty() && !query.limit) return bound;
    bound = Wrap(state, std::move(bound));
  }
  TQL_RETURN_IF_ERROR(OrderByColumns(state, query.order_by, bound));
  bound.limit = query.limit;
  return bound;
}

StatusOr<plan::Query> BindQuery(const BindInput& input, const dialect::Query& query,
                                std::vector<plan::Id>* tables) {
  BindState state{input};
  state.literals_vary = true;
  StatusOr<plan::Query> bound = BindSubquery(state, query, nullptr);
  for (const plan::TablePtr& table : state.tables) {
    if (tables != nullptr && table != nullptr) tables->push_back(table->id);
  }
  return bound;
}

}  // namespace tql::engine
