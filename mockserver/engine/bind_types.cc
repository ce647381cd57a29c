#include "mockserver/engine/bind_types.h"

#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/value_conversion.h"
#include "proto/base/status_macros.h"

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

}  // namespace

ExprResult ConvertExpr(ExprPtr expr, Type to, std::string_view hint) {
  const TypeKind from = expr->type.kind;
  if (expr->type == to) return expr;
  if (IsConstant(*expr)) {
    std::string scratch;
    TQL_ASSIGN_OR_RETURN(const Datum value,
                         ConvertConstant(ConstantOf(*expr), to.kind, hint, scratch));
    plan::Literal literal = LiteralOf(value);
    // Each INT is a BIGINT and a DOUBLE; other conversions depend on the value.
    if (from == TypeKind::kInt && (to.kind == TypeKind::kBigInt || to.kind == TypeKind::kDouble)) {
      literal.varies_at = std::get<plan::Literal>(expr->node).varies_at;
    }
    return MakeExpr(std::move(literal), to);
  }
  if (from == TypeKind::kNull || values::KeepsValues(from, to.kind)) {
    return MakeExpr(plan::Widen{std::move(expr)}, to);
  }
  return MakeExpr(plan::Cast{std::move(expr), std::string(hint)}, to);
}

/// Integers yield a BIGINT; a real operand or a division yields a DOUBLE. A text is not converted
/// to a number here.
ExprResult MakeArithmetic(BinaryOp op, ExprPtr left, ExprPtr right) {
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
  TQL_ASSIGN_OR_RETURN(left, ConvertExpr(std::move(left), type));
  TQL_ASSIGN_OR_RETURN(right, ConvertExpr(std::move(right), type));
  return MakeExpr(plan::Binary{op, std::move(left), std::move(right)}, type);
}

ExprResult AssignExpr(ExprPtr expr, const plan::ColumnDef& column) {
  const TypeKind from = expr->type.kind;
  if (!IsConstant(*expr) && !Assignable(from, column.type.kind)) {
    return errors::OfColumn(column.name, errors::CannotConvertType(from, column.type.kind));
  }
  ExprResult value = ConvertExpr(std::move(expr), column.type, column.parsing_hint);
  if (!value.ok()) return errors::OfColumn(column.name, value.status());
  if (auto* cast = std::get_if<plan::Cast>(&(*value)->node)) cast->column = column.name;
  return value;
}

Status Unify(const BindState& state, const std::vector<ExprPtr*>& values) {
  Type type;
  // Text constants come last, because they take the type of the other values.
  for (const bool texts : {false, true}) {
    for (const ExprPtr* value : values) {
      const Type& next = (*value)->type;
      if ((IsConstant(**value) && next.kind == TypeKind::kVarchar) != texts) continue;
      std::optional<Type> common = CommonType(type, next);
      if (!common && texts) common = type;
      if (!common) return state.At(errors::CannotCombine(type.kind, next.kind), (*value)->source);
      type = *common;
    }
  }
  for (ExprPtr* value : values) {
    const plan::SourceText source = (*value)->source;
    ExprResult converted = ConvertExpr(std::move(*value), type);
    if (!converted.ok()) return state.At(converted.status(), source);
    *value = *std::move(converted);
  }
  return Status();
}

}  // namespace tql::engine
