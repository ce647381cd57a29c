// Prints constants: as parameters or, in statements with very many, in the text.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONSTANT_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONSTANT_PRINTER_H_

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"

namespace tql::storage::sqlite {

void AppendLiteral(const PrintContext& context, const plan::Literal& literal);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONSTANT_PRINTER_H_
