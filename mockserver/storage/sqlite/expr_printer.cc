#include "mockserver/storage/sqlite/expr_printer.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "mockserver/storage/sqlite/condition_printer.h"
#include "mockserver/storage/sqlite/constant_printer.h"
#include "mockserver/storage/sqlite/conversion_printer.h"
#include "mockserver/storage/sqlite/function_printer.h"
#include "mockserver/storage/sqlite/integer_overflow.h"
#include "mockserver/storage/sqlite/query_printer.h"
#include "mockserver/values/type.h"

namespace tql::storage::sqlite {
namespace {

using plan::BinaryOp;

void AppendColumnRef(const PrintContext& context, const plan::ColumnRef& column) {
  SqlOutput& out = context.out;
  if (context.term != nullptr && context.term->from.contains(column.relation)) {
    context.term->reads_row = true;
  }
  if (const plan::TableDef* table = out.relations().FindTable(column.relation)) {
    out.Append("r", column.relation, ".");
    return out.AppendColumn(*table, column.column);
  }
  if (!out.relations().Contains(column.relation)) {
    return out.Fail(InternalError("a plan refers to a table that it does not read"));
  }
  out.Append("r", column.relation, ".k", column.column);
}

void AppendUnary(const PrintContext& context, const plan::Unary& unary, OverflowCheck check) {
  SqlOutput& out = context.out;
  switch (unary.op) {
    case plan::UnaryOp::kNot:
      out.Append("NOT ");
      return AppendExpr(context, *unary.operand, Level::kNot);
    case plan::UnaryOp::kNegate:
      if (IsRealNegation(unary)) {
        out.Append("-1.0 * ");  // SQLite's unary minus turns 0.0 into 0.0 instead of -0.0.
        return AppendExpr(context, *unary.operand, Level::kUnary);
      }
      out.Append("-");
      return AppendExpr(context, *unary.operand, Level::kPrimary, check);
    case plan::UnaryOp::kIsNull:
      AppendExpr(context, *unary.operand, Level::kSum);
      return out.Append(" IS NULL");
    case plan::UnaryOp::kIsNotNull:
      AppendExpr(context, *unary.operand, Level::kSum);
      return out.Append(" IS NOT NULL");
  }
}

/// Appends two or more operands of || as a balanced tree. SQLite keeps every intermediate result:
/// in a chain their total size is quadratic in its length, in a tree a small multiple of the
/// result.
void AppendConcatenated(const PrintContext& context, std::span<const plan::Expr* const> operands) {
  const std::size_t half = operands.size() / 2;
  for (const auto part : {operands.first(half), operands.subspan(half)}) {
    if (part.data() != operands.data()) context.out.Append(TextOf(BinaryOp::kConcat));
    if (part.size() == 1) {
      AppendExpr(context, *part.front(), Above(Level::kConcat));
    } else {
      context.out.Append("(");
      AppendConcatenated(context, part);
      context.out.Append(")");
    }
  }
}

void AppendConcatenation(const PrintContext& context, const plan::Binary& last) {
  std::vector<const plan::Expr*> operands = {last.right.get()};
  const plan::Expr* first = last.left.get();
  while (const auto* binary = std::get_if<plan::Binary>(&first->node)) {
    if (binary->op != BinaryOp::kConcat) break;
    operands.push_back(binary->right.get());
    first = binary->left.get();
  }
  operands.push_back(first);
  std::reverse(operands.begin(), operands.end());
  AppendConcatenated(context, operands);
}

void AppendComparison(const PrintContext& context, const plan::Binary& binary) {
  AppendExpr(context, *binary.left, Level::kSum);
  context.out.Append(TextOf(binary.op));
  AppendExpr(context, *binary.right, Level::kSum);
}

void AppendArithmetic(const PrintContext& context, const plan::Binary& binary,
                      values::TypeKind result, OverflowCheck check) {
  SqlOutput& out = context.out;
  const Level level = LevelOf(binary.op);
  const OverflowCheck inner = CarriesOverflow(binary.op) ? check : OverflowCheck::kOwn;
  const bool exact_quotient = binary.op == BinaryOp::kDivide && values::IsReal(result) &&
                              !values::IsReal(binary.left->type.kind);
  if (exact_quotient) {
    // SQLite's integer division would drop the fraction.
    out.Append("CAST(");
    AppendExpr(context, *binary.left, Level::kAny, inner);
    out.Append(" AS REAL)");
  } else {
    AppendExpr(context, *binary.left, level, inner);
  }
  out.Append(TextOf(binary.op));
  AppendExpr(context, *binary.right, Above(level), inner);
}

void AppendBinary(const PrintContext& context, const plan::Binary& binary, const plan::Expr& expr,
                  OverflowCheck check) {
  if (IsRealModulo(binary)) {
    context.out.Append("mod(");
    AppendExpr(context, *binary.left, Level::kAny);
    context.out.Append(", ");
    AppendExpr(context, *binary.right, Level::kAny);
    return context.out.Append(")");
  }
  if (binary.op == BinaryOp::kConcat) return AppendConcatenation(context, binary);
  if (LevelOf(binary.op) <= Level::kComparison) return AppendComparison(context, binary);
  AppendArithmetic(context, binary, expr.type.kind, check);
}

void AppendCase(const PrintContext& context, const plan::Case& choice) {
  SqlOutput& out = context.out;
  out.Append("CASE");
  if (choice.operand) {
    out.Append(" ");
    AppendExpr(context, *choice.operand, Level::kAny);
  }
  for (const plan::Case::Arm& arm : choice.arms) {
    out.Append(" WHEN ");
    AppendExpr(context, *arm.when, Level::kAny);
    out.Append(" THEN ");
    AppendExpr(context, *arm.then, Level::kAny);
  }
  if (choice.otherwise) {
    out.Append(" ELSE ");
    AppendExpr(context, *choice.otherwise, Level::kAny);
  }
  out.Append(" END");
}

/// Appends the node of an expression.
struct NodePrinter {
  const PrintContext& context;
  const plan::Expr& expr;
  Level at_least;
  OverflowCheck check;

  void operator()(const plan::Literal& node) const { AppendLiteral(context, node); }
  void operator()(const plan::ColumnRef& node) const { AppendColumnRef(context, node); }
  void operator()(const plan::ItemRef& node) const {
    context.out.Append(std::int64_t{node.item} + 1);
  }
  void operator()(const plan::Unary& node) const { AppendUnary(context, node, check); }
  void operator()(const plan::Binary& node) const { AppendBinary(context, node, expr, check); }
  void operator()(const plan::Logical& node) const { AppendLogical(context, node); }
  void operator()(const plan::Like& node) const { AppendLike(context, node, expr); }
  void operator()(const plan::Between& node) const { AppendBetween(context, node); }
  void operator()(const plan::InList& node) const { AppendInList(context, node); }
  void operator()(const plan::InQuery& node) const { AppendInQuery(context, node); }
  void operator()(const plan::Exists& node) const { AppendExists(context, node); }
  void operator()(const plan::ScalarQuery& node) const {
    AppendSubQuery(context, *node.query, RowOrder::kAsInserted);
  }
  void operator()(const plan::Case& node) const { AppendCase(context, node); }
  void operator()(const plan::Cast& node) const { AppendCast(context, node, expr); }
  /// A Widen does not change the value, so it is not printed.
  void operator()(const plan::Widen& node) const {
    AppendExpr(context, *node.operand, at_least, check);
  }
  void operator()(const plan::Call& node) const { AppendCall(context, node, expr); }
  void operator()(const plan::Aggregate& node) const { AppendAggregate(context, node, expr); }
};

}  // namespace

void AppendExpr(PrintContext context, const plan::Expr& expr, Level at_least, OverflowCheck check) {
  if (!context.Enter(1)) return;
  SqlOutput& out = context.out;
  if (check == OverflowCheck::kOwn && MayOverflow(expr, out.relations())) {
    out.Append("tql_integer(");
    std::visit(NodePrinter{context, expr, at_least, OverflowCheck::kEnclosing}, expr.node);
    out.Append(", ");
    out.AppendNumberOf(Describe(expr, out.relations()));
    return out.Append(")");
  }
  const bool brackets = LevelOf(expr) < at_least;
  if (brackets) out.Append("(");
  std::visit(NodePrinter{context, expr, at_least, check}, expr.node);
  if (brackets) out.Append(")");
}

void AppendList(const PrintContext& context, const std::vector<plan::ExprPtr>& list) {
  std::string_view separator;
  for (const plan::ExprPtr& expr : list) {
    context.out.Append(std::exchange(separator, ", "));
    AppendExpr(context, *expr, Level::kAny);
  }
}

void AppendConstantList(PrintContext context, const std::vector<plan::ExprPtr>& list) {
  context.in_constant_list = true;
  AppendList(context, list);
}

}  // namespace tql::storage::sqlite
