#include "mockserver/engine/bind_expr.h"

#include "mockserver/engine/bind_query.h"
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using plan::ExprPtr;
using values::Type;
using values::TypeKind;

constexpr Type kBoolean{TypeKind::kBool};

/// The longest chain of + - * / % ||. Each operator nests the plan one level deeper.
constexpr std::size_t kMaxChain = 400;

plan::BinaryOp PlanOp(dialect::BinaryOp op) {
  using dialect::BinaryOp;
  switch (op) {
    case BinaryOp::kNotEqual:
      return plan::BinaryOp::kNotEqual;
    case BinaryOp::kLess:
      return plan::BinaryOp::kLess;
    case BinaryOp::kLessEqual:
      return plan::BinaryOp::kLessEqual;
    case BinaryOp::kGreater:
      return plan::BinaryOp::kGreater;
    case BinaryOp::kGreaterEqual:
      return plan::BinaryOp::kGreaterEqual;
    case BinaryOp::kAdd:
      return plan::BinaryOp::kAdd;
    case BinaryOp::kSubtract:
      return plan::BinaryOp::kSubtract;
    case BinaryOp::kConcat:
      return plan::BinaryOp::kConcat;
    case BinaryOp::kMultiply:
      return plan::BinaryOp::kMultiply;
    case BinaryOp::kDivide:
      return plan::BinaryOp::kDivide;
    case BinaryOp::kModulo:
      return plan::BinaryOp::kModulo;
    default:
      return plan::BinaryOp::kEqual;
  }
}

ExprResult BindText(BindState& state, const dialect::Expr& expr, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(ExprPtr bound, BindExpr(state, expr, clause));
  if (bound->type.kind == TypeKind::kVarchar) return bound;
  return ConvertExpr(std::move(bound), {TypeKind::kVarchar});
}

ExprResult BindNode(BindState&, const dialect::Literal& node, Clause&) {
  TQL_ASSIGN_OR_RETURN(const Constant constant, ReadLiteral(node.kind, node.text));
  return MakeExpr(LiteralOf(constant.value), {constant.type});
}

ExprResult BindNode(BindState& state, const dialect::ColumnRef& node, Clause& clause) {
  StatusOr<Scope::Column> found = clause.scope->Resolve(node.name);
  if (!found.ok()) {
    if (clause.aliases == nullptr || node.name.parts.size() != 1 ||
        found.status().code() != StatusCode::kNotFound) {
      return found.status();
    }
    // An alias may be used where there is no such column; in it, aliases are not resolved again.
    for (const bool exact : {true, false}) {
      for (const dialect::SelectItem& item : *clause.aliases) {
        if (!item.alias || !item.expr) continue;
        const std::string& alias = item.alias->text;
        const std::string& name = node.name.last().text;
        if (exact ? alias != name : !base::EqualsIgnoreCase(alias, name)) continue;
        const auto* aliases = std::exchange(clause.aliases, nullptr);
        ExprResult bound = BindExpr(state, *item.expr, clause);
        clause.aliases = aliases;
        return bound;
      }
    }
    return found.status();
  }
  const auto column = static_cast<std::size_t>(found->column);
  return MakeExpr(plan::ColumnRef{found->relation->id(), found->column},
                  found->relation->column_type(column));
}

ExprResult BindNode(BindState& state, const dialect::UnaryExpr& node, Clause& clause) {
  if (node.op == dialect::UnaryOp::kNot) {
    TQL_ASSIGN_OR_RETURN(ExprPtr operand, BindCondition(state, *node.operand, clause));
    return MakeExpr(plan::Unary{plan::UnaryOp::kNot, std::move(operand)}, kBoolean);
  }
  TQL_ASSIGN_OR_RETURN(ExprPtr operand, BindExpr(state, *node.operand, clause));
  const TypeKind kind = operand->type.kind;
  if (kind != TypeKind::kNull && !values::IsNumeric(kind)) return errors::BadOperand("-", kind);
  const Type type{values::IsReal(kind) ? TypeKind::kDouble : TypeKind::kBigInt};
  TQL_ASSIGN_OR_RETURN(operand, ConvertExpr(std::move(operand), type));
  return MakeExpr(plan::Unary{plan::UnaryOp::kNegate, std::move(operand)}, type);
}

ExprResult BindLogical(BindState& state, const dialect::OperatorExpr& node, bool conjunction,
                       Clause& clause) {
  plan::Logical logical{conjunction, {}};
  logical.operands.reserve(node.operands.size());
  for (const dialect::Expr& operand : node.operands) {
    TQL_ASSIGN_OR_RETURN(ExprPtr bound, BindCondition(state, operand, clause));
    logical.operands.push_back(std::move(bound));
  }
  return MakeExpr(std::move(logical), kBoolean);
}

ExprResult BindArithmetic(BindState& state, const dialect::OperatorExpr& node, Clause& clause) {
  if (node.operands.size() > kMaxChain) return errors::TooManyOperands(kMaxChain);
  TQL_ASSIGN_OR_RETURN(ExprPtr result, BindExpr(state, node.operands[0], clause));
  for (std::size_t i = 0; i < node.ops.size(); ++i) {
    TQL_ASSIGN_OR_RETURN(ExprPtr right, BindExpr(state, node.operands[i + 1], clause));
    const plan::BinaryOp op = PlanOp(node.ops[i]);
    if (op == plan::BinaryOp::kConcat) {
      const Type text{TypeKind::kVarchar};
      if (result->type.kind != text.kind) {
        TQL_ASSIGN_OR_RETURN(result, ConvertExpr(std::move(result), text));
      }
      if (right->type.kind != text.kind) {
        TQL_ASSIGN_OR_RETURN(right, ConvertExpr(std::move(right), text));
      }
      result = MakeExpr(plan::Binary{op, std::move(result), std::move(right)}, text);
    } else {
      TQL_ASSIGN_OR_RETURN(result, MakeArithmetic(op, std::move(result), std::move(right)));
    }
  }
  return result;
}

ExprResult BindNode(BindState& state, const dialect::OperatorExpr& node, Clause& clause) {
  switch (node.ops.front()) {
    case dialect::BinaryOp::kOr:
    case dialect::BinaryOp::kAnd:
      return BindLogical(state, node, node.ops.front() == dialect::BinaryOp::kAnd, clause);
    case dialect::BinaryOp::kEqual:
    case dialect::BinaryOp::kNotEqual:
    case dialect::BinaryOp::kLess:
    case dialect::BinaryOp::kLessEqual:
    case dialect::BinaryOp::kGreater:
    case dialect::BinaryOp::kGreaterEqual: {
      TQL_ASSIGN_OR_RETURN(ExprPtr left, BindCompared(state, node.operands[0], clause));
      TQL_ASSIGN_OR_RETURN(ExprPtr right, BindCompared(state, node.operands[1], clause));
      return MakeComparison(state, PlanOp(node.ops.front()), std::move(left), std::move(right));
    }
    default:
      return BindArithmetic(state, node, clause);
  }
}

ExprResult BindNode(BindState& state, const dialect::CastExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(const Type type, ToPlanType(node.type));
  TQL_ASSIGN_OR_RETURN(ExprPtr operand, BindExpr(state, *node.operand, clause));
  const TypeKind from = operand->type.kind;
  // A constant number may be converted to a date: seconds since 1970.
  if (!std::holds_alternative<plan::Literal>(operand->node) && !Assignable(from, type.kind)) {
    return errors::CannotConvertType(from, type.kind);
  }
  return ConvertExpr(std::move(operand), type);
}

ExprResult BindNode(BindState& state, const dialect::CaseExpr& node, Clause& clause) {
  plan::Case bound;
  if (node.operand) {
    TQL_ASSIGN_OR_RETURN(bound.operand, BindExpr(state, *node.operand, clause));
  }
  std::vector<ExprPtr*> values;
  bound.arms.resize(node.conditions.size());
  for (std::size_t i = 0; i < node.conditions.size(); ++i) {
    plan::Case::Arm& arm = bound.arms[i];
    if (node.operand) {
      TQL_ASSIGN_OR_RETURN(arm.when, BindExpr(state, node.conditions[i], clause));
    } else {
      TQL_ASSIGN_OR_RETURN(arm.when, BindCondition(state, node.conditions[i], clause));
    }
    TQL_ASSIGN_OR_RETURN(arm.then, BindExpr(state, node.values[i], clause));
    values.push_back(&arm.then);
  }
  if (node.otherwise) {
    TQL_ASSIGN_OR_RETURN(bound.otherwise, BindExpr(state, *node.otherwise, clause));
    values.push_back(&bound.otherwise);
  }
  TQL_RETURN_IF_ERROR(Unify(state, values));
  if (node.operand) return MakeOperandCase(state, node, std::move(bound), clause);
  const Type type = bound.arms.front().then->type;
  return MakeExpr(std::move(bound), type);
}

StatusOr<plan::QueryPtr> BindValueQuery(BindState& state, const dialect::Query& query,
                                        Clause& clause) {
  TQL_ASSIGN_OR_RETURN(plan::Query bound, BindSubquery(state, query, clause.scope));
  if (bound.columns.size() != 1) return state.At(errors::SubqueryColumns(), query.range);
  return std::make_unique<plan::Query>(std::move(bound));
}

ExprResult BindNode(BindState& state, const dialect::InExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(ExprPtr value, BindExpr(state, *node.operand, clause));
  if (node.query) {
    TQL_ASSIGN_OR_RETURN(plan::QueryPtr query, BindValueQuery(state, *node.query, clause));
    ExprPtr column = MakeExpr(plan::ColumnRef{}, query->columns[0].type);
    if (value->type.kind != column->type.kind) {
      const std::optional<Type> common = CommonType(value->type, column->type);
      const Type type = common.value_or(column->type);
      if (!common && !std::holds_alternative<plan::Literal>(value->node)) {
        return errors::CannotCompare(value->type.kind, column->type.kind);
      }
      TQL_ASSIGN_OR_RETURN(value, ConvertExpr(std::move(value), type));
      TQL_RETURN_IF_ERROR(ConvertColumns(state, *query, {type}));
    }
    return MakeExpr(plan::InQuery{std::move(value), std::move(query), node.negated}, kBoolean);
  }
  return BindInList(state, node, std::move(value), clause);
}

ExprResult BindNode(BindState& state, const dialect::FunctionCall& node, Clause& clause) {
  return BindFunction(state, node, clause);
}

ExprResult BindNode(BindState& state, const dialect::BetweenExpr& node, Clause& clause) {
  return BindBetween(state, node, clause);
}

ExprResult BindNode(BindState& state, const dialect::LikeExpr& node, Clause& clause) {
  plan::Like like{nullptr, nullptr, nullptr, node.negated};
  TQL_ASSIGN_OR_RETURN(like.value, BindText(state, *node.operand, clause));
  TQL_ASSIGN_OR_RETURN(like.pattern, BindText(state, *node.pattern, clause));
  if (node.escape) {
    TQL_ASSIGN_OR_RETURN(like.escape, BindText(state, *node.escape, clause));
  }
  return MakeExpr(std::move(like), kBoolean);
}

ExprResult BindNode(BindState& state, const dialect::IsNullExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(ExprPtr operand, BindExpr(state, *node.operand, clause));
  const plan::UnaryOp op = node.negated ? plan::UnaryOp::kIsNotNull : plan::UnaryOp::kIsNull;
  return MakeExpr(plan::Unary{op, std::move(operand)}, kBoolean);
}

ExprResult BindNode(BindState& state, const dialect::ExistsExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(plan::Query query, BindSubquery(state, *node.query, clause.scope));
  return MakeExpr(plan::Exists{std::make_unique<plan::Query>(std::move(query))}, kBoolean);
}

ExprResult BindNode(BindState& state, const dialect::SubqueryExpr& node, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(plan::QueryPtr query, BindValueQuery(state, *node.query, clause));
  const Type type = query->columns[0].type;
  return MakeExpr(plan::ScalarQuery{std::move(query)}, type);
}

ExprResult AsCondition(ExprPtr expr) {
  if (expr->type.kind == TypeKind::kBool) return expr;
  if (IsConstant(*expr)) return ConvertExpr(std::move(expr), {TypeKind::kBool});
  return errors::NotACondition(expr->type.kind);
}

}  // namespace

ExprResult BindExpr(BindState& state, const dialect::Expr& expr, Clause& clause) {
  ExprResult bound =
      std::visit([&](const auto& node) { return BindNode(state, node, clause); }, expr.node);
  if (!bound.ok()) return state.At(bound.status(), expr.range);
  if ((*bound)->source.text.empty()) (*bound)->source = state.SourceAt(expr.range);
  return bound;
}

ExprResult BindCompared(BindState& state, const dialect::Expr& expr, Clause& clause) {
  ExprResult bound = BindExpr(state, expr, clause);
  if (bound.ok() && state.literals_vary && expr.as<dialect::Literal>() != nullptr) {
    auto* literal = std::get_if<plan::Literal>(&(*bound)->node);
    if (literal != nullptr) literal->varies_at = expr.range.begin;
  }
  return bound;
}

ExprResult BindCondition(BindState& state, const dialect::Expr& expr, Clause& clause) {
  TQL_ASSIGN_OR_RETURN(ExprPtr bound, BindExpr(state, expr, clause));
  ExprResult condition = AsCondition(std::move(bound));
  if (!condition.ok()) return state.At(condition.status(), expr.range);
  return condition;
}

}  // namespace tql::engine
