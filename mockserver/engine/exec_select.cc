// SELECT.
#include <algorithm>
#include <utility>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/cell_formatter.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

bool HasOwnLimit(const dialect::Query& query) {
  const dialect::SelectCore* core = query.simple();
  return query.limit.has_value() || (core != nullptr && core->top.has_value());
}

/// The targets of INTO, which only the first SELECT of a statement can have.
const std::vector<dialect::ObjectName>& IntoOf(const dialect::Query& query) {
  const dialect::QueryTerm& first = query.terms.front();
  return first.select ? first.select->into : IntoOf(*first.query);
}

/// Binds the query, limited to the requested page and, unless it has its own TOP or LIMIT, to the
/// maximum number of rows. If only the number of rows is requested, neither limit applies.
StatusOr<plan::Query> BindWindow(const CatalogState& catalog, const Engine::Request& request,
                                 const dialect::Query& node) {
  TQL_ASSIGN_OR_RETURN(plan::Query query,
                       BindQuery({catalog, request.context, request.text}, node));
  const StatementOptions& options = request.options;
  if (options.query_row_count_only) return query;
  if (options.query_results_apply_top_row_count > 0 && !HasOwnLimit(node)) {
    query.limit = std::min(query.limit.value_or(options.query_results_apply_top_row_count),
                           options.query_results_apply_top_row_count);
  }
  const std::int64_t start = std::max<std::int64_t>(options.pagination_start, 0);
  const std::int64_t size = std::max<std::int64_t>(options.pagination_size, 0);
  if (query.limit) {
    const std::int64_t rest = std::max<std::int64_t>(*query.limit - start, 0);
    query.limit = std::min(rest, size);
  } else {
    query.limit = size;
  }
  query.offset = start;  // TQL has no OFFSET.
  return query;
}

Status WriteHeader(StatementWriter& writer, const plan::Query& query) {
  std::vector<Column> columns;
  columns.reserve(query.columns.size());
  for (const plan::Query::Column& column : query.columns) {
    columns.push_back({column.name, column.type});
  }
  return writer.WriteHeader(columns);
}

/// Reads the first row before it writes the header, so that the result of a query that fails
/// immediately has only the error.
Status WriteRows(const StatementContext& statement, const plan::Query& query,
                 storage::Cursor& cursor) {
  TQL_ASSIGN_OR_RETURN(RowFormatter formatter,
                       RowFormatter::Create(query.columns, statement.request.options.format));
  TQL_ASSIGN_OR_RETURN(bool more, cursor.Next());
  TQL_RETURN_IF_ERROR(WriteHeader(statement.writer, query));
  std::int64_t rows = 0;
  while (more) {
    TQL_RETURN_IF_ERROR(statement.writer.WriteRow(formatter.Format(cursor.row())));
    ++rows;
    TQL_ASSIGN_OR_RETURN(more, cursor.Next());
  }
  return statement.writer.Print({errors::ResultRowsText(rows)});
}

}  // namespace

bool MakesTable(const dialect::Select& node) { return !IntoOf(node.query).empty(); }

StatusOr<BegunSelect> BeginSelect(Catalog& catalog, storage::Storage& storage,
                                  const Engine::Request& request, const dialect::Select& node) {
  const storage::Cancellation& cancellation = request.cancellation;
  TQL_RETURN_IF_ERROR(cancellation.Check());
  return catalog.InOneState(cancellation, [&](const CatalogState& state) -> StatusOr<BegunSelect> {
    BegunSelect begun;
    TQL_ASSIGN_OR_RETURN(begun.query, BindWindow(state, request, node.query));
    if (request.options.query_row_count_only) {
      TQL_ASSIGN_OR_RETURN(begun.count, storage.Count(begun.query, cancellation));
    } else {
      TQL_ASSIGN_OR_RETURN(begun.cursor, storage.Open(begun.query, cancellation));
    }
    return begun;
  });
}

Status Execute(const StatementContext& statement, const dialect::Select& node) {
  const Engine::Request& request = statement.request;
  if (MakesTable(node)) return SelectInto(statement, node.query, IntoOf(node.query));
  TQL_ASSIGN_OR_RETURN(const BegunSelect select,
                       request.begun != nullptr
                           ? std::move(*request.begun)
                           : BeginSelect(statement.catalog, statement.storage, request, node));
  if (select.cursor) return WriteRows(statement, select.query, *select.cursor);
  TQL_RETURN_IF_ERROR(WriteHeader(statement.writer, select.query));
  return statement.writer.Print({errors::ResultRowsText(select.count)});
}

}  // namespace tql::engine
