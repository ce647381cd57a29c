// SELECT.
#include <algorithm>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/cell_formatter.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {
namespace {

/// How often a query is bound anew because its tables changed between binding and reading.
constexpr int kMaxAttempts = 16;

bool HasOwnLimit(const dialect::Query& query) {
  const dialect::SelectCore* core = query.simple();
  return query.limit.has_value() || (core != nullptr && core->top.has_value());
}

/// Only the first SELECT of a statement has them.
const std::vector<dialect::ObjectName>& IntoOf(const dialect::Query& query) {
  const dialect::QueryTerm& first = query.terms.front();
  return first.select ? first.select->into : IntoOf(*first.query);
}

}  // namespace

/// The query with the cap on its rows, unless it has a TOP or LIMIT of its own, and the page asked
/// for. A row count counts everything: neither applies to it.
StatusOr<plan::Query> Executor::BindWindow(const dialect::Query& node) const {
  const Catalog::Reader catalog = catalog_.Read();
  TQL_ASSIGN_OR_RETURN(plan::Query query,
                       Binder(*catalog, request_.context, request_.text).BindQuery(node));
  const StatementOptions& options = request_.options;
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
  query.offset += start;
  return query;
}

Status Executor::Execute(const dialect::Select& node) {
  if (!IntoOf(node.query).empty()) return SelectInto(node.query, IntoOf(node.query));
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    TQL_RETURN_IF_ERROR(request_.cancellation.Check());
    TQL_ASSIGN_OR_RETURN(const plan::Query query, BindWindow(node.query));
    if (request_.options.query_row_count_only) {
      StatusOr<std::int64_t> count = storage_.Count(query, request_.cancellation);
      if (!count.ok() && count.status().code() == StatusCode::kAborted) continue;
      if (!count.ok()) return count.status();
      TQL_RETURN_IF_ERROR(WriteHeader(query));
      return Print({errors::ResultRowsText(*count)});
    }
    StatusOr<std::unique_ptr<storage::Cursor>> cursor = storage_.Open(query, request_.cancellation);
    if (!cursor.ok() && cursor.status().code() == StatusCode::kAborted) continue;
    if (!cursor.ok()) return cursor.status();
    return WriteRows(query, **cursor);
  }
  return errors::KeepsChanging();
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
