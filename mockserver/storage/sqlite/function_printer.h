// Prints calls of functions and aggregates.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTION_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTION_PRINTER_H_

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"

namespace tql::storage::sqlite {

// `expr` is the expression whose node the other argument is.
void AppendCall(const PrintContext& context, const plan::Call& call, const plan::Expr& expr);
void AppendAggregate(const PrintContext& context, const plan::Aggregate& aggregate,
                     const plan::Expr& expr);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTION_PRINTER_H_
