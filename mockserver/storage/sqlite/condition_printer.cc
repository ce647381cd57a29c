#include "mockserver/storage/sqlite/condition_printer.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "mockserver/storage/sqlite/conversion_printer.h"
#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/storage/sqlite/query_printer.h"

namespace tql::storage::sqlite {
namespace {

/// Operands of AND or OR in one chain. Longer chains are printed as a tree of small depth, because
/// SQLite parses a chain into a tree as deep as the chain is long.
constexpr std::size_t kFanOut = 16;

/// Appends operands of AND or OR as a tree with kFanOut branches at each node.
void AppendOperands(const PrintContext& context, std::span<const plan::ExprPtr> operands,
                    bool conjunction) {
  std::size_t stride = 1;
  while (stride * kFanOut < operands.size()) stride *= kFanOut;
  for (std::size_t i = 0; i < operands.size() && context.out.ok(); i += stride) {
    if (i > 0) context.out.Append(conjunction ? " AND " : " OR ");
    if (stride == 1) {
      AppendExpr(context, *operands[i], conjunction ? Level::kNot : Level::kAnd);
      continue;
    }
    context.out.Append("(");
    AppendOperands(context, operands.subspan(i, std::min(stride, operands.size() - i)),
                   conjunction);
    context.out.Append(")");
  }
}

/// Without a limit, any order of the rows gives the same value.
void AppendSetQuery(const PrintContext& context, const plan::Query& query) {
  AppendSubQuery(context, query, query.limit ? RowOrder::kAsInserted : RowOrder::kFree);
}

}  // namespace

void AppendLogical(const PrintContext& context, const plan::Logical& logical) {
  const std::size_t count = logical.operands.size();
  if (count == 0) return context.out.Append(logical.conjunction ? "1" : "0");
  // The unary plus keeps the terms from the planner; see kMaxPlanned.
  if (count > kMaxPlanned) context.out.Append("+(");
  AppendOperands(context, logical.operands, logical.conjunction);
  if (count > kMaxPlanned) context.out.Append(")");
}

void AppendLike(const PrintContext& context, const plan::Like& like, const plan::Expr& expr) {
  SqlOutput& out = context.out;
  out.Append(like.negated ? "NOT tql_like(" : "tql_like(");
  out.AppendNumberOf(Describe(expr, out.relations()));
  out.Append(", ");
  AppendExpr(context, *like.value, Level::kAny);
  out.Append(", ");
  AppendExpr(context, *like.pattern, Level::kAny);
  if (like.escape) {
    out.Append(", ");
    AppendExpr(context, *like.escape, Level::kAny);
  }
  out.Append(")");
}

void AppendBetween(const PrintContext& context, const plan::Between& between) {
  AppendExpr(context, *between.value, Level::kSum);
  context.out.Append(between.negated ? " NOT BETWEEN " : " BETWEEN ");
  AppendExpr(context, *between.low, Level::kSum);
  context.out.Append(" AND ");
  AppendExpr(context, *between.high, Level::kSum);
}

void AppendInList(const PrintContext& context, const plan::InList& in) {
  AppendExpr(context, *in.value, Level::kSum);
  context.out.Append(in.negated ? " NOT IN (" : " IN (");
  AppendConstantList(context, in.list);
  context.out.Append(")");
}

void AppendInQuery(const PrintContext& context, const plan::InQuery& in) {
  AppendExpr(context, *in.value, Level::kSum);
  context.out.Append(in.negated ? " NOT IN " : " IN ");
  AppendSetQuery(context, *in.query);
}

void AppendExists(const PrintContext& context, const plan::Exists& exists) {
  context.out.Append("EXISTS ");
  AppendSetQuery(context, *exists.query);
}

}  // namespace tql::storage::sqlite
