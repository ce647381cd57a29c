// Prints expressions.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_EXPR_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_EXPR_PRINTER_H_

#include <cstdint>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"
#include "mockserver/storage/sqlite/sql_operators.h"

namespace tql::storage::sqlite {

/// Who detects an integer overflow in an expression: the expression itself, if it may overflow, or
/// an enclosing tql_integer().
enum class OverflowCheck : std::uint8_t { kOwn, kEnclosing };

/// Appends the expression, in brackets if it binds less tightly than `at_least`.
void AppendExpr(PrintContext context, const plan::Expr& expr, Level at_least,
                OverflowCheck check = OverflowCheck::kOwn);
/// Appends the expressions with commas between them.
void AppendList(const PrintContext& context, const std::vector<plan::ExprPtr>& list);
/// Does the same for the list of IN or VALUES.
void AppendConstantList(PrintContext context, const std::vector<plan::ExprPtr>& list);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_EXPR_PRINTER_H_
