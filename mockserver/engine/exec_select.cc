#include "mockserver/engine/exec_select.h"

#include <algorithm>
#include <utility>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/cell_formatter.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {
namespace {

bool HasOwnLimit(const dialect::Query& query) {
  const dialect::SelectCore* core = query.simple();
  return query.limit.has_value() || (core != nullptr && core->top.has_value());
}

/// Only the first SELECT of a statement has them.
const std::vector<dialect::ObjectName>& IntoOf(const dialect::Query& query) {
  const dialect::QueryTerm& first = query.terms.front();
  return first.select ? first.select->into : IntoOf(*first.query);
}

/// The query with the cap on its rows, unless it has a TOP or LIMIT of its own, and the page asked
/// for. A row count counts everything: neither applies to it.
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
  const std::int64_t start = std::max<std::int64_t>(options.page_start, 0);
  const std::int64_t size = std::max<std::int64_t>(options.page_size, 0);
  if (query.limit) {
    const std::int64_t rest = std::max<std::int64_t>(*query.limit - start, 0);
    query.limit = std::min(rest, size);
  } else {
    query.limit = size;
  }
  query.offset = start;  // TQL has no OFFSET
  return query;
}

}  // namespace

bool MakesTable(const dialect::Select& select) { return !IntoOf(select.query).empty(); }

StatusOr<BegunSelect> BeginSelect(const Catalog& catalog, storage::Storage& storage,
                                  const Engine::Request& request, const dialect::Select& select) {
  const storage::Cancellation& cancellation = request.cancellation;
  TQL_RETURN_IF_ERROR(cancellation.Check());
  return catalog.InOneState(cancellation, [&](const CatalogState& state) -> StatusOr<BegunSelect> {
    BegunSelect begun;
    TQL_ASSIGN_OR_RETURN(begun.query, BindWindow(state, request, select.query));
    if (request.options.query_row_count_only) {
      TQL_ASSIGN_OR_RETURN(begun.count, storage.Count(begun.query, cancellation));
    } else {
      TQL_ASSIGN_OR_RETURN(begun.cursor, storage.Open(begun.query, cancellation));
    }
    return begun;
  });
}

Status Executor::Execute(const dialect::Select& node) {
  if (MakesTable(node)) return SelectInto(node.query, IntoOf(node.query));
  TQL_ASSIGN_OR_RETURN(const BegunSelect select,
                       request_.begun != nullptr ? std::move(*request_.begun)
                                                 : BeginSelect(catalog_, storage_, request_, node));
  if (select.cursor) return WriteRows(select.query, *select.cursor);
  TQL_RETURN_IF_ERROR(WriteHeader(select.query));
  return Print({errors::ResultRowsText(select.count)});
}

Status Executor::WriteHeader(const plan::Query& query) {
  std::vector<Column> columns;
  columns.reserve(query.columns.size());
  for (const plan::Query::Column& column : query.columns) {
    columns.push_back({column.name, column.type});
  }
  if (!Begin(request_.context) || !sink_.Header(columns)) return errors::ClientGone();
  return Status();
}

/// The first row is asked for before the header is written, so that a query which fails at once
/// answers its error alone.
Status Executor::WriteRows(const plan::Query& query, storage::Cursor& cursor) {
  TQL_ASSIGN_OR_RETURN(RowFormatter formatter,
                       RowFormatter::Create(query.columns, request_.options.format));
  TQL_ASSIGN_OR_RETURN(bool more, cursor.Next());
  TQL_RETURN_IF_ERROR(WriteHeader(query));
  std::int64_t rows = 0;
  while (more) {
    if (!sink_.Row(formatter.Format(cursor.row()))) return errors::ClientGone();
    ++rows;
    StatusOr<bool> next = cursor.Next();
    if (!next.ok()) return next.status();
    more = *next;
  }
  return Print({errors::ResultRowsText(rows)});
}

}  // namespace tql::engine
