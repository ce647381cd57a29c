// Prints queries: SELECT, set operations, VALUES.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_QUERY_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_QUERY_PRINTER_H_

#include <cstdint>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/print_context.h"

namespace tql::storage::sqlite {

/// The order of the rows of a query without ORDER BY that reads a single table.
enum class RowOrder : std::uint8_t { kFree, kAsInserted };

/// Appends the query. Its columns are named k0, k1, ….
void AppendQuery(PrintContext context, const plan::Query& query, RowOrder order);
/// Appends the query as a statement of its own, in the order of RowOrder::kAsInserted. If it reads
/// one table without aggregates, its rowid is a further column, and the output knows of the scan.
void AppendScan(PrintContext context, const plan::Query& query);
/// Appends the query in brackets, as a part of an expression.
void AppendSubQuery(const PrintContext& context, const plan::Query& query, RowOrder order);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_QUERY_PRINTER_H_
