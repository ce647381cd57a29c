// The columns of bound queries: their places, types and conversion.
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/values/type.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using plan::ExprPtr;
using values::Type;
using values::TypeKind;

/// Whether the column's values may be converted early, in the select lists of the query. This is so
/// if the values stay the same, or if no DISTINCT, grouping, order, limit or comparison of rows
/// follows.
bool ConvertsWithin(const plan::Query& query, std::size_t column, TypeKind to) {
  const TypeKind from = query.columns[column].type.kind;
  if (from == TypeKind::kNull || values::KeepsValues(from, to)) return true;
  if (!query.order_by.empty() || query.limit || query.offset > 0) return false;
  if (const auto* select = std::get_if<plan::Select>(&query.body)) {
    return !select->distinct && select->group_by.empty() && !select->having;
  }
  const auto* set = std::get_if<plan::SetOperation>(&query.body);
  return set != nullptr && set->op == plan::SetOperator::kUnionAll &&
         ConvertsWithin(*set->left, column, to) && ConvertsWithin(*set->right, column, to);
}

/// Converts one column within the select lists of the query.
Status ConvertWithin(const BindState& state, plan::Query& query, std::size_t column,
                     const Type& to) {
  if (query.columns[column].type == to) return Status();
  query.columns[column].type = to;
  if (auto* select = std::get_if<plan::Select>(&query.body)) {
    ExprPtr& expr = select->items[column].expr;
    const plan::SourceText source = expr->source;
    ExprResult converted = ConvertExpr(std::move(expr), to);
    if (!converted.ok()) return state.At(converted.status(), source);
    expr = *std::move(converted);
    expr->source = source;
  } else if (auto* set = std::get_if<plan::SetOperation>(&query.body)) {
    TQL_RETURN_IF_ERROR(ConvertWithin(state, *set->left, column, to));
    TQL_RETURN_IF_ERROR(ConvertWithin(state, *set->right, column, to));
  }
  return Status();
}

}  // namespace

std::size_t ItemPlace(const plan::Query& query, std::size_t column,
                      const dialect::SourceRange& range) {
  const plan::Expr* const item = FirstItem(query, column);
  return item == nullptr || item->source.text.empty() ? range.begin : item->source.offset;
}

/// A text constant in a select list takes the type of the other side.
StatusOr<std::vector<Type>> CommonTypes(const BindState& state, const plan::Query& left,
                                        const plan::Query& right,
                                        const dialect::SourceRange& range) {
  const auto is_text_constant = [](const plan::Query& query, std::size_t column) {
    const auto* select = std::get_if<plan::Select>(&query.body);
    return select != nullptr && query.columns[column].type.kind == TypeKind::kVarchar &&
           IsConstant(*select->items[column].expr);
  };
  const std::size_t width = left.columns.size();
  if (width != right.columns.size()) {
    return state.At(errors::SetColumns(width, right.columns.size()), ItemPlace(right, 0, range));
  }
  std::vector<Type> types;
  for (std::size_t c = 0; c < width; ++c) {
    const Type a = left.columns[c].type;
    const Type b = right.columns[c].type;
    std::optional<Type> common = CommonType(a, b);
    if (!common && is_text_constant(left, c)) common = b;
    if (!common && is_text_constant(right, c)) common = a;
    if (!common) {
      return state.At(errors::CannotCombine(a.kind, b.kind), ItemPlace(right, c, range));
    }
    types.push_back(*common);
  }
  return types;
}

plan::Query Wrap(BindState& state, plan::Query inner) {
  const plan::RelationId id = state.NewRelation(nullptr);
  plan::Query outer;
  outer.columns = inner.columns;
  plan::Select select;
  for (std::size_t i = 0; i < inner.columns.size(); ++i) {
    const plan::Query::Column& column = inner.columns[i];
    ExprPtr item = MakeExpr(plan::ColumnRef{id, static_cast<std::int32_t>(i)}, column.type);
    if (const plan::Expr* first = FirstItem(inner, i)) item->source = first->source;
    select.items.push_back({std::move(item), column.name});
  }
  select.from = std::make_unique<plan::Relation>();
  select.from->node = plan::DerivedTable{id, std::make_unique<plan::Query>(std::move(inner))};
  outer.body = std::move(select);
  return outer;
}

Status ConvertColumns(BindState& state, plan::Query& query, const std::vector<Type>& types) {
  for (std::size_t c = 0; c < types.size(); ++c) {
    if (ConvertsWithin(query, c, types[c].kind)) continue;
    query = Wrap(state, std::move(query));
    break;
  }
  for (std::size_t c = 0; c < types.size(); ++c) {
    TQL_RETURN_IF_ERROR(ConvertWithin(state, query, c, types[c]));
  }
  return Status();
}

}  // namespace tql::engine
