// SELECT.
#include <algorithm>
#include <utility>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/cell_formatter.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/ordered_rows.h"
#include "mockserver/engine/partial_aggregates.h"
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
/// maximum number of rows. If only the number of rows is requested, neither limit applies. Sets
/// `most_rows` if the query has one row more than the maximum.
StatusOr<plan::Query> BindWindow(const CatalogState& catalog, const Engine::Request& request,
                                 const dialect::Query& node, std::vector<plan::Id>& tables,
                                 std::optional<std::int64_t>& most_rows) {
  TQL_ASSIGN_OR_RETURN(plan::Query query,
                       BindQuery({catalog, request.context, request.text}, node, &tables));
  const StatementOptions& options = request.options;
  if (options.query_row_count_only) return query;
  const bool capped = options.query_results_apply_top_row_count > 0 && !HasOwnLimit(node);
  if (capped) {
    query.limit = std::min(query.limit.value_or(options.query_results_apply_top_row_count),
                           options.query_results_apply_top_row_count);
  }
  const std::int64_t start = std::max<std::int64_t>(options.pagination_start, 0);
  const std::int64_t size = std::max<std::int64_t>(options.pagination_size, 0);
  if (query.limit) {
    const std::int64_t rest = std::max<std::int64_t>(*query.limit - start, 0);
    query.limit = std::min(rest, size);
    if (capped && request.was_cut != nullptr && rest < size) most_rows = (*query.limit)++;
  } else {
    query.limit = size;
  }
  query.offset = start;  // TQL has no OFFSET.
  return query;
}

std::shared_ptr<const std::vector<Column>> ColumnsOf(const plan::Query& query) {
  auto columns = std::make_shared<std::vector<Column>>();
  columns->reserve(query.columns.size());
  for (const plan::Query::Column& column : query.columns) {
    columns->push_back({column.name, column.type});
  }
  return columns;
}

/// The bytes of the cells that a thread reads at a time.
constexpr std::size_t kPartBytes = kBatchBytes;
/// Threads keep a whole row at least, so larger rows are read by one of them.
constexpr std::size_t kMostRowBytes = std::size_t{64} << 10;
constexpr std::size_t kLeastPartRows = 64;
constexpr std::size_t kMostPartRows = 8192;

/// Counts the rows of a result and the bytes of their cells.
struct Written {
  std::int64_t rows = 0;
  std::size_t bytes = 0;
  void Add(std::span<const std::string_view> cells) {
    ++rows;
    for (const std::string_view cell : cells) bytes += cell.size();
  }
};

/// Writes the rows after the current one with the help of other threads, if it is worth it. False
/// if nothing was written.
StatusOr<bool> WriteDivided(const StatementContext& statement, const std::vector<Column>& columns,
                            storage::Cursor& cursor, Written& written) {
  const std::size_t row_bytes = 1 + written.bytes / static_cast<std::size_t>(written.rows);
  if (statement.threads == nullptr || row_bytes > kMostRowBytes) return false;
  const Engine::Request& request = statement.request;
  OrderedRows rows(*statement.threads, columns, request.options.format, request.cancellation);
  std::unique_ptr<storage::RowParts> parts =
      cursor.Divide({.readers = statement.threads->count(),
                     .part_rows = std::clamp(kPartBytes / row_bytes, kLeastPartRows, kMostPartRows),
                     .cancellation = rows.ForParts()});
  if (!parts) return false;
  rows.Begin(std::move(parts));
  RowBatch batch;
  for (;;) {
    TQL_ASSIGN_OR_RETURN(const bool more, rows.Next(batch, statement.writer.row_encoder()));
    if (!more) return true;
    written.rows += static_cast<std::int64_t>(batch.rows());
    Status status;
    if (EncodedRows* const encoded = batch.encoded()) {
      status = statement.writer.WriteRows(*encoded);
    } else {
      batch.ForEach([&](std::span<const std::string_view> cells) {
        status = statement.writer.WriteRow(cells);
        return status.ok();
      });
    }
    TQL_RETURN_IF_ERROR(status);
  }
}

/// Reads the first row before it writes the header, so that the result of a query that fails
/// immediately has only the error.
Status WriteRows(const StatementContext& statement, const std::vector<Column>& columns,
                 storage::Cursor& cursor, std::optional<std::int64_t> most_rows) {
  TQL_ASSIGN_OR_RETURN(RowFormatter formatter,
                       RowFormatter::Create(columns, statement.request.options.format));
  TQL_ASSIGN_OR_RETURN(bool more, cursor.Next());
  TQL_RETURN_IF_ERROR(statement.writer.WriteHeader(columns));
  Written written;
  while (more && written.rows != most_rows) {
    const std::span<const std::string_view> cells = formatter.Format(cursor.row());
    written.Add(cells);
    TQL_RETURN_IF_ERROR(statement.writer.WriteRow(cells));
    if (cursor.divisible() && !most_rows) {
      TQL_ASSIGN_OR_RETURN(const bool all, WriteDivided(statement, columns, cursor, written));
      more = !all;
    }
    if (more) {
      TQL_ASSIGN_OR_RETURN(more, cursor.Next());
    }
  }
  if (statement.request.was_cut != nullptr) *statement.request.was_cut = more;
  return statement.writer.Print({errors::ResultRowsText(written.rows)});
}

/// The state that a query which is opened after this call reads; nullopt if it is just changing.
std::optional<ResultBasis> BasisOf(std::int64_t schema_version, const storage::Storage& storage,
                                   const std::vector<plan::Id>& tables) {
  const std::optional<std::uint64_t> version = storage.DataVersion(tables);
  if (!version) return std::nullopt;
  return ResultBasis{schema_version, tables, *version};
}

}  // namespace

bool MakesTable(const dialect::Select& node) { return !IntoOf(node.query).empty(); }

StatusOr<BegunSelect> BeginSelect(Catalog& catalog, storage::Storage& storage,
                                  const Engine::Request& request, const dialect::Select& node,
                                  const SelectWishes& wishes) {
  const storage::Cancellation& cancellation = request.cancellation;
  TQL_RETURN_IF_ERROR(cancellation.Check());
  return catalog.InOneState(cancellation, [&](const CatalogState& state) -> StatusOr<BegunSelect> {
    BegunSelect begun;
    std::vector<plan::Id> tables;
    TQL_ASSIGN_OR_RETURN(plan::Query query,
                         BindWindow(state, request, node.query, tables, begun.most_rows));
    begun.columns = ColumnsOf(query);
    if (wishes.basis) begun.basis = BasisOf(state.version(), storage, tables);
    if (request.options.query_row_count_only) {
      TQL_ASSIGN_OR_RETURN(begun.count, storage.Count(query, cancellation));
      return begun;
    }
    if (wishes.threads != nullptr) {
      TQL_ASSIGN_OR_RETURN(begun.cursor,
                           OpenPartialAggregates(storage, *wishes.threads, query, cancellation));
      if (begun.cursor) return begun;
    }
    TQL_ASSIGN_OR_RETURN(begun.cursor, storage.Open(query, cancellation));
    if (!wishes.compiled) return begun;
    StatusOr<std::unique_ptr<storage::CompiledQuery>> compiled = storage.Compile(std::move(query));
    if (compiled.ok() && *compiled) {
      begun.compiled = std::make_unique<CompiledSelect>(
          CompiledSelect{begun.columns, std::move(tables), state.version(), *std::move(compiled)});
    }
    return begun;
  });
}

StatusOr<BegunSelect> BeginCompiled(storage::Storage& storage, const CompiledSelect& compiled,
                                    std::span<const values::Datum> values,
                                    const storage::Cancellation& cancellation, bool keep) {
  BegunSelect begun;
  begun.columns = compiled.columns;
  if (keep) begun.basis = BasisOf(compiled.schema_version, storage, compiled.tables);
  TQL_ASSIGN_OR_RETURN(begun.cursor, storage.OpenCompiled(*compiled.query, values, cancellation));
  return begun;
}

Status Execute(const StatementContext& statement, const dialect::Select& node) {
  const Engine::Request& request = statement.request;
  if (MakesTable(node)) return SelectInto(statement, node.query, IntoOf(node.query));
  TQL_ASSIGN_OR_RETURN(const BegunSelect select,
                       request.begun != nullptr
                           ? std::move(*request.begun)
                           : BeginSelect(statement.catalog, statement.storage, request, node,
                                         {.threads = statement.threads}));
  if (select.cursor) return WriteRows(statement, *select.columns, *select.cursor, select.most_rows);
  TQL_RETURN_IF_ERROR(statement.writer.WriteHeader(*select.columns));
  return statement.writer.Print({errors::ResultRowsText(select.count)});
}

}  // namespace tql::engine
