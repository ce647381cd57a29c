#include "mockserver/storage/sqlite/integer_overflow.h"

#include <algorithm>
#include <bit>
#include <variant>

#include "mockserver/storage/sqlite/print_context.h"
#include "mockserver/storage/sqlite/sql_operators.h"
#include "mockserver/values/type.h"

namespace tql::storage::sqlite {
namespace {

using plan::BinaryOp;
using values::TypeKind;

/// Returns an upper bound of the bits of the absolute value of an integer expression.
int MaxBitsOf(const plan::Expr& expr, const Relations& relations, int depth) {
  constexpr int kUnknown = 64;
  if (depth > kDeepest) return kUnknown;
  const auto bits_of = [&](const plan::Expr& part) {
    return MaxBitsOf(part, relations, depth + 1);
  };
  if (const auto* literal = std::get_if<plan::Literal>(&expr.node)) {
    const auto* integer = std::get_if<std::int64_t>(&literal->value);
    return integer ? BitsOf(*integer) : 0;
  }
  if (const auto* binary = std::get_if<plan::Binary>(&expr.node)) {
    if (LevelOf(binary->op) <= Level::kComparison) return 1;
    const int left = bits_of(*binary->left);
    const int right = bits_of(*binary->right);
    if (binary->op == BinaryOp::kMultiply) return left + right;
    if (binary->op == BinaryOp::kDivide) return left;
    if (binary->op == BinaryOp::kModulo) return std::min(left, 63);
    return std::max(left, right) + 1;
  }
  if (const auto* unary = std::get_if<plan::Unary>(&expr.node)) {
    return unary->op == plan::UnaryOp::kNegate ? bits_of(*unary->operand) : 1;
  }
  if (const auto* widen = std::get_if<plan::Widen>(&expr.node)) return bits_of(*widen->operand);
  const bool is_int = expr.type.kind == TypeKind::kInt;
  if (std::holds_alternative<plan::Cast>(expr.node)) return is_int ? 32 : kUnknown;
  // The columns of derived tables are computed in 64 bits.
  const auto* column = std::get_if<plan::ColumnRef>(&expr.node);
  if (is_int && column && relations.FindTable(column->relation) != nullptr) return 32;
  return expr.type.kind == TypeKind::kBool ? 1 : kUnknown;
}

}  // namespace

bool MayOverflow(const plan::Expr& expr, const Relations& relations) {
  if (values::IsReal(expr.type.kind)) return false;
  const auto* binary = std::get_if<plan::Binary>(&expr.node);
  const auto* unary = std::get_if<plan::Unary>(&expr.node);
  const bool arithmetic =
      (binary && CarriesOverflow(binary->op)) || (unary && unary->op == plan::UnaryOp::kNegate);
  // A result of at most 62 bits cannot overflow.
  return arithmetic && MaxBitsOf(expr, relations, 0) > 62;
}

bool CarriesOverflow(BinaryOp op) {
  return op == BinaryOp::kAdd || op == BinaryOp::kSubtract || op == BinaryOp::kMultiply ||
         op == BinaryOp::kDivide;
}

int BitsOf(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return std::bit_width(value < 0 ? 0 - bits : bits);
}

}  // namespace tql::storage::sqlite
