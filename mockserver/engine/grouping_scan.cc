#include "mockserver/engine/grouping_scan.h"

#include <algorithm>
#include <utility>

#include "mockserver/engine/plan_walk.h"
#include "mockserver/values/type.h"

namespace tql::engine {
namespace {

using plan::AggregateFunction;

/// Values of more of them would take too much memory until they can be added in order.
constexpr std::ptrdiff_t kMostInOrder = 32;

bool HasQuery(const plan::Expr& expr) {
  return std::holds_alternative<plan::InQuery>(expr.node) ||
         std::holds_alternative<plan::Exists>(expr.node) ||
         std::holds_alternative<plan::ScalarQuery>(expr.node);
}

/// Whether parts of the aggregate can be merged exactly.
bool CanBeMerged(const plan::Aggregate& aggregate) {
  if (aggregate.distinct) return false;
  switch (aggregate.function) {
    case AggregateFunction::kCountRows:
    case AggregateFunction::kCount:
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      return true;
    case AggregateFunction::kSum:
    case AggregateFunction::kAvg:
      return values::IsNumeric(aggregate.argument->type.kind);
    case AggregateFunction::kStddev:
    case AggregateFunction::kVariance:
      break;
  }
  return values::IsInteger(aggregate.argument->type.kind);
}

}  // namespace

std::optional<GroupingScan> GroupingScan::Of(plan::Query& query) {
  auto* select = std::get_if<plan::Select>(&query.body);
  if (select == nullptr || select->distinct || !select->from) return std::nullopt;
  if (!std::holds_alternative<plan::BaseTable>(select->from->node)) return std::nullopt;
  GroupingScan scan(query, *select);
  if (!scan.AddKeys()) return std::nullopt;
  bool can = true;
  VisitExpressions(query, [&](plan::ExprPtr& expr) { can = can && scan.AddAggregates(expr); });
  if (!can || (scan.spec_.keys == 0 && scan.aggregates_.empty())) return std::nullopt;
  // The storage counts all rows of a table faster than it reads them.
  const auto counts_rows = [](const AggregateSpec& spec) {
    return spec.function == AggregateFunction::kCountRows;
  };
  const bool counts_all = scan.spec_.keys == 0 && !select->where &&
                          std::ranges::all_of(scan.spec_.aggregates, counts_rows);
  if (counts_all) return std::nullopt;
  if (std::ranges::count_if(scan.spec_.aggregates, &AggregateSpec::in_order) > kMostInOrder) {
    return std::nullopt;
  }
  return scan;
}

/// Reals are not accepted as keys, because 0.0 and -0.0 are equal, but not the same.
bool GroupingScan::AddKeys() {
  // SQLite sorts groups as ORDER BY says if that has as many terms.
  const bool as_ordered = select_.group_by.size() == query_.order_by.size();
  for (std::size_t i = 0; i < select_.group_by.size(); ++i) {
    plan::ExprPtr* key = &select_.group_by[i];
    if (const auto* item = std::get_if<plan::ItemRef>(&(*key)->node)) {
      key = &select_.items[static_cast<std::size_t>(item->item)].expr;
    }
    const values::TypeKind type = (*key)->type.kind;
    if (IsConstant(Unwidened(**key)) || values::IsReal(type) || type == values::TypeKind::kNull) {
      return false;
    }
    if (ColumnOf(*key) != i) return false;  // the same key twice
    descending_.push_back(as_ordered && query_.order_by[i].descending);
  }
  spec_.keys = columns_.size();
  return true;
}

/// Adds the aggregates in an expression; false if the query cannot be computed from its parts.
bool GroupingScan::AddAggregates(plan::ExprPtr& expr) {
  if (HasQuery(*expr)) return false;
  if (auto* aggregate = std::get_if<plan::Aggregate>(&expr->node)) {
    if (!CanBeMerged(*aggregate)) return false;
    if (ValueOf(*expr)) return true;
    AggregateSpec spec{.function = aggregate->function};
    if (aggregate->argument) {
      if (!AddAggregates(aggregate->argument)) return false;  // it has no aggregates, but queries
      spec.argument = ColumnOf(aggregate->argument);
      spec.of_integers = values::IsInteger(aggregate->argument->type.kind);
    }
    spec_.aggregates.push_back(spec);
    aggregates_.push_back(expr.get());
    return true;
  }
  // An error of a conversion would not know the name of the column.
  if (const auto* cast = std::get_if<plan::Cast>(&expr->node)) {
    const plan::Expr& operand = Unwidened(*cast->operand);
    if (std::holds_alternative<plan::ColumnRef>(operand.node) && ValueOf(operand)) return false;
  }
  bool can = true;
  VisitChildren(*expr, [&](plan::ExprPtr& child) { can = can && AddAggregates(child); });
  return can;
}

/// Returns the column of the scan with this expression. Adds the column if the scan lacks it.
std::size_t GroupingScan::ColumnOf(plan::ExprPtr& expr) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (SameExpr(Unwidened(**columns_[i]), Unwidened(*expr))) return i;
  }
  columns_.push_back(&expr);
  return columns_.size() - 1;
}

std::optional<GroupingScan::Value> GroupingScan::ValueOf(const plan::Expr& expr) const {
  const plan::Expr& value = Unwidened(expr);
  for (std::size_t i = 0; i < spec_.keys; ++i) {
    if (SameExpr(Unwidened(**columns_[i]), value)) return Value{false, i};
  }
  for (std::size_t i = 0; i < aggregates_.size(); ++i) {
    if (SameExpr(*aggregates_[i], value)) return Value{true, i};
  }
  return std::nullopt;
}

GroupingScan::Rows::Rows(const GroupingScan& scan) : scan_(scan) {
  const std::size_t columns = std::max<std::size_t>(scan.columns_.size(), 1);
  query_.columns.resize(columns);  // of the type of NULL
  plan::Select select;
  select.items.resize(columns);
  select.items[0].expr = MakeExpr(plan::Literal{std::int64_t{1}}, {values::TypeKind::kInt});
  query_.body = std::move(select);
  Swap();
}

GroupingScan::Rows::~Rows() { Swap(); }

void GroupingScan::Rows::Swap() {
  auto& select = std::get<plan::Select>(query_.body);
  for (std::size_t i = 0; i < scan_.columns_.size(); ++i) {
    std::swap(select.items[i].expr, *scan_.columns_[i]);
  }
  std::swap(select.from, scan_.select_.from);
  std::swap(select.where, scan_.select_.where);
}

}  // namespace tql::engine
