// Types of bound expressions and of the columns of bound queries, and implicit conversions.
// Internal to the binder.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BIND_TYPES_H_
#define TQLKIT_MOCKSERVER_ENGINE_BIND_TYPES_H_

#include <string_view>
#include <vector>

#include "mockserver/engine/bind_state.h"
#include "mockserver/plan/plan.h"
#include "mockserver/values/type.h"

namespace tql::engine {

// bind_types.cc

/// Converts `expr` to type `to`: a constant at once, anything else by a Widen if its value is kept,
/// else by a Cast. `hint` is the parsing hint of the column that receives the value.
ExprResult ConvertExpr(plan::ExprPtr expr, values::Type to, std::string_view hint = {});
/// Converts `expr` to a value of the column that it is assigned to.
ExprResult AssignExpr(plan::ExprPtr expr, const plan::ColumnDef& column);
/// Converts a set of values to their common type.
Status Unify(const BindState& state, const std::vector<plan::ExprPtr*>& values);
ExprResult MakeArithmetic(plan::BinaryOp op, plan::ExprPtr left, plan::ExprPtr right);

// bind_columns.cc

/// The place of a column of the query at `range`: that of the item in its first select list.
std::size_t ItemPlace(const plan::Query& query, std::size_t column,
                      const dialect::SourceRange& range);
/// The common types of the columns of both sides of a set operation.
StatusOr<std::vector<values::Type>> CommonTypes(const BindState& state, const plan::Query& left,
                                                const plan::Query& right,
                                                const dialect::SourceRange& range);
/// Converts the columns of the query's result to `types`.
Status ConvertColumns(BindState& state, plan::Query& query, const std::vector<values::Type>& types);
/// Returns the same rows as a derived table, to which ORDER BY and LIMIT can be applied again.
plan::Query Wrap(BindState& state, plan::Query inner);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BIND_TYPES_H_
