// Comparisons: =, <, IN, BETWEEN and CASE with an operand. The type of a comparison is determined
// for each pair of values separately.
#include <algorithm>
#include <cmath>
#include <optional>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/values/number_text.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using plan::BinaryOp;
using plan::ExprPtr;
using values::Type;
using values::TypeKind;

constexpr Type kBoolean{TypeKind::kBool};

/// An operand is bound once for each type of comparison, which multiplies in nested comparisons.
constexpr int kMaxCopyDepth = 2;
/// The most changes of type along the WHENs of a CASE, each of which nests the plan one level
/// deeper.
constexpr std::size_t kMaxCaseParts = 16;

bool IsNull(const plan::Expr& expr) {
  const auto* literal = std::get_if<plan::Literal>(&expr.node);
  return literal != nullptr && std::holds_alternative<std::monostate>(literal->value);
}

/// The value of a constant of a real type.
std::optional<double> RealOf(const plan::Expr& constant) {
  const auto* literal = std::get_if<plan::Literal>(&constant.node);
  const auto* real = literal != nullptr ? std::get_if<double>(&literal->value) : nullptr;
  return real != nullptr ? std::optional(*real) : std::nullopt;
}

/// The comparison depends on the value of the constant: another one needs another plan.
void KeepValue(plan::Expr& constant) {
  if (auto* literal = std::get_if<plan::Literal>(&constant.node)) literal->varies_at.reset();
}

/// Whether a real is a whole number small enough for all integers around it to be distinct doubles.
/// Integers need not be converted to doubles to be compared with it.
bool IsExactInteger(double real) { return std::trunc(real) == real && std::fabs(real) < 0x1p53; }

/// Whether the constant `item` equals no integer, so that `value` never equals it, e.g. 1.5.
bool NeverEqual(const plan::Expr& value, const plan::Expr& item) {
  const std::optional<double> real = RealOf(item);
  return real && std::trunc(*real) != *real && values::IsInteger(value.type.kind) &&
         !IsConstant(value);
}

/// The type at which a constant is compared with a value of type `to`: the type of the value unless
/// the constant would lose precision. An integer and 2.5 are compared as doubles, as are a float
/// and any number; a date and a number (seconds) as datetimes. A text compared with a date is read
/// as a date, as in PostgreSQL, and its time of day is dropped. A number is compared with a text as
/// text, but only for equality.
StatusOr<Type> TypeBesideConstant(const plan::Expr& constant, TypeKind to, bool equality) {
  const TypeKind from = constant.type.kind;
  if (from == TypeKind::kVarchar && values::IsInteger(to)) {
    const auto& text = std::get<std::string>(std::get<plan::Literal>(constant.node).value);
    return Type{values::ParseInteger(text) ? TypeKind::kBigInt : TypeKind::kDouble};
  }
  if (to == TypeKind::kDate && from != TypeKind::kVarchar) return Type{TypeKind::kDateTime};
  if (values::IsInteger(to) && values::IsNumeric(from)) {
    const std::optional<double> real = RealOf(constant);
    return Type{real && !IsExactInteger(*real) ? TypeKind::kDouble : TypeKind::kBigInt};
  }
  if (to == TypeKind::kFloat && values::IsNumeric(from)) return Type{TypeKind::kDouble};
  if (to == TypeKind::kVarchar && (!equality || !values::IsNumeric(from))) {
    return errors::CannotCompare(to, from);
  }
  return Type{to};
}

/// The type at which two values are compared.
StatusOr<Type> ComparisonType(const plan::Expr& left, const plan::Expr& right, bool equality) {
  const TypeKind a = left.type.kind;
  const TypeKind b = right.type.kind;
  if (a == b || IsNull(right)) return Type{a};
  if (IsNull(left)) return Type{b};
  const bool text = IsConstant(left) && a == TypeKind::kVarchar;
  if (IsConstant(right) && !text) return TypeBesideConstant(right, a, equality);
  if (IsConstant(left)) return TypeBesideConstant(left, b, equality);
  if (const std::optional<Type> common = CommonType({a}, {b})) return *common;
  // A time is compared with the time of day of a date or datetime.
  if (values::IsTemporal(a) && values::IsTemporal(b)) return Type{TypeKind::kTime};
  return errors::CannotCompare(a, b);
}

/// The widest type that keeps the values of `type`.
Type Widest(const Type& type) {
  switch (type.kind) {
    case TypeKind::kInt:
      return {TypeKind::kBigInt};
    case TypeKind::kFloat:
      return {TypeKind::kDouble};
    case TypeKind::kDate:
      return {TypeKind::kDateTime};
    default:
      return {type.kind};
  }
}

/// The type at which `value` can be compared with values of both types; nullopt if its converted
/// values would differ. A constant is converted for each type separately.
std::optional<Type> OneType(const plan::Expr& value, const Type& a, const Type& b) {
  if (a.kind == b.kind) return a;
  if (IsConstant(value) || Widest(a).kind != Widest(b).kind) return std::nullopt;
  return Widest(a);
}

/// The parsing hint of the column that `expr` is; empty for other expressions.
std::string_view HintOf(const BindState& state, const plan::Expr& expr) {
  const auto* ref = std::get_if<plan::ColumnRef>(&Unwidened(expr).node);
  if (ref == nullptr) return {};
  const plan::TablePtr& table = state.tables[static_cast<std::size_t>(ref->relation)];
  if (table == nullptr) return {};
  return table->columns[static_cast<std::size_t>(ref->column)].parsing_hint;
}

/// Describes the error by what the constant is compared with, as the comparison's type may be
/// wider.
Status UnreadableConstant(const BindState& state, const plan::Expr& constant,
                          const plan::Expr& beside, const Status& reason) {
  const plan::Expr* const written = &AsWritten(beside);
  std::string scratch;
  Status own =
      ConvertConstant(ConstantOf(constant), written->type.kind, HintOf(state, *written), scratch)
          .status();
  if (own.ok()) own = reason;
  if (const auto* ref = std::get_if<plan::ColumnRef>(&written->node)) {
    const plan::TablePtr& table = state.tables[static_cast<std::size_t>(ref->relation)];
    own = errors::OfColumn(
        table ? table->columns[static_cast<std::size_t>(ref->column)].name : written->source.text,
        own);
  } else if (!written->source.text.empty()) {
    own = errors::OfExpression(written->source.text, own);
  }
  return state.At(own, constant.source);
}

/// Converts an operand to the type of the comparison. `hint` is the parsing hint of the column that
/// a constant is compared with. `beside` is the value that it is compared with; an error refers to
/// it.
ExprResult ConvertCompared(const BindState& state, ExprPtr expr, const Type& to,
                           std::string_view hint, const plan::Expr* beside) {
  if (expr->type.kind == to.kind) return expr;
  if (!IsConstant(*expr)) return ConvertExpr(std::move(expr), to);
  if (beside != nullptr) {
    std::string scratch;
    const Status read = ConvertConstant(ConstantOf(*expr), to.kind, hint, scratch).status();
    if (!read.ok()) return UnreadableConstant(state, *expr, *beside, read);
  }
  return ConvertExpr(std::move(expr), to, hint);
}

/// The second operand of a comparison, converted to the type of the comparison.
struct Compared {
  ExprPtr other;
  Type type;
  std::string_view hint;  // The hint for reading the first operand if it is a constant.
};

StatusOr<Compared> CompareWith(const BindState& state, const plan::Expr& value, ExprPtr other,
                               bool equality) {
  if (RealOf(*other) && values::IsInteger(value.type.kind)) KeepValue(*other);
  TQL_ASSIGN_OR_RETURN(const Type type, ComparisonType(value, *other, equality));
  Compared compared{nullptr, type, HintOf(state, *other)};
  TQL_ASSIGN_OR_RETURN(
      compared.other, ConvertCompared(state, std::move(other), type, HintOf(state, value), &value));
  return compared;
}

/// Binds an operand again, for a comparison at another type.
ExprResult BindCopy(BindState& state, const dialect::Expr& expr, Clause& clause) {
  if (state.copy_depth == kMaxCopyDepth) return state.At(errors::MixedTypesTooDeep(), expr.range);
  ++state.copy_depth;
  ExprResult copy = BindExpr(state, expr, clause);
  --state.copy_depth;
  return copy;
}

}  // namespace

/// `x = NULL` is bound as x IS NULL, `x <> NULL` as x IS NOT NULL.
ExprResult MakeComparison(BindState& state, BinaryOp op, ExprPtr left, ExprPtr right) {
  const bool equality = op == BinaryOp::kEqual || op == BinaryOp::kNotEqual;
  if (equality && (IsNull(*left) || IsNull(*right))) {
    const plan::UnaryOp test =
        op == BinaryOp::kEqual ? plan::UnaryOp::kIsNull : plan::UnaryOp::kIsNotNull;
    return MakeExpr(plan::Unary{test, IsNull(*right) ? std::move(left) : std::move(right)},
                    kBoolean);
  }
  if (RealOf(*left) && values::IsInteger(right->type.kind)) KeepValue(*left);
  TQL_ASSIGN_OR_RETURN(Compared with, CompareWith(state, *left, std::move(right), equality));
  TQL_ASSIGN_OR_RETURN(
      left, ConvertCompared(state, std::move(left), with.type, with.hint, with.other.get()));
  return MakeExpr(plan::Binary{op, std::move(left), std::move(with.other)}, kBoolean);
}

/// Splits the list by type of comparison; usually there is one.
ExprResult BindInList(BindState& state, const dialect::InExpr& node, ExprPtr value,
                      Clause& clause) {
  struct List {
    Type type;
    std::string_view hint;
    std::vector<ExprPtr> items;
  };
  std::vector<List> lists;
  for (const dialect::Expr& item : node.list) {
    TQL_ASSIGN_OR_RETURN(ExprPtr bound, BindCompared(state, item, clause));
    // Drop items that never match, but keep at least one.
    const bool needed = lists.empty() && &item == &node.list.back();
    if (!needed && NeverEqual(*value, *bound)) continue;
    StatusOr<Compared> with = CompareWith(state, *value, std::move(bound), /*equality=*/true);
    if (!with.ok()) return state.At(with.status(), item.range);
    const auto list = std::ranges::find_if(
        lists, [&](const List& l) { return OneType(*value, l.type, with->type).has_value(); });
    if (list == lists.end()) {
      lists.push_back({with->type, with->hint, {}});
      lists.back().items.push_back(std::move(with->other));
    } else {
      list->type = *OneType(*value, list->type, with->type);
      list->items.push_back(std::move(with->other));
    }
  }
  plan::Logical any{node.negated, {}};
  for (List& list : lists) {
    for (ExprPtr& item : list.items) {
      TQL_ASSIGN_OR_RETURN(item, ConvertCompared(state, std::move(item), list.type, {}, nullptr));
    }
    if (value == nullptr) {
      TQL_ASSIGN_OR_RETURN(value, BindCopy(state, *node.operand, clause));
    }
    TQL_ASSIGN_OR_RETURN(value, ConvertCompared(state, std::move(value), list.type, list.hint,
                                                list.items.front().get()));
    any.operands.push_back(
        MakeExpr(plan::InList{std::move(value), std::move(list.items), node.negated}, kBoolean));
  }
  if (any.operands.size() == 1) return std::move(any.operands.front());
  return MakeExpr(std::move(any), kBoolean);
}

ExprResult BindBetween(BindState& state, const dialect::BetweenExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(ExprPtr value, BindExpr(state, *node.operand, clause));
  TQL_ASSIGN_OR_RETURN(ExprPtr low, BindCompared(state, *node.low, clause));
  TQL_ASSIGN_OR_RETURN(ExprPtr high, BindCompared(state, *node.high, clause));
  TQL_ASSIGN_OR_RETURN(Compared from,
                       CompareWith(state, *value, std::move(low), /*equality=*/false));
  TQL_ASSIGN_OR_RETURN(Compared to,
                       CompareWith(state, *value, std::move(high), /*equality=*/false));
  if (const std::optional<Type> type = OneType(*value, from.type, to.type)) {
    TQL_ASSIGN_OR_RETURN(
        value, ConvertCompared(state, std::move(value), *type, from.hint, from.other.get()));
    TQL_ASSIGN_OR_RETURN(low, ConvertCompared(state, std::move(from.other), *type, {}, nullptr));
    TQL_ASSIGN_OR_RETURN(high, ConvertCompared(state, std::move(to.other), *type, {}, nullptr));
    return MakeExpr(plan::Between{std::move(value), std::move(low), std::move(high), node.negated},
                    kBoolean);
  }
  TQL_ASSIGN_OR_RETURN(ExprPtr copy, BindCopy(state, *node.operand, clause));
  TQL_ASSIGN_OR_RETURN(
      value, ConvertCompared(state, std::move(value), from.type, from.hint, from.other.get()));
  TQL_ASSIGN_OR_RETURN(copy,
                       ConvertCompared(state, std::move(copy), to.type, to.hint, to.other.get()));
  plan::Logical both{!node.negated, {}};
  both.operands.push_back(
      MakeExpr(plan::Binary{node.negated ? BinaryOp::kLess : BinaryOp::kGreaterEqual,
                            std::move(value), std::move(from.other)},
               kBoolean));
  both.operands.push_back(
      MakeExpr(plan::Binary{node.negated ? BinaryOp::kGreater : BinaryOp::kLessEqual,
                            std::move(copy), std::move(to.other)},
               kBoolean));
  return MakeExpr(std::move(both), kBoolean);
}

/// Splits the arms into runs whose WHENs have one type; each run is the ELSE of the previous one.
ExprResult MakeOperandCase(BindState& state, const dialect::CaseExpr& node, plan::Case all,
                           Clause& clause) {
  struct Part {
    Type type;
    std::string_view hint;
    plan::Case choice;
  };
  const Type result = all.arms.front().then->type;
  std::vector<Part> parts;
  for (plan::Case::Arm& arm : all.arms) {
    if ((!parts.empty() || &arm != &all.arms.back()) && NeverEqual(*all.operand, *arm.when)) {
      continue;
    }
    TQL_ASSIGN_OR_RETURN(Compared with,
                         CompareWith(state, *all.operand, std::move(arm.when), /*equality=*/true));
    const std::optional<Type> type =
        parts.empty() ? std::nullopt : OneType(*all.operand, parts.back().type, with.type);
    if (!type) {
      if (parts.size() == kMaxCaseParts) return errors::MixedTypesTooDeep();
      parts.push_back({with.type, with.hint, {}});
    } else {
      parts.back().type = *type;
    }
    parts.back().choice.arms.push_back({std::move(with.other), std::move(arm.then)});
  }
  ExprPtr otherwise = std::move(all.otherwise);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    ExprPtr operand = std::move(all.operand);
    if (part + 1 != parts.rend()) {
      TQL_ASSIGN_OR_RETURN(all.operand, BindCopy(state, *node.operand, clause));
    }
    plan::Case& choice = part->choice;
    TQL_ASSIGN_OR_RETURN(choice.operand,
                         ConvertCompared(state, std::move(operand), part->type, part->hint,
                                         choice.arms.front().when.get()));
    for (plan::Case::Arm& arm : choice.arms) {
      TQL_ASSIGN_OR_RETURN(arm.when,
                           ConvertCompared(state, std::move(arm.when), part->type, {}, nullptr));
    }
    choice.otherwise = std::move(otherwise);
    otherwise = MakeExpr(std::move(choice), result);
  }
  return otherwise;
}

}  // namespace tql::engine
