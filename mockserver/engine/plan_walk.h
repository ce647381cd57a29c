// Traversal of bound expressions.
#ifndef TQLKIT_MOCKSERVER_ENGINE_PLAN_WALK_H_
#define TQLKIT_MOCKSERVER_ENGINE_PLAN_WALK_H_

#include <functional>

#include "mockserver/plan/plan.h"

namespace tql::engine {

using ExprVisitor = std::function<void(plan::ExprPtr&)>;

/// Calls `visit` with all direct children of the expression, including those in sub-queries.
void VisitChildren(plan::Expr& expr, const ExprVisitor& visit);
/// Calls `visit` with all top-level expressions of the query, its FROM and its parts.
void VisitExpressions(plan::Query& query, const ExprVisitor& visit);

/// Whether both compute the same value, including sub-queries. Defined in same_expr.cc.
bool SameExpr(const plan::Expr& a, const plan::Expr& b);

/// The expression inside any Widen, which has the same value.
const plan::Expr& Unwidened(const plan::Expr& expr);

/// The expression without implicit conversions: inside any Widen and any Cast without source text.
const plan::Expr& AsWritten(const plan::Expr& expr);

/// The expression of the column in the query's first select list, or null.
const plan::Expr* FirstItem(const plan::Query& query, std::size_t column);

bool IsConstant(const plan::Expr& expr);
/// Copies a text.
plan::Literal LiteralOf(const values::Datum& value);

plan::ExprPtr MakeExpr(plan::Expr::Node node, values::Type type);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_PLAN_WALK_H_
