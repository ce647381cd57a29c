// Prints FROM clauses: tables, derived tables, joins.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FROM_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FROM_PRINTER_H_

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"

namespace tql::storage::sqlite {

/// Makes the relations of a FROM known to column references. Precedes all parts of its SELECT.
void AddRelations(PrintContext context, const plan::Relation& from);
void AppendFrom(const PrintContext& context, const plan::Relation& from);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FROM_PRINTER_H_
