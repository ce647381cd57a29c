// The FROM clause of SqlPrinter: tables, derived tables, joins.
#include <algorithm>
#include <utility>

#include "mockserver/storage/limits.h"
#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

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
  return " JOIN ";  // Not CROSS JOIN, which would fix the order in which SQLite reads the tables.
}

/// Adds the relations of a FROM to `found`. Returns whether it has a RIGHT or FULL JOIN, which
/// keeps unmatched rows of its right side.
bool Collect(const plan::Relation& from, std::set<plan::RelationId>& found) {
  bool keeps_right = false;
  // Chains of joins are nested to the left and may be long, so the left side is walked iteratively.
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

/// The number of tables that a FROM reads, including those of derived tables. Returns more than
/// kMaxJoinedTables for what is nested deeper than `depth`.
std::size_t Tables(const plan::Relation& from, int depth) {
  if (depth == 0) return kMaxJoinedTables + 1;
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

// Makes the relations known to column references before any expression of the SELECT is printed.
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
  // Both flags apply to this FROM only; nested queries set their own and restore them.
  std::set<plan::RelationId> outer =
      std::exchange(from_, keeps_right ? std::move(own) : std::set<plan::RelationId>());
  const bool outer_apart =
      std::exchange(apart_, Tables(from, kDeepest / kQueryDepth) > kMaxJoinedTables);
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
    // With a limit, the choice of rows must not depend on an index.
    Query(*derived->query, derived->query->limit ? RowOrder::kAsInserted : RowOrder::kFree);
    // SQLite does not flatten a query with a LIMIT; -1 means no limit.
    if (apart_ && !derived->query->limit && derived->query->offset <= 0) Raw(" LIMIT -1");
    Raw(") AS r");
    Number(derived->id);
  } else {
    JoinedWith(std::get<plan::Join>(relation.node));
  }
}

// An absent table is printed as a query with its columns and no rows.
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

/// Prints the condition of a join in a FROM that has a RIGHT or FULL JOIN. SQLite evaluates a term
/// without columns once, before reading rows. If it is false, SQLite skips the join, including the
/// rows that a RIGHT or FULL JOIN must keep. It does so for inner joins and for a LEFT JOIN that it
/// has simplified to an inner one because another condition rejects the NULLs of its right side.
/// Such a term is therefore made to depend on a row of the right side.
void SqlPrinter::JoinCondition(const plan::Expr& condition, const plan::Relation& right) {
  if (const auto* all = std::get_if<plan::Logical>(&condition.node); all && all->conjunction) {
    for (std::size_t i = 0; i < all->operands.size(); ++i) {
      if (i > 0) Raw(" AND ");
      JoinCondition(*all->operands[i], right);
    }
    return;
  }
  // Print the term separately to find out whether it refers to a relation of this FROM.
  std::string before = std::exchange(sql_.text, {});
  std::set<plan::RelationId> outer = std::exchange(watched_, from_);
  const bool outer_reads = std::exchange(reads_row_, false);
  Expr(condition, Level::kNot);
  const std::string term = std::exchange(sql_.text, std::move(before));
  watched_ = std::move(outer);
  if (std::exchange(reads_row_, outer_reads)) return Raw(term);
  Raw("CASE ");  // The comparison with 2 is never true, but SQLite does not know that.
  RowOf(right);
  Raw(" IS NULL WHEN 2 THEN 0 ELSE " + term + " END");
}

/// Prints a column that requires a row of the relation.
void SqlPrinter::RowOf(const plan::Relation& relation) {
  const plan::Relation* leaf = &relation;
  while (const auto* join = std::get_if<plan::Join>(&leaf->node)) leaf = join->left.get();
  const auto* table = std::get_if<plan::BaseTable>(&leaf->node);
  Raw("r");
  Number(table != nullptr ? table->id : std::get<plan::DerivedTable>(leaf->node).id);
  Raw(table != nullptr ? ".rowid" : ".k0");
}

}  // namespace tql::storage::sqlite
