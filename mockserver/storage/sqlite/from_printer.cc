#include "mockserver/storage/sqlite/from_printer.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "mockserver/storage/limits.h"
#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/storage/sqlite/query_printer.h"

namespace tql::storage::sqlite {
namespace {

std::string_view TextOf(plan::JoinKind kind) {
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

/// How the relations of one FROM are printed; a nested FROM has its own rules.
struct FromRules {
  /// All relations if there is a RIGHT or FULL JOIN, whose conditions need care; otherwise empty.
  std::set<plan::RelationId> guarded;
  /// Whether SQLite must not flatten derived tables, because it could not join so many tables.
  bool keeps_derived = false;
};

FromRules RulesOf(const plan::Relation& from) {
  FromRules rules;
  if (!Collect(from, rules.guarded)) rules.guarded.clear();
  rules.keeps_derived = Tables(from, kDeepest / kQueryDepth) > kMaxJoinedTables;
  return rules;
}

/// Appends a table. An absent table is printed as a query with its columns and no rows.
void AppendTable(SqlOutput& out, const plan::TableDef& table) {
  if (!out.IsAbsent(table)) return out.Append(PhysicalTable(table.id));
  out.Append("(SELECT NULL AS rowid");
  for (const plan::ColumnDef& column : table.columns) {
    out.Append(", NULL AS ", PhysicalColumn(column.id));
  }
  out.Append(" WHERE false)");
}

/// Appends a column that requires a row of the relation.
void AppendRowOf(SqlOutput& out, const plan::Relation& relation) {
  const plan::Relation* leaf = &relation;
  while (const auto* join = std::get_if<plan::Join>(&leaf->node)) leaf = join->left.get();
  if (const auto* table = std::get_if<plan::BaseTable>(&leaf->node)) {
    return out.Append("r", table->id, ".rowid");
  }
  out.Append("r", std::get<plan::DerivedTable>(leaf->node).id, ".k0");
}

/// Appends the condition of a join in a FROM that has a RIGHT or FULL JOIN. SQLite evaluates a term
/// without columns once, before reading rows. If it is false, SQLite skips the join, including the
/// rows that a RIGHT or FULL JOIN must keep. It does so for inner joins and for a LEFT JOIN that it
/// has simplified to an inner one because another condition rejects the NULLs of its right side.
/// Such a term is therefore made to depend on a row of the right side.
void AppendGuarded(PrintContext context, const plan::Expr& condition, const plan::Relation& right,
                   const FromRules& rules) {
  SqlOutput& out = context.out;
  if (const auto* all = std::get_if<plan::Logical>(&condition.node); all && all->conjunction) {
    for (std::size_t i = 0; i < all->operands.size(); ++i) {
      if (i > 0) out.Append(" AND ");
      AppendGuarded(context, *all->operands[i], right, rules);
    }
    return;
  }
  // Print the term to find out whether it refers to a relation of this FROM.
  const std::size_t begin = out.size();
  JoinTermFindings findings{.from = rules.guarded};
  context.term = &findings;
  AppendExpr(context, condition, Level::kNot);
  if (findings.reads_row) return;
  const std::string term = out.Cut(begin);
  out.Append("CASE ");  // The comparison with 2 is never true, but SQLite does not know that.
  AppendRowOf(out, right);
  out.Append(" IS NULL WHEN 2 THEN 0 ELSE ", term, " END");
}

void AppendDerived(const PrintContext& context, const plan::DerivedTable& derived,
                   const FromRules& rules) {
  SqlOutput& out = context.out;
  const plan::Query& query = *derived.query;
  out.Append("(");
  // With a limit, the choice of rows must not depend on an index.
  AppendQuery(context, query, query.limit ? RowOrder::kAsInserted : RowOrder::kFree);
  // SQLite does not flatten a query with a LIMIT; -1 means no limit.
  if (rules.keeps_derived && !query.limit && query.offset <= 0) out.Append(" LIMIT -1");
  out.Append(") AS r", derived.id);
}

void AppendRelation(const PrintContext& context, const plan::Relation& relation,
                    const FromRules& rules) {
  SqlOutput& out = context.out;
  if (!out.ok()) return;
  if (const auto* table = std::get_if<plan::BaseTable>(&relation.node)) {
    AppendTable(out, *table->table);
    return out.Append(" AS r", table->id);
  }
  if (const auto* derived = std::get_if<plan::DerivedTable>(&relation.node)) {
    return AppendDerived(context, *derived, rules);
  }
  const auto& join = std::get<plan::Join>(relation.node);
  AppendRelation(context, *join.left, rules);
  out.Append(TextOf(join.kind));
  const bool nested = std::holds_alternative<plan::Join>(join.right->node);
  if (nested) out.Append("(");
  AppendRelation(context, *join.right, rules);
  if (nested) out.Append(")");
  if (!join.on) return;
  out.Append(" ON ");
  if (!rules.guarded.empty()) return AppendGuarded(context, *join.on, *join.right, rules);
  AppendExpr(context, *join.on, Level::kAny);
}

}  // namespace

void AddRelations(PrintContext context, const plan::Relation& from) {
  if (const auto* table = std::get_if<plan::BaseTable>(&from.node)) {
    context.out.relations().AddTable(table->id, *table->table);
  } else if (const auto* derived = std::get_if<plan::DerivedTable>(&from.node)) {
    context.out.relations().AddDerived(derived->id);
  } else if (const auto* join = std::get_if<plan::Join>(&from.node); context.Enter(1)) {
    AddRelations(context, *join->left);
    AddRelations(context, *join->right);
  }
}

void AppendFrom(const PrintContext& context, const plan::Relation& from) {
  if (!context.out.ok()) return;
  context.out.Append(" FROM ");
  AppendRelation(context, from, RulesOf(from));
}

}  // namespace tql::storage::sqlite
