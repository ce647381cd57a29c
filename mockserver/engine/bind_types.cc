// Types of expressions and implicit conversions.
#include "mockserver/engine/binder.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/value_conversion.h"

namespace tql::engine {
namespace {

using plan::BinaryOp;
using plan::ExprPtr;
using values::Datum;
using values::Type;
using values::TypeKind;

std::string_view OperatorName(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return "+";
    case BinaryOp::kSubtract:
      return "-";
    case BinaryOp::kMultiply:
      return "*";
    case BinaryOp::kDivide:
      return "/";
    default:
      return "%";
  }
}

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

}  // namespace

Binder::ExprResult Binder::Convert(ExprPtr expr, Type to, std::string_view hint) {
  const TypeKind from = expr->type.kind;
  if (expr->type == to) return expr;
  if (IsConstant(*expr)) {
    std::string scratch;
    TQL_ASSIGN_OR_RETURN(const Datum value,
                         ConvertConstant(ConstantOf(*expr), to.kind, hint, scratch));
    return MakeExpr(LiteralOf(value), to);
  }
  if (from == TypeKind::kNull || values::KeepsValues(from, to.kind)) {
    return MakeExpr(plan::Widen{std::move(expr)}, to);
  }
  return MakeExpr(plan::Cast{std::move(expr), std::string(hint)}, to);
}

Binder::ExprResult Binder::AsCondition(ExprPtr expr) {
  if (expr->type.kind == TypeKind::kBool) return expr;
  if (IsConstant(*expr)) return Convert(std::move(expr), {TypeKind::kBool});
  return errors::NotACondition(expr->type.kind);
}

/// Integers yield a BIGINT; a real operand or a division yields a DOUBLE. A text is not converted
/// to a number here.
Binder::ExprResult Binder::MakeArithmetic(BinaryOp op, ExprPtr left, ExprPtr right) {
  bool real = op == BinaryOp::kDivide;
  for (const ExprPtr* side : {&left, &right}) {
    const TypeKind kind = (*side)->type.kind;
    if (kind != TypeKind::kNull && !values::IsNumeric(kind)) {
      return errors::BadOperand(OperatorName(op), kind);
    }
    if (op == BinaryOp::kModulo && values::IsReal(kind)) {
      return errors::BadOperand(OperatorName(op), kind);
    }
    real = real || values::IsReal(kind);
  }
  const Type type{real ? TypeKind::kDouble : TypeKind::kBigInt};
  TQL_ASSIGN_OR_RETURN(left, Convert(std::move(left), type));
  TQL_ASSIGN_OR_RETURN(right, Convert(std::move(right), type));
  return MakeExpr(plan::Binary{op, std::move(left), std::move(right)}, type);
}

Binder::ExprResult Binder::Assign(ExprPtr expr, const plan::ColumnDef& column) {
  const TypeKind from = expr->type.kind;
  if (!IsConstant(*expr) && !Assignable(from, column.type.kind)) {
    return errors::OfColumn(column.name, errors::CannotConvertType(from, column.type.kind));
  }
  ExprResult value = Convert(std::move(expr), column.type, column.parsing_hint);
  if (!value.ok()) return errors::OfColumn(column.name, value.status());
  if (auto* cast = std::get_if<plan::Cast>(&(*value)->node)) cast->column = column.name;
  return value;
}

Status Binder::Unify(const std::vector<ExprPtr*>& values) {
  Type type;
  // Text constants come last, because they take the type of the other values.
  for (const bool texts : {false, true}) {
    for (const ExprPtr* value : values) {
      const Type& next = (*value)->type;
      if ((IsConstant(**value) && next.kind == TypeKind::kVarchar) != texts) continue;
      std::optional<Type> common = CommonType(type, next);
      if (!common && texts) common = type;
      if (!common) return At(errors::CannotCombine(type.kind, next.kind), (*value)->source);
      type = *common;
    }
  }
  for (ExprPtr* value : values) {
    const plan::SourceText source = (*value)->source;
    ExprResult converted = Convert(std::move(*value), type);
    if (!converted.ok()) return At(converted.status(), source);
    *value = *std::move(converted);
  }
  return Status();
}

Status Binder::ConvertColumns(plan::Query& query, const std::vector<Type>& types) {
  for (std::size_t c = 0; c < types.size(); ++c) {
    if (ConvertsWithin(query, c, types[c].kind)) continue;
    query = Wrap(std::move(query));
    break;
  }
  for (std::size_t c = 0; c < types.size(); ++c) {
    TQL_RETURN_IF_ERROR(ConvertWithin(query, c, types[c]));
  }
  return Status();
}

Status Binder::ConvertWithin(plan::Query& query, std::size_t column, const Type& to) {
  if (query.columns[column].type == to) return Status();
  query.columns[column].type = to;
  if (auto* select = std::get_if<plan::Select>(&query.body)) {
    ExprPtr& expr = select->items[column].expr;
    const plan::SourceText source = expr->source;
    ExprResult converted = Convert(std::move(expr), to);
    if (!converted.ok()) return At(converted.status(), source);
    expr = *std::move(converted);
    expr->source = source;
  } else if (auto* set = std::get_if<plan::SetOperation>(&query.body)) {
    TQL_RETURN_IF_ERROR(ConvertWithin(*set->left, column, to));
    TQL_RETURN_IF_ERROR(ConvertWithin(*set->right, column, to));
  }
  return Status();
}

}  // namespace tql::engine
