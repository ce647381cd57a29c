// Types of expressions, and the conversions between them that are not written.
#include "mockserver/engine/binder.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/plan/number_text.h"
#include "mockserver/plan/value_conversion.h"

namespace tql::engine {
namespace {

using plan::BinaryOp;
using plan::Datum;
using plan::ExprPtr;
using plan::Type;
using plan::TypeKind;

bool IsConstant(const plan::Expr& expr) { return std::holds_alternative<plan::Literal>(expr.node); }

bool IsNull(const plan::Expr& expr) {
  const auto* literal = std::get_if<plan::Literal>(&expr.node);
  return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
}

Constant ConstantOf(const plan::Expr& expr) {
  const auto& value = std::get<plan::Literal>(expr.node).value;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return {Datum::Integer(*integer), expr.type.kind};
  }
  if (const auto* real = std::get_if<double>(&value)) return {Datum::Real(*real), expr.type.kind};
  if (const auto* text = std::get_if<std::string>(&value)) {
    return {Datum::Text(*text), expr.type.kind};
  }
  return {};
}

plan::Literal LiteralOf(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kInteger:
      return {value.integer()};
    case Datum::Kind::kReal:
      return {value.real()};
    case Datum::Kind::kText:
      return {std::string(value.text())};
    case Datum::Kind::kNull:
      break;
  }
  return {};
}

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

std::string_view Binder::HintOf(const plan::Expr& expr) const {
  const auto* ref = std::get_if<plan::ColumnRef>(&Unwidened(expr).node);
  if (ref == nullptr) return {};
  const plan::TablePtr& table = tables_[static_cast<std::size_t>(ref->relation)];
  if (table == nullptr) return {};
  return table->columns[static_cast<std::size_t>(ref->column)].parsing_hint;
}

Binder::ExprResult Binder::Convert(ExprPtr expr, Type to, std::string_view hint) {
  const TypeKind from = expr->type.kind;
  if (expr->type == to) return expr;
  if (IsConstant(*expr)) {
    std::string scratch;
    TQL_ASSIGN_OR_RETURN(const Datum value,
                         ConvertConstant(ConstantOf(*expr), to.kind, hint, scratch));
    return MakeExpr(LiteralOf(value), to);
  }
  if (from == TypeKind::kNull || plan::KeepsValues(from, to.kind)) {
    return MakeExpr(plan::Widen{std::move(expr)}, to);
  }
  return MakeExpr(plan::Cast{std::move(expr)}, to);
}

Binder::ExprResult Binder::AsCondition(ExprPtr expr) {
  if (expr->type.kind == TypeKind::kBool) return expr;
  if (IsConstant(*expr)) return Convert(std::move(expr), {TypeKind::kBool});
  return errors::NotACondition(expr->type.kind);
}

/// A constant takes the type of what it is compared with, as long as nothing is lost: an integer
/// column and 2.5 meet as doubles, a date and a moment as datetimes. A number beside a text is
/// taken as text where they can only be equal or not.
Status Binder::AlignConstant(ExprPtr& constant, ExprPtr& other, bool equality) {
  const TypeKind from = constant->type.kind;
  const TypeKind to = other->type.kind;
  Type target{to};
  if (from == TypeKind::kVarchar && plan::IsInteger(to)) {
    const bool whole = plan::ParseInteger(ConstantOf(*constant).value.text()).has_value();
    target.kind = whole ? TypeKind::kBigInt : TypeKind::kDouble;
  } else if (to == TypeKind::kDate) {
    target.kind = TypeKind::kDateTime;
  } else if (plan::IsInteger(to) && plan::IsNumeric(from)) {
    target.kind = plan::IsReal(from) ? TypeKind::kDouble : TypeKind::kBigInt;
  } else if (to == TypeKind::kVarchar && (!equality || !plan::IsNumeric(from))) {
    return errors::CannotCompare(to, from);
  }
  const std::string_view hint = HintOf(*other);
  TQL_ASSIGN_OR_RETURN(constant, Convert(std::move(constant), target, hint));
  TQL_ASSIGN_OR_RETURN(other, Convert(std::move(other), target));
  return Status();
}

Status Binder::Align(ExprPtr& left, ExprPtr& right, bool equality) {
  if (left->type.kind == right->type.kind) return Status();
  if (IsNull(*left)) {
    TQL_ASSIGN_OR_RETURN(left, Convert(std::move(left), right->type));
    return Status();
  }
  if (IsNull(*right)) {
    TQL_ASSIGN_OR_RETURN(right, Convert(std::move(right), left->type));
    return Status();
  }
  const bool text = IsConstant(*left) && left->type.kind == TypeKind::kVarchar;
  if (IsConstant(*right) && !text) return AlignConstant(right, left, equality);
  if (IsConstant(*left)) return AlignConstant(left, right, equality);
  std::optional<Type> common = CommonType(left->type, right->type);
  if (!common && plan::IsTemporal(left->type.kind) && plan::IsTemporal(right->type.kind)) {
    common = Type{TypeKind::kTime};  // a time of day meets the time of day of a moment
  }
  if (!common) return errors::CannotCompare(left->type.kind, right->type.kind);
  TQL_ASSIGN_OR_RETURN(left, Convert(std::move(left), *common));
  TQL_ASSIGN_OR_RETURN(right, Convert(std::move(right), *common));
  return Status();
}

/// `x = NULL` asks whether x is NULL, `x <> NULL` whether it is not.
Binder::ExprResult Binder::MakeComparison(BinaryOp op, ExprPtr left, ExprPtr right) {
  const Type boolean{TypeKind::kBool};
  const bool equality = op == BinaryOp::kEqual || op == BinaryOp::kNotEqual;
  if (equality && (IsNull(*left) || IsNull(*right))) {
    const plan::UnaryOp test =
        op == BinaryOp::kEqual ? plan::UnaryOp::kIsNull : plan::UnaryOp::kIsNotNull;
    return MakeExpr(plan::Unary{test, IsNull(*right) ? std::move(left) : std::move(right)},
                    boolean);
  }
  TQL_RETURN_IF_ERROR(Align(left, right, equality));
  return MakeExpr(plan::Binary{op, std::move(left), std::move(right)}, boolean);
}

/// Integers give a BIGINT, anything with a real in it and every division a DOUBLE. A text is never
/// taken as a number here.
Binder::ExprResult Binder::MakeArithmetic(BinaryOp op, ExprPtr left, ExprPtr right) {
  bool real = op == BinaryOp::kDivide;
  for (const ExprPtr* side : {&left, &right}) {
    const TypeKind kind = (*side)->type.kind;
    if (kind != TypeKind::kNull && !plan::IsNumeric(kind)) {
      return errors::BadOperand(OperatorName(op), kind);
    }
    if (op == BinaryOp::kModulo && plan::IsReal(kind)) {
      return errors::BadOperand(OperatorName(op), kind);
    }
    real = real || plan::IsReal(kind);
  }
  const Type type{real ? TypeKind::kDouble : TypeKind::kBigInt};
  TQL_ASSIGN_OR_RETURN(left, Convert(std::move(left), type));
  TQL_ASSIGN_OR_RETURN(right, Convert(std::move(right), type));
  return MakeExpr(plan::Binary{op, std::move(left), std::move(right)}, type);
}

Binder::ExprResult Binder::Assign(ExprPtr expr, const plan::ColumnDef& column) {
  const TypeKind from = expr->type.kind;
  if (!IsConstant(*expr) && !Assignable(from, column.type.kind)) {
    return errors::CannotConvertType(from, column.type.kind);
  }
  return Convert(std::move(expr), column.type, column.parsing_hint);
}

Status Binder::Unify(const std::vector<ExprPtr*>& values) {
  Type type;
  // Text constants last: they take the type of the others.
  for (const bool texts : {false, true}) {
    for (const ExprPtr* value : values) {
      const Type& next = (*value)->type;
      if ((IsConstant(**value) && next.kind == TypeKind::kVarchar) != texts) continue;
      std::optional<Type> common = CommonType(type, next);
      if (!common && texts) common = type;
      if (!common) return errors::CannotCombine(type.kind, next.kind);
      type = *common;
    }
  }
  for (ExprPtr* value : values) {
    TQL_ASSIGN_OR_RETURN(*value, Convert(std::move(*value), type));
  }
  return Status();
}

Status Binder::ConvertColumn(plan::Query& query, std::size_t column, Type to) {
  query.columns[column].type = to;
  if (auto* select = std::get_if<plan::Select>(&query.body)) {
    ExprPtr& expr = select->items[column].expr;
    TQL_ASSIGN_OR_RETURN(expr, Convert(std::move(expr), to));
  } else if (auto* set = std::get_if<plan::SetOperation>(&query.body)) {
    TQL_RETURN_IF_ERROR(ConvertColumn(*set->left, column, to));
    TQL_RETURN_IF_ERROR(ConvertColumn(*set->right, column, to));
  }
  return Status();
}

Status Binder::AssignColumn(plan::Query& query, std::size_t index, const plan::ColumnDef& column) {
  query.columns[index].type = column.type;
  if (auto* select = std::get_if<plan::Select>(&query.body)) {
    ExprPtr& expr = select->items[index].expr;
    TQL_ASSIGN_OR_RETURN(expr, Assign(std::move(expr), column));
  } else if (auto* set = std::get_if<plan::SetOperation>(&query.body)) {
    TQL_RETURN_IF_ERROR(AssignColumn(*set->left, index, column));
    TQL_RETURN_IF_ERROR(AssignColumn(*set->right, index, column));
  }
  return Status();
}

}  // namespace tql::engine
