// The expressions of SqlPrinter.
#include <algorithm>
#include <bit>
#include <utility>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/values/value_conversion.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::storage::sqlite {
namespace {

using plan::BinaryOp;
using values::TypeKind;
using Level = SqlPrinter::Level;

/// Operands of AND or OR in one chain. Longer chains are printed as a tree of small depth, because
/// SQLite parses a chain into a tree as deep as the chain is long.
constexpr std::size_t kFanOut = 16;
/// The most conditions that SQLite's planner may see, whose time is quadratic in their number.
/// Larger ones are hidden behind a unary plus.
constexpr std::size_t kMaxPlanned = 256;

std::string_view Word(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
      return " + ";
    case BinaryOp::kSubtract:
      return " - ";
    case BinaryOp::kMultiply:
      return " * ";
    case BinaryOp::kDivide:
      return " / ";
    case BinaryOp::kModulo:
      return " % ";
    case BinaryOp::kConcat:
      return " || ";
    case BinaryOp::kEqual:
      return " = ";
    case BinaryOp::kNotEqual:
      return " <> ";
    case BinaryOp::kLess:
      return " < ";
    case BinaryOp::kLessEqual:
      return " <= ";
    case BinaryOp::kGreater:
      return " > ";
    case BinaryOp::kGreaterEqual:
      break;
  }
  return " >= ";
}

Level LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
      return Level::kSum;
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
      return Level::kProduct;
    case BinaryOp::kConcat:
      return Level::kConcat;
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
      return Level::kEquality;
    default:
      return Level::kComparison;
  }
}

Level Above(Level level) { return static_cast<Level>(static_cast<int>(level) + 1); }

/// Operators that propagate an overflow: SQLite's result is a real then, and stays a real.
bool CarriesOverflow(BinaryOp op) {
  return op == BinaryOp::kAdd || op == BinaryOp::kSubtract || op == BinaryOp::kMultiply ||
         op == BinaryOp::kDivide;
}

bool IsRealNegation(const plan::Unary& unary) {
  return unary.op == plan::UnaryOp::kNegate && values::IsReal(unary.operand->type.kind);
}

bool IsIntegerModulo(const plan::Binary& binary) {
  return binary.op == BinaryOp::kModulo && !values::IsReal(binary.left->type.kind);
}

/// Whether SQLite's CAST does the same as values::ConvertValue().
bool IsNativeCast(TypeKind from, TypeKind to) {
  return to == TypeKind::kDouble && from != TypeKind::kVarchar;
}

std::string_view NameOf(plan::Function function) {
  switch (function) {
    case plan::Function::kCoalesce:
      return "coalesce(";
    case plan::Function::kAbs:
      return "abs(";
    case plan::Function::kAbsDay:
      return "tql_absday(";
    case plan::Function::kAbsMonth:
      return "tql_absmonth(";
    case plan::Function::kAbsQuarter:
      return "tql_absquarter(";
    case plan::Function::kAbsYear:
      return "tql_absyear(";
    case plan::Function::kDate:
      return "tql_date(";
    case plan::Function::kTime:
      break;
  }
  return "tql_time(";
}

/// SQLite's sum() fails if an intermediate result overflows, and its avg() adds doubles.
std::string_view NameOf(plan::AggregateFunction function, bool of_integers) {
  switch (function) {
    case plan::AggregateFunction::kSum:
      return of_integers ? "tql_integer_sum(" : "sum(";
    case plan::AggregateFunction::kAvg:
      return of_integers ? "tql_integer_avg(" : "avg(";
    case plan::AggregateFunction::kMin:
      return "min(";
    case plan::AggregateFunction::kMax:
      return "max(";
    case plan::AggregateFunction::kStddev:
      return of_integers ? "tql_integer_stddev(" : "tql_stddev(";
    case plan::AggregateFunction::kVariance:
      return of_integers ? "tql_integer_variance(" : "tql_variance(";
    case plan::AggregateFunction::kCountRows:
    case plan::AggregateFunction::kCount:
      break;
  }
  return "count(";
}

/// The part of an expression's text that an error quotes, without line ends.
std::string OneLine(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string line(base::Utf8Prefix(text, kLongest));
  base::BlankControls(&line);
  return line.size() < text.size() ? line + "…" : line;
}

int BitsOfSize(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return std::bit_width(value < 0 ? 0 - bits : bits);
}

}  // namespace

// ---- Integer overflow ---------------------------------------------------------------------------
//
// SQLite turns an integer result that overflows into a real; TQL reports OUT_OF_RANGE. Arithmetic
// that may overflow is therefore printed within tql_integer(), once around the outermost operator.
// BitsOf() avoids the call for operands that are known to be small.

int SqlPrinter::BitsOf(const plan::Expr& expr, int depth) const {
  constexpr int kUnknown = 64;
  if (depth > kDeepest) return kUnknown;
  if (const auto* literal = std::get_if<plan::Literal>(&expr.node)) {
    const auto* integer = std::get_if<std::int64_t>(&literal->value);
    return integer ? BitsOfSize(*integer) : 0;
  }
  if (const auto* binary = std::get_if<plan::Binary>(&expr.node)) {
    if (sqlite::LevelOf(binary->op) <= Level::kComparison) return 1;
    const int left = BitsOf(*binary->left, depth + 1);
    const int right = BitsOf(*binary->right, depth + 1);
    if (binary->op == BinaryOp::kMultiply) return left + right;
    if (binary->op == BinaryOp::kDivide) return left;
    if (binary->op == BinaryOp::kModulo) return std::min(left, 63);
    return std::max(left, right) + 1;
  }
  if (const auto* unary = std::get_if<plan::Unary>(&expr.node)) {
    return unary->op == plan::UnaryOp::kNegate ? BitsOf(*unary->operand, depth + 1) : 1;
  }
  if (const auto* widen = std::get_if<plan::Widen>(&expr.node)) {
    return BitsOf(*widen->operand, depth + 1);
  }
  if (std::holds_alternative<plan::Cast>(expr.node)) {
    return expr.type.kind == TypeKind::kInt ? 32 : kUnknown;
  }
  if (const auto* column = std::get_if<plan::ColumnRef>(&expr.node)) {
    const auto relation = relations_.find(column->relation);
    const bool stored = relation != relations_.end() && relation->second != nullptr;
    if (stored && expr.type.kind == TypeKind::kInt) return 32;
  }
  return expr.type.kind == TypeKind::kBool ? 1 : kUnknown;
}

bool SqlPrinter::NeedsCheck(const plan::Expr& expr) const {
  if (values::IsReal(expr.type.kind)) return false;
  const auto* binary = std::get_if<plan::Binary>(&expr.node);
  const auto* unary = std::get_if<plan::Unary>(&expr.node);
  const bool arithmetic =
      (binary && CarriesOverflow(binary->op)) || (unary && unary->op == plan::UnaryOp::kNegate);
  // A result of at most 62 bits cannot overflow.
  return arithmetic && BitsOf(expr) > 62;
}

bool SqlPrinter::Fits(const plan::Expr& expr, TypeKind column) const {
  if (column != TypeKind::kFloat && column != TypeKind::kInt) return true;
  if (expr.type.kind == TypeKind::kNull) return true;
  if (const auto* ref = std::get_if<plan::ColumnRef>(&expr.node)) {
    const auto relation = relations_.find(ref->relation);
    return expr.type.kind == column && relation != relations_.end() && relation->second != nullptr;
  }
  if (std::holds_alternative<plan::Cast>(expr.node)) return expr.type.kind == column;
  const auto* literal = std::get_if<plan::Literal>(&expr.node);
  const auto* integer = literal ? std::get_if<std::int64_t>(&literal->value) : nullptr;
  return column == TypeKind::kInt && integer && BitsOfSize(*integer) <= 31;
}

void SqlPrinter::Stored(const plan::Expr& expr, const plan::ColumnDef& column) {
  const TypeKind to = column.type.kind;
  if (Fits(expr, to)) return Expr(expr, Level::kAny);
  const TypeKind from = Computed(expr.type.kind);
  ConvertBegin(from, to);
  Expr(expr, Level::kAny);
  ConvertEnd(from, to, Described(expr, column.name), {});
}

void SqlPrinter::ConvertBegin(TypeKind from, TypeKind to) {
  Raw(IsNativeCast(from, to) ? "CAST(" : "tql_cast(");
}

void SqlPrinter::ConvertEnd(TypeKind from, TypeKind to, CheckedExpr checked,
                            std::string_view hint) {
  if (IsNativeCast(from, to)) return Raw(" AS REAL)");
  Raw(", ");
  Number(static_cast<int>(from));
  Raw(", ");
  Number(static_cast<int>(to));
  Raw(", ");
  CheckNumber(std::move(checked));
  if (from == TypeKind::kVarchar && !hint.empty()) {
    Raw(", ");
    Parameter(values::Datum::Text(hint));
  }
  Raw(")");
}

CheckedExpr SqlPrinter::Described(const plan::Expr& expr, std::string_view column) const {
  CheckedExpr described;
  if (!expr.source.text.empty()) described.offset = expr.source.offset;
  const plan::Expr* value = &expr;
  while (const auto* widen = std::get_if<plan::Widen>(&value->node)) value = widen->operand.get();
  std::string name(column);
  if (const auto* ref = std::get_if<plan::ColumnRef>(&value->node); ref && name.empty()) {
    const auto relation = relations_.find(ref->relation);
    if (relation != relations_.end() && relation->second != nullptr) {
      name = relation->second->columns[static_cast<std::size_t>(ref->column)].name;
    }
  }
  if (!name.empty()) {
    described.object = "Column \"" + name + '"';
  } else if (!value->source.text.empty()) {
    described.object = "Expression " + OneLine(value->source.text);
  }
  return described;
}

void SqlPrinter::CheckNumber(CheckedExpr checked) {
  Number(static_cast<std::int64_t>(sql_.checked.size()));
  sql_.checked.push_back(std::move(checked));
}

// ---- Expressions -------------------------------------------------------------------------------

Level SqlPrinter::LevelOf(const plan::Expr& expr) const {
  if (const auto* binary = std::get_if<plan::Binary>(&expr.node)) {
    if (binary->op == BinaryOp::kModulo && !IsIntegerModulo(*binary)) return Level::kPrimary;
    return sqlite::LevelOf(binary->op);
  }
  if (const auto* unary = std::get_if<plan::Unary>(&expr.node)) {
    if (unary->op == plan::UnaryOp::kNot) return Level::kNot;
    if (IsRealNegation(*unary)) return Level::kProduct;
    return unary->op == plan::UnaryOp::kNegate ? Level::kUnary : Level::kEquality;
  }
  if (const auto* logical = std::get_if<plan::Logical>(&expr.node)) {
    if (logical->operands.size() == 1) return LevelOf(*logical->operands[0]);
    if (logical->operands.size() > kMaxPlanned) return Level::kUnary;
    return logical->operands.empty() ? Level::kPrimary
           : logical->conjunction    ? Level::kAnd
                                     : Level::kOr;
  }
  if (const auto* like = std::get_if<plan::Like>(&expr.node)) {
    return like->negated ? Level::kNot : Level::kPrimary;
  }
  if (std::holds_alternative<plan::Between>(expr.node) ||
      std::holds_alternative<plan::InList>(expr.node) ||
      std::holds_alternative<plan::InQuery>(expr.node)) {
    return Level::kEquality;
  }
  return Level::kPrimary;
}

void SqlPrinter::Expr(const plan::Expr& expr, Level at_least, bool checked) {
  if (!status_.ok()) return;
  if (depth_ >= kDeepest) return FailDepth();
  ++depth_;
  // A Widen does not change the value, so it is not printed.
  if (const auto* widen = std::get_if<plan::Widen>(&expr.node)) {
    Expr(*widen->operand, at_least, checked);
    --depth_;
    return;
  }
  const bool check = !checked && NeedsCheck(expr);
  const bool brackets = check || LevelOf(expr) < at_least;
  if (brackets) Raw(check ? "tql_integer(" : "(");
  std::visit([&](const auto& node) { Node(node, expr, checked || check); }, expr.node);
  if (check) {
    Raw(", ");
    CheckNumber(Described(expr));
  }
  if (brackets) Raw(")");
  --depth_;
}

void SqlPrinter::Node(const plan::ColumnRef& column, const plan::Expr&, bool) {
  const auto relation = relations_.find(column.relation);
  if (relation == relations_.end()) {
    return Fail(InternalError("a plan refers to a table that it does not read"));
  }
  if (watched_.contains(column.relation)) reads_row_ = true;
  Raw("r");
  Number(column.relation);
  if (relation->second != nullptr) {
    Raw(".");
    ColumnName(*relation->second, column.column);
  } else {
    Raw(".k");
    Number(column.column);
  }
}

void SqlPrinter::Node(const plan::ItemRef& item, const plan::Expr&, bool) {
  Number(std::int64_t{item.item} + 1);
}

void SqlPrinter::Node(const plan::Unary& unary, const plan::Expr&, bool checked) {
  switch (unary.op) {
    case plan::UnaryOp::kNot:
      Raw("NOT ");
      return Expr(*unary.operand, Level::kNot);
    case plan::UnaryOp::kNegate:
      if (IsRealNegation(unary)) {
        Raw("-1.0 * ");  // SQLite's unary minus turns 0.0 into 0.0 instead of -0.0.
        return Expr(*unary.operand, Level::kUnary);
      }
      Raw("-");
      return Expr(*unary.operand, Level::kPrimary, checked);
    case plan::UnaryOp::kIsNull:
      Expr(*unary.operand, Level::kSum);
      return Raw(" IS NULL");
    case plan::UnaryOp::kIsNotNull:
      Expr(*unary.operand, Level::kSum);
      return Raw(" IS NOT NULL");
  }
}

void SqlPrinter::Node(const plan::Binary& binary, const plan::Expr& expr, bool checked) {
  const Level level = sqlite::LevelOf(binary.op);
  if (binary.op == BinaryOp::kModulo && !IsIntegerModulo(binary)) {
    Raw("mod(");
    Expr(*binary.left, Level::kAny);
    Raw(", ");
    Expr(*binary.right, Level::kAny);
    return Raw(")");
  }
  if (binary.op == BinaryOp::kConcat) return Concatenation(binary);
  const bool carries = checked && CarriesOverflow(binary.op);
  const bool comparison = level == Level::kEquality || level == Level::kComparison;
  // A real quotient of integers: SQLite's integer division would drop the fraction.
  const bool widened = binary.op == BinaryOp::kDivide && values::IsReal(expr.type.kind) &&
                       !values::IsReal(binary.left->type.kind);
  if (widened) Raw("CAST(");
  Expr(*binary.left, widened ? Level::kAny : comparison ? Level::kSum : level, carries);
  if (widened) Raw(" AS REAL)");
  Raw(Word(binary.op));
  Expr(*binary.right, comparison ? Level::kSum : Above(level), carries);
}

/// Prints a chain of || as a balanced tree. SQLite keeps every intermediate result: in a chain
/// their total size is quadratic in its length, in a tree a small multiple of the result.
void SqlPrinter::Concatenation(const plan::Binary& last) {
  std::vector<const plan::Expr*> operands = {last.right.get()};
  const plan::Expr* first = last.left.get();
  while (const auto* binary = std::get_if<plan::Binary>(&first->node)) {
    if (binary->op != BinaryOp::kConcat) break;
    operands.push_back(binary->right.get());
    first = binary->left.get();
  }
  operands.push_back(first);
  std::reverse(operands.begin(), operands.end());
  Concatenated(operands);
}

void SqlPrinter::Concatenated(std::span<const plan::Expr* const> operands) {
  const std::size_t half = operands.size() / 2;
  for (const auto part : {operands.first(half), operands.subspan(half)}) {
    if (part.data() != operands.data()) Raw(Word(BinaryOp::kConcat));
    if (part.size() == 1) {
      Expr(*part.front(), Above(Level::kConcat));
    } else {
      Raw("(");
      Concatenated(part);
      Raw(")");
    }
  }
}

// Prints operands [begin, end) of AND or OR as a tree with kFanOut branches at each node.
void SqlPrinter::Operands(const plan::Logical& logical, std::size_t begin, std::size_t end) {
  std::size_t stride = 1;
  while (stride * kFanOut < end - begin) stride *= kFanOut;
  const Level level = logical.conjunction ? Level::kNot : Level::kAnd;
  for (std::size_t i = begin; i < end && status_.ok(); i += stride) {
    if (i > begin) Raw(logical.conjunction ? " AND " : " OR ");
    if (stride == 1) {
      Expr(*logical.operands[i], level);
      continue;
    }
    Raw("(");
    Operands(logical, i, std::min(i + stride, end));
    Raw(")");
  }
}

void SqlPrinter::Node(const plan::Logical& logical, const plan::Expr&, bool) {
  const std::size_t count = logical.operands.size();
  if (count == 0) return Raw(logical.conjunction ? "1" : "0");
  // The unary plus keeps the terms from the planner; see kMaxPlanned.
  if (count > kMaxPlanned) Raw("+(");
  Operands(logical, 0, count);
  if (count > kMaxPlanned) Raw(")");
}

void SqlPrinter::Node(const plan::Like& like, const plan::Expr& expr, bool) {
  Raw(like.negated ? "NOT tql_like(" : "tql_like(");
  CheckNumber(Described(expr));
  Raw(", ");
  Expr(*like.value, Level::kAny);
  Raw(", ");
  Expr(*like.pattern, Level::kAny);
  if (like.escape) {
    Raw(", ");
    Expr(*like.escape, Level::kAny);
  }
  Raw(")");
}

void SqlPrinter::Node(const plan::Between& between, const plan::Expr&, bool) {
  Expr(*between.value, Level::kSum);
  Raw(between.negated ? " NOT BETWEEN " : " BETWEEN ");
  Expr(*between.low, Level::kSum);
  Raw(" AND ");
  Expr(*between.high, Level::kSum);
}

void SqlPrinter::List(const std::vector<plan::ExprPtr>& list) {
  std::string_view separator;
  for (const plan::ExprPtr& expr : list) {
    Raw(std::exchange(separator, ", "));
    Expr(*expr, Level::kAny);
  }
}

void SqlPrinter::ConstantList(const std::vector<plan::ExprPtr>& list) {
  const bool before = std::exchange(in_list_, true);
  List(list);
  in_list_ = before;
}

void SqlPrinter::Node(const plan::InList& in, const plan::Expr&, bool) {
  Expr(*in.value, Level::kSum);
  Raw(in.negated ? " NOT IN (" : " IN (");
  ConstantList(in.list);
  Raw(")");
}

void SqlPrinter::SubQuery(const plan::QueryPtr& query) {
  has_query_ = true;
  Raw("(");
  Query(*query, query->limit ? RowOrder::kAsInserted : RowOrder::kFree);
  Raw(")");
}

void SqlPrinter::Node(const plan::InQuery& in, const plan::Expr&, bool) {
  Expr(*in.value, Level::kSum);
  Raw(in.negated ? " NOT IN " : " IN ");
  SubQuery(in.query);
}

void SqlPrinter::Node(const plan::Exists& exists, const plan::Expr&, bool) {
  Raw("EXISTS ");
  SubQuery(exists.query);
}

void SqlPrinter::Node(const plan::ScalarQuery& scalar, const plan::Expr&, bool) {
  has_query_ = true;
  Raw("(");
  Query(*scalar.query, RowOrder::kAsInserted);
  Raw(")");
}

void SqlPrinter::Node(const plan::Case& choice, const plan::Expr&, bool) {
  Raw("CASE");
  if (choice.operand) {
    Raw(" ");
    Expr(*choice.operand, Level::kAny);
  }
  for (const plan::Case::Arm& arm : choice.arms) {
    Raw(" WHEN ");
    Expr(*arm.when, Level::kAny);
    Raw(" THEN ");
    Expr(*arm.then, Level::kAny);
  }
  if (choice.otherwise) {
    Raw(" ELSE ");
    Expr(*choice.otherwise, Level::kAny);
  }
  Raw(" END");
}

void SqlPrinter::Node(const plan::Cast& cast, const plan::Expr& expr, bool) {
  const TypeKind from = cast.operand->type.kind;
  ConvertBegin(from, expr.type.kind);
  Expr(*cast.operand, Level::kAny);
  ConvertEnd(from, expr.type.kind, Described(*cast.operand, cast.column), cast.hint);
}

void SqlPrinter::Node(const plan::Widen& widen, const plan::Expr&, bool checked) {
  Expr(*widen.operand, Level::kAny, checked);
}

void SqlPrinter::Node(const plan::Call& call, const plan::Expr& expr, bool) {
  // SQLite's abs() keeps the sign of -0.0; adding 0.0 removes it.
  const bool real_abs = call.function == plan::Function::kAbs && values::IsReal(expr.type.kind);
  if (real_abs) Raw("(0.0 + ");
  Raw(NameOf(call.function));
  List(call.arguments);
  Raw(real_abs ? "))" : ")");
}

void SqlPrinter::Node(const plan::Aggregate& aggregate, const plan::Expr& expr, bool) {
  has_aggregate_ = true;
  if (aggregate.function == plan::AggregateFunction::kCountRows) return Raw("count(*)");
  const bool of_integers = values::IsInteger(aggregate.argument->type.kind);
  // tql_integer() reports the real that tql_integer_sum() returns on overflow.
  const bool check = of_integers && aggregate.function == plan::AggregateFunction::kSum;
  if (check) Raw("tql_integer(");
  Raw(NameOf(aggregate.function, of_integers));
  if (aggregate.distinct) Raw("DISTINCT ");
  Expr(*aggregate.argument, Level::kAny);
  Raw(")");
  if (!check) return;
  Raw(", ");
  CheckNumber(Described(expr));
  Raw(")");
}

}  // namespace tql::storage::sqlite
