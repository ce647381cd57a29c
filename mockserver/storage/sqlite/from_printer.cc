// SqlPrinter's FROM: tables, queries in the place of tables, joins.
#include <algorithm>
#include <utility>

#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

/// SQLite joins no more, and counts those of queries that it makes part of the query around them.
constexpr std::size_t kMostTables = 64;

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

std::size_t Tables(const plan::Relation& from, int depth);

std::size_t Tables(const plan::Query& query, int depth) {
  std::size_t count = 0;
  const plan::Query* left = &query;
  while (const auto* operation = std::get_if<plan::SetOperation>(&left->body)) {
    count += Tables(*operation->right, depth);
    left = operation->left.get();
  }
  const auto* select = std::get_if<plan::Select>(&left->body);
  return select != nullptr && select->from ? count + Tables(*select->from, depth) : count;
}

/// How many tables a FROM reads, those of queries within it included; of what lies deeper than
/// `depth`, at least one too many.
std::size_t Tables(const plan::Relation& from, int depth) {
  if (depth == 0) return kMostTables + 1;
  std::size_t count = 0;
  const plan::Relation* relation = &from;
  while (const auto* join = std::get_if<plan::Join>(&relation->node)) {
    count += Tables(*join->right, depth - 1);
    relation = join->left.get();
  }
  const auto* derived = std::get_if<plan::DerivedTable>(&relation->node);
  return count + (derived != nullptr ? Tables(*derived->query, depth - 1) : 1);
}

}  // namespace

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

void SqlPrinter::FromClause(const plan::Relation& from) {
  Raw(" FROM ");
  std::set<plan::RelationId> own;
  const bool keeps_right = Collect(from, own);
  std::set<plan::RelationId> outer =
      std::exchange(from_, keeps_right ? std::move(own) : std::set<plan::RelationId>());
  const bool outer_apart =
      std::exchange(apart_, Tables(from, kDeepest / kQueryDepth) > kMostTables);
  From(from);
  apart_ = outer_apart;
  from_ = std::move(outer);
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
    // A query with a limit, be it none, stays a query of its own.
    if (apart_ && !derived->query->limit && derived->query->offset <= 0) Raw(" LIMIT -1");
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
  if (!from_.empty()) return JoinCondition(*join.on, *join.right);
  Expr(*join.on, Level::kAny);
}

/// The condition of a join in a FROM that has a RIGHT or FULL JOIN. SQLite tests a term without
/// columns once, before it reads a row, and when it is false skips the rows that those joins keep,
/// too. It does so for inner joins, and for a LEFT JOIN that it has made an inner one because
/// another condition rejects the NULLs of its right side. So such a term is made to depend on the
/// joined row.
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
