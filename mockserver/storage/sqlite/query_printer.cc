#include "mockserver/storage/sqlite/query_printer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mockserver/storage/limits.h"
#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/storage/sqlite/from_printer.h"

namespace tql::storage::sqlite {
namespace {

/// SQLite allows 500 terms in one compound SELECT; longer chains are nested.
constexpr std::size_t kChainLength = 400;

std::string_view TextOf(plan::SetOperator op) {
  switch (op) {
    case plan::SetOperator::kUnion:
      return " UNION ";
    case plan::SetOperator::kUnionAll:
      return " UNION ALL ";
    case plan::SetOperator::kIntersect:
      return " INTERSECT ";
    case plan::SetOperator::kExcept:
      break;
  }
  return " EXCEPT ";
}

bool IsPlain(const plan::Query& query) {
  return query.order_by.empty() && !query.limit && query.offset == 0;
}

/// Returns the table if the query reads only this table, without grouping; otherwise null.
const plan::BaseTable* SingleTable(const plan::Query& query) {
  const auto* select = std::get_if<plan::Select>(&query.body);
  if (select == nullptr || select->distinct || !select->group_by.empty() || select->having ||
      !select->from) {
    return nullptr;
  }
  return std::get_if<plan::BaseTable>(&select->from->node);
}

/// Appends a key of GROUP BY or ORDER BY.
void AppendKey(const PrintContext& context, const plan::Expr& expr) {
  // A bare number would denote an item of the list.
  const bool constant = std::holds_alternative<plan::Literal>(expr.node);
  if (constant) context.out.Append("ifnull(");
  AppendExpr(context, expr, Level::kAny);
  if (constant) context.out.Append(", NULL)");
}

void AppendItems(const PrintContext& context, const plan::Select& select) {
  SqlOutput& out = context.out;
  if (select.items.empty()) return out.Fail(InternalError("a SELECT has no items"));
  // HAVING without GROUP BY makes one group of all rows. SQLite does so only if an item has an
  // aggregate, so the first item gets one that does not change its value.
  const bool one_group = select.having && select.group_by.empty();
  for (std::size_t i = 0; i < select.items.size(); ++i) {
    if (i > 0) out.Append(", ");
    if (one_group && i == 0) out.Append("CASE WHEN count(*) >= 0 THEN ");
    AppendExpr(context, *select.items[i].expr, Level::kAny);
    if (one_group && i == 0) out.Append(" END");
    out.Append(" AS k", i);
  }
}

/// Appends the SELECT. `scanned` is its table if the SELECT may be a scan; otherwise null.
void AppendSelect(const PrintContext& context, const plan::Select& select,
                  const plan::BaseTable* scanned) {
  SqlOutput& out = context.out;
  if (select.from) AddRelations(context, *select.from);
  out.Append(select.distinct ? "SELECT DISTINCT " : "SELECT ");
  AppendItems(context, select);
  const bool has_rowid = scanned != nullptr && !context.query->has_aggregate;
  if (has_rowid) out.Append(", r", scanned->id, ".rowid");
  if (select.from) AppendFrom(context, *select.from);
  ScanSql scan{.from_end = out.size()};
  if (select.where) {
    out.Append(" WHERE ");
    scan.where_begin = out.size();
    AppendExpr(context, *select.where, Level::kAny);
    scan.where_end = out.size();
  }
  if (has_rowid) {
    scan.table = scanned->table->id;
    scan.relation = scanned->id;
    out.set_scan(scan);
  }
  for (std::size_t i = 0; i < select.group_by.size(); ++i) {
    out.Append(i == 0 ? " GROUP BY " : ", ");
    AppendKey(context, *select.group_by[i]);
  }
  if (select.having) {
    out.Append(" HAVING ");
    AppendExpr(context, *select.having, Level::kAny);
  }
}

void AppendValues(const PrintContext& context, const plan::Values& values) {
  SqlOutput& out = context.out;
  if (values.rows.empty() || values.rows[0].empty()) {
    return out.Fail(InternalError("a list of values is empty"));
  }
  for (std::size_t i = 0; i < values.rows[0].size(); ++i) {
    out.Append(i == 0 ? "SELECT column" : ", column", i + 1, " AS k", i);
  }
  std::string_view separator = " FROM (VALUES ";
  for (const std::vector<plan::ExprPtr>& row : values.rows) {
    out.Append(std::exchange(separator, ", "), "(");
    AppendConstantList(context, row);
    out.Append(")");
    if (!out.ok()) return;
  }
  out.Append(")");
}

void AppendOperand(const PrintContext& context, const plan::Query& query) {
  // SQLite does not allow an operand in brackets.
  const bool nested = !IsPlain(query) || std::holds_alternative<plan::SetOperation>(query.body);
  if (nested) context.out.Append("SELECT * FROM (");
  AppendQuery(context, query, RowOrder::kFree);
  if (nested) context.out.Append(")");
}

void AppendSetOperation(const PrintContext& context, const plan::Query& query) {
  SqlOutput& out = context.out;
  // Chains of set operations are nested to the left and may be long, so they are walked
  // iteratively.
  std::vector<const plan::SetOperation*> chain;
  const plan::Query* first = &query;
  while (const auto* operation = std::get_if<plan::SetOperation>(&first->body)) {
    if (first != &query && !IsPlain(*first)) break;
    chain.push_back(operation);
    first = operation->left.get();
  }
  std::reverse(chain.begin(), chain.end());
  for (std::size_t i = kChainLength; i <= chain.size(); i += kChainLength) {
    out.Append("SELECT * FROM (");
  }
  AppendOperand(context, *first);
  for (std::size_t i = 0; i < chain.size() && out.ok(); ++i) {
    out.Append(TextOf(chain[i]->op));
    AppendOperand(context, *chain[i]->right);
    if ((i + 1) % kChainLength == 0) out.Append(")");
  }
}

void AppendBody(const PrintContext& context, const plan::Query& query,
                const plan::BaseTable* scanned) {
  if (const auto* select = std::get_if<plan::Select>(&query.body)) {
    AppendSelect(context, *select, scanned);
  } else if (const auto* values = std::get_if<plan::Values>(&query.body)) {
    AppendValues(context, *values);
  } else {
    AppendSetOperation(context, query);
  }
}

void AppendOrderBy(const PrintContext& context, const std::vector<plan::OrderItem>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    context.out.Append(i == 0 ? " ORDER BY " : ", ");
    AppendKey(context, *items[i].expr);
    if (items[i].descending) context.out.Append(" DESC");
  }
}

void AppendLimit(SqlOutput& out, const plan::Query& query) {
  if (!query.limit && query.offset <= 0) return;
  out.Append(" LIMIT ");
  // -1 means no limit.
  out.AppendParameter(
      values::Datum::Integer(query.limit ? std::max<std::int64_t>(*query.limit, 0) : -1));
  if (query.offset <= 0) return;
  out.Append(" OFFSET ");
  out.AppendParameter(values::Datum::Integer(query.offset));
}

void AppendWhole(PrintContext context, const plan::Query& query, RowOrder order,
                 const plan::BaseTable* scanned) {
  if (!context.Enter(kQueryDepth)) return;
  QueryFindings findings;
  context.query = &findings;
  AppendBody(context, query, scanned);
  if (!query.order_by.empty()) {
    AppendOrderBy(context, query.order_by);
  } else if (const plan::BaseTable* table = SingleTable(query);
             table && !findings.has_aggregate && order == RowOrder::kAsInserted) {
    // Otherwise SQLite might read an index in its order instead of the table.
    context.out.Append(" ORDER BY r", table->id, ".rowid");
  }
  AppendLimit(context.out, query);
}

}  // namespace

void AppendQuery(PrintContext context, const plan::Query& query, RowOrder order) {
  AppendWhole(context, query, order, nullptr);
}

void AppendScan(PrintContext context, const plan::Query& query) {
  const plan::BaseTable* table = SingleTable(query);
  const bool may_be = table != nullptr && query.order_by.empty() && query.offset <= 0 &&
                      query.columns.size() < kMaxColumns && !context.out.IsAbsent(*table->table);
  AppendWhole(context, query, RowOrder::kAsInserted, may_be ? table : nullptr);
}

void AppendSubQuery(const PrintContext& context, const plan::Query& query, RowOrder order) {
  context.out.set_has_sub_query();
  context.out.Append("(");
  AppendQuery(context, query, order);
  context.out.Append(")");
}

}  // namespace tql::storage::sqlite
