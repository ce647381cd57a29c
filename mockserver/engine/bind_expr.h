// Binding of expressions. Internal to the binder.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BIND_EXPR_H_
#define TQLKIT_MOCKSERVER_ENGINE_BIND_EXPR_H_

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/bind_state.h"
#include "mockserver/plan/plan.h"

namespace tql::engine {

// bind_expr.cc
ExprResult BindExpr(BindState& state, const dialect::Expr& expr, Clause& clause);
/// The same for an operand of a comparison; a literal may vary if the state permits it.
ExprResult BindCompared(BindState& state, const dialect::Expr& expr, Clause& clause);
/// The expression as a condition: a boolean, or a constant that can be converted to one.
ExprResult BindCondition(BindState& state, const dialect::Expr& expr, Clause& clause);

// bind_function.cc
ExprResult BindFunction(BindState& state, const dialect::FunctionCall& node, Clause& clause);

// bind_comparison.cc. The operands that are passed as ExprPtr are bound already.
ExprResult MakeComparison(BindState& state, plan::BinaryOp op, plan::ExprPtr left,
                          plan::ExprPtr right);
ExprResult BindInList(BindState& state, const dialect::InExpr& node, plan::ExprPtr value,
                      Clause& clause);
ExprResult BindBetween(BindState& state, const dialect::BetweenExpr& node, Clause& clause);
/// `all` has the operand, the WHENs and the values, which have one type.
ExprResult MakeOperandCase(BindState& state, const dialect::CaseExpr& node, plan::Case all,
                           Clause& clause);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BIND_EXPR_H_
