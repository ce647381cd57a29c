#include "mockserver/storage/sqlite/sql_operators.h"

#include <variant>

#include "mockserver/values/type.h"

namespace tql::storage::sqlite {

using plan::BinaryOp;

std::string_view TextOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return " + ";
    case BinaryOp::kSubtract:
      return " - ";
    case BinaryOp::kMultiply:
      return " * ";
    case BinaryOp::kDivide:
      return " / ";
    case BinaryOp::kModulo:
      return " % ";
    case BinaryOp::kConcat:
      return " || ";
    case BinaryOp::kEqual:
      return " = ";
    case BinaryOp::kNotEqual:
      return " <> ";
    case BinaryOp::kLess:
      return " < ";
    case BinaryOp::kLessEqual:
      return " <= ";
    case BinaryOp::kGreater:
      return " > ";
    case BinaryOp::kGreaterEqual:
      break;
  }
  return " >= ";
}

Level LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
      return Level::kSum;
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
      return Level::kProduct;
    case BinaryOp::kConcat:
      return Level::kConcat;
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
      return Level::kEquality;
    case BinaryOp::kLess:
    case BinaryOp::kLessEqual:
    case BinaryOp::kGreater:
    case BinaryOp::kGreaterEqual:
      break;
  }
  return Level::kComparison;
}

Level LevelOf(const plan::Expr& expr) {
  if (const auto* binary = std::get_if<plan::Binary>(&expr.node)) {
    return IsRealModulo(*binary) ? Level::kPrimary : LevelOf(binary->op);
  }
  if (const auto* unary = std::get_if<plan::Unary>(&expr.node)) {
    if (unary->op == plan::UnaryOp::kNot) return Level::kNot;
    if (IsRealNegation(*unary)) return Level::kProduct;
    return unary->op == plan::UnaryOp::kNegate ? Level::kUnary : Level::kEquality;
  }
  if (const auto* logical = std::get_if<plan::Logical>(&expr.node)) {
    if (logical->operands.size() == 1) return LevelOf(*logical->operands[0]);
    if (logical->operands.size() > kMaxPlanned) return Level::kUnary;
    return logical->operands.empty() ? Level::kPrimary
           : logical->conjunction    ? Level::kAnd
                                     : Level::kOr;
  }
  if (const auto* like = std::get_if<plan::Like>(&expr.node)) {
    return like->negated ? Level::kNot : Level::kPrimary;
  }
  if (std::holds_alternative<plan::Between>(expr.node) ||
      std::holds_alternative<plan::InList>(expr.node) ||
      std::holds_alternative<plan::InQuery>(expr.node)) {
    return Level::kEquality;
  }
  return Level::kPrimary;
}

bool IsRealNegation(const plan::Unary& unary) {
  return unary.op == plan::UnaryOp::kNegate && values::IsReal(unary.operand->type.kind);
}

bool IsRealModulo(const plan::Binary& binary) {
  return binary.op == BinaryOp::kModulo && values::IsReal(binary.left->type.kind);
}

}  // namespace tql::storage::sqlite
