// Prints conditions: AND, OR, LIKE, BETWEEN, IN, EXISTS.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONDITION_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONDITION_PRINTER_H_

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"

namespace tql::storage::sqlite {

void AppendLogical(const PrintContext& context, const plan::Logical& logical);
/// `expr` is the expression whose node `like` is; errors name it.
void AppendLike(const PrintContext& context, const plan::Like& like, const plan::Expr& expr);
void AppendBetween(const PrintContext& context, const plan::Between& between);
void AppendInList(const PrintContext& context, const plan::InList& in);
void AppendInQuery(const PrintContext& context, const plan::InQuery& in);
void AppendExists(const PrintContext& context, const plan::Exists& exists);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONDITION_PRINTER_H_
