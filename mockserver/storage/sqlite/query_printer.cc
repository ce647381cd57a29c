// SqlPrinter's queries: SELECT, set operations, VALUES, FROM.
#include <algorithm>
#include <utility>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

/// SQLite's limit is 500 for one chain; longer ones are nested.
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

std::string_view Word(plan::JoinKind kind) {
  switch (kind) {
    case plan::JoinKind::kLeft:
      return " LEFT JOIN ";
    case plan::JoinKind::kRight:
      return " RIGHT JOIN ";
    case plan::JoinKind::kFull:
      return " FULL JOIN ";
    case plan::JoinKind::kInner:
    case plan::JoinKind::kCross:
      break;
  }
  return " JOIN ";  // not CROSS JOIN, with which SQLite keeps the order of its tables
}

bool IsPlain(const plan::Query& query) {
  return query.order_by.empty() && !query.limit && query.offset == 0;
}

/// The table that a query reads, when it reads one and nothing else.
const plan::BaseTable* SingleTable(const plan::Query& query) {
  const auto* select = std::get_if<plan::Select>(&query.body);
  if (select == nullptr || select->distinct || !select->group_by.empty() || select->having ||
      !select->from) {
    return nullptr;
  }
  return std::get_if<plan::BaseTable>(&select->from->node);
}

/// Adds the relations of a FROM to `found`; whether one of its joins keeps rows of its right side
/// that match nothing on the left.
bool Collect(const plan::Relation& from, std::set<plan::RelationId>& found) {
  bool keeps_right = false;
  // Chains lean to the left and may be long.
  const plan::Relation* relation = &from;
  while (const auto* join = std::get_if<plan::Join>(&relation->node)) {
    if (join->kind == plan::JoinKind::kRight || join->kind == plan::JoinKind::kFull) {
      keeps_right = true;
    }
    if (Collect(*join->right, found)) keeps_right = true;
    relation = join->left.get();
  }
  const auto* table = std::get_if<plan::BaseTable>(&relation->node);
  found.insert(table != nullptr ? table->id : std::get<plan::DerivedTable>(relation->node).id);
  return keeps_right;
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
    // Else SQLite might walk an index instead of the table.
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
  // A HAVING without GROUP BY is about one group; SQLite believes it only when an item aggregates.
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
  if (select.from) {
    Raw(" FROM ");
    std::set<plan::RelationId> own;
    const bool keeps_right = Collect(*select.from, own);
    std::set<plan::RelationId> outer =
        std::exchange(from_, keeps_right ? std::move(own) : std::set<plan::RelationId>());
    From(*select.from);
    from_ = std::move(outer);
  }
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
  // Chains lean to the left and may be long: walked, not recursed into.
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
  // SQLite knows no brackets here.
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
  // A number here would be a position in the list.
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
  Parameter(plan::Datum::Integer(query.limit ? std::max<std::int64_t>(*query.limit, 0) : -1));
  if (query.offset <= 0) return;
  Raw(" OFFSET ");
  Parameter(plan::Datum::Integer(query.offset));
}

void SqlPrinter::Introduce(const plan::Relation& relation) {
  if (const auto* table = std::get_if<plan::BaseTable>(&relation.node)) {
    relations_[table->id] = table->table.get();
  } else if (const auto* derived = std::get_if<plan::DerivedTable>(&relation.node)) {
    relations_[derived->id] = nullptr;
  } else if (const auto* join = std::get_if<plan::Join>(&relation.node)) {
    if (depth_ >= kDeepest) return FailDepth();
    ++depth_;
    Introduce(*join->left);
    Introduce(*join->right);
    --depth_;
  }
}

void SqlPrinter::From(const plan::Relation& relation) {
  if (!status_.ok()) return;
  if (const auto* table = std::get_if<plan::BaseTable>(&relation.node)) {
    Table(*table->table);
    Raw(" AS r");
    Number(table->id);
  } else if (const auto* derived = std::get_if<plan::DerivedTable>(&relation.node)) {
    Raw("(");
    // Which rows a limit lets through should not depend on an index either.
    Query(*derived->query, derived->query->limit ? RowOrder::kAsInserted : RowOrder::kFree);
    Raw(") AS r");
    Number(derived->id);
  } else {
    JoinedWith(std::get<plan::Join>(relation.node));
  }
}

void SqlPrinter::Table(const plan::TableDef& table) {
  const AbsentTables& absent = sql_.absent;
  if (std::find(absent.begin(), absent.end(), table.id) == absent.end()) {
    return Raw(PhysicalTable(table.id));
  }
  Raw("(SELECT NULL AS rowid");
  for (const plan::ColumnDef& column : table.columns) {
    Raw(", NULL AS " + PhysicalColumn(column.id));
  }
  Raw(" WHERE false)");
}

void SqlPrinter::JoinedWith(const plan::Join& join) {
  From(*join.left);
  Raw(Word(join.kind));
  const bool nested = std::holds_alternative<plan::Join>(join.right->node);
  if (nested) Raw("(");
  From(*join.right);
  if (nested) Raw(")");
  if (!join.on) return;
  Raw(" ON ");
  const bool inner = join.kind == plan::JoinKind::kInner || join.kind == plan::JoinKind::kCross;
  if (inner && !from_.empty()) return JoinCondition(*join.on, *join.right);
  Expr(*join.on, Level::kAny);
}

/// The condition of an inner join beside a RIGHT or FULL one. SQLite looks at a term without
/// columns once, before it reads a row, and when it is false leaves out the rows that those keep,
/// too. So such a term is made to look at the joined row.
void SqlPrinter::JoinCondition(const plan::Expr& condition, const plan::Relation& right) {
  if (const auto* all = std::get_if<plan::Logical>(&condition.node); all && all->conjunction) {
    for (std::size_t i = 0; i < all->operands.size(); ++i) {
      if (i > 0) Raw(" AND ");
      JoinCondition(*all->operands[i], right);
    }
    return;
  }
  std::string before = std::exchange(sql_.text, {});
  std::set<plan::RelationId> outer = std::exchange(watched_, from_);
  const bool outer_reads = std::exchange(reads_row_, false);
  Expr(condition, Level::kNot);
  const std::string term = std::exchange(sql_.text, std::move(before));
  watched_ = std::move(outer);
  if (std::exchange(reads_row_, outer_reads)) return Raw(term);
  Raw("CASE ");
  RowOf(right);
  Raw(" IS NULL WHEN 2 THEN 0 ELSE " + term + " END");
}

/// Something that only a row of the relation can tell.
void SqlPrinter::RowOf(const plan::Relation& relation) {
  const plan::Relation* leaf = &relation;
  while (const auto* join = std::get_if<plan::Join>(&leaf->node)) leaf = join->left.get();
  const auto* table = std::get_if<plan::BaseTable>(&leaf->node);
  Raw("r");
  Number(table != nullptr ? table->id : std::get<plan::DerivedTable>(leaf->node).id);
  Raw(table != nullptr ? ".rowid" : ".k0");
}

}  // namespace tql::storage::sqlite
