// The queries of SqlPrinter: SELECT, set operations, VALUES.
#include <algorithm>
#include <utility>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

/// SQLite allows 500 terms in one compound SELECT; longer chains are nested.
constexpr std::size_t kChainLength = 400;

std::string_view Word(plan::SetOperator op) {
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

}  // namespace

void SqlPrinter::Query(const plan::Query& query, RowOrder order) {
  if (!status_.ok()) return;
  if (depth_ + kQueryDepth > kDeepest) return FailDepth();
  depth_ += kQueryDepth;
  const bool outer_aggregate = std::exchange(has_aggregate_, false);
  Body(query);
  if (!query.order_by.empty()) {
    OrderBy(query.order_by);
  } else if (const plan::BaseTable* table = SingleTable(query);
             table && !has_aggregate_ && order == RowOrder::kAsInserted) {
    // Otherwise SQLite might read an index in its order instead of the table.
    Raw(" ORDER BY r");
    Number(table->id);
    Raw(".rowid");
  }
  Limit(query);
  has_aggregate_ = outer_aggregate;
  depth_ -= kQueryDepth;
}

void SqlPrinter::Body(const plan::Query& query) {
  if (const auto* select = std::get_if<plan::Select>(&query.body)) {
    SelectBody(*select);
  } else if (const auto* values = std::get_if<plan::Values>(&query.body)) {
    ValuesBody(*values);
  } else {
    SetOperationBody(query);
  }
}

void SqlPrinter::SelectBody(const plan::Select& select) {
  if (select.from) Introduce(*select.from);
  Raw(select.distinct ? "SELECT DISTINCT " : "SELECT ");
  // HAVING without GROUP BY makes one group of all rows. SQLite does so only if an item has an
  // aggregate, so the first item gets one that does not change its value.
  const bool one_group = select.having && select.group_by.empty();
  for (std::size_t i = 0; i < select.items.size(); ++i) {
    if (i > 0) Raw(", ");
    if (one_group && i == 0) Raw("CASE WHEN count(*) >= 0 THEN ");
    Expr(*select.items[i].expr, Level::kAny);
    if (one_group && i == 0) Raw(" END");
    Raw(" AS k");
    Number(static_cast<std::int64_t>(i));
  }
  if (select.items.empty()) Fail(InternalError("a SELECT has no items"));
  if (select.from) FromClause(*select.from);
  if (select.where) {
    Raw(" WHERE ");
    Expr(*select.where, Level::kAny);
  }
  for (std::size_t i = 0; i < select.group_by.size(); ++i) {
    Raw(i == 0 ? " GROUP BY " : ", ");
    SortKey(*select.group_by[i]);
  }
  if (select.having) {
    Raw(" HAVING ");
    Expr(*select.having, Level::kAny);
  }
}

void SqlPrinter::SetOperationBody(const plan::Query& query) {
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
  for (std::size_t i = kChainLength; i <= chain.size(); i += kChainLength) Raw("SELECT * FROM (");
  Operand(*first);
  for (std::size_t i = 0; i < chain.size() && status_.ok(); ++i) {
    Raw(Word(chain[i]->op));
    Operand(*chain[i]->right);
    if ((i + 1) % kChainLength == 0) Raw(")");
  }
}

void SqlPrinter::Operand(const plan::Query& query) {
  // SQLite does not allow an operand in brackets.
  const bool nested = !IsPlain(query) || std::holds_alternative<plan::SetOperation>(query.body);
  if (nested) Raw("SELECT * FROM (");
  Query(query, RowOrder::kFree);
  if (nested) Raw(")");
}

void SqlPrinter::ValuesBody(const plan::Values& values) {
  if (values.rows.empty() || values.rows[0].empty()) {
    return Fail(InternalError("a list of values is empty"));
  }
  for (std::size_t i = 0; i < values.rows[0].size(); ++i) {
    Raw(i == 0 ? "SELECT column" : ", column");
    Number(static_cast<std::int64_t>(i + 1));
    Raw(" AS k");
    Number(static_cast<std::int64_t>(i));
  }
  std::string_view separator = " FROM (VALUES ";
  for (const std::vector<plan::ExprPtr>& row : values.rows) {
    Raw(std::exchange(separator, ", "));
    Raw("(");
    ConstantList(row);
    Raw(")");
    if (!status_.ok()) return;
  }
  Raw(")");
}

void SqlPrinter::SortKey(const plan::Expr& expr) {
  // A bare number would denote an item of the list.
  const bool constant = std::holds_alternative<plan::Literal>(expr.node);
  if (constant) Raw("ifnull(");
  Expr(expr, Level::kAny);
  if (constant) Raw(", NULL)");
}

void SqlPrinter::OrderBy(const std::vector<plan::OrderItem>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    Raw(i == 0 ? " ORDER BY " : ", ");
    SortKey(*items[i].expr);
    if (items[i].descending) Raw(" DESC");
  }
}

void SqlPrinter::Limit(const plan::Query& query) {
  if (!query.limit && query.offset <= 0) return;
  Raw(" LIMIT ");
  Parameter(values::Datum::Integer(query.limit ? std::max<std::int64_t>(*query.limit, 0) : -1));
  if (query.offset <= 0) return;
  Raw(" OFFSET ");
  Parameter(values::Datum::Integer(query.offset));
}

}  // namespace tql::storage::sqlite
