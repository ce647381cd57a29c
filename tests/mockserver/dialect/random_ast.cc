#include "tests/mockserver/dialect/random_ast.h"

#include <string>
#include <utility>

namespace tql::dialect {
namespace {

// Unquoted names that are also keywords, and all kinds of quoted names.
constexpr std::string_view kBareNames[] = {
    "a",       "b",   "T1",   "_x",       "count",  "date", "escape", "key",
    "cast",    "h",   "time", "database", "schema", "hash", "load",   "to",
    "boolean", "int", "exit", "values_",  "table_", "view", "server"};
constexpr std::string_view kQuotedNames[] = {"a",
                                             "A b",
                                             "x.y",
                                             "say \"hi\"",
                                             "it's",
                                             "Day(Order Date)",
                                             "zwei\nZeilen",
                                             "größe",
                                             "select",
                                             "é;",
                                             "--",
                                             "/*",
                                             "1",
                                             "guid",
                                             " ",
                                             "\\"};
constexpr std::string_view kFunctions[] = {"sum", "COUNT", "f", "coalesce", "date", "absyear"};
constexpr std::string_view kIntegers[] = {"0",
                                          "1",
                                          "-1",
                                          "007",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "123456789012345678901234567890"};
constexpr std::string_view kDecimals[] = {"1.5", ".5", "1.", "-0.25", "1e3", "-1.5E-3"};
constexpr std::string_view kStrings[] = {"",   "x",  "it's", "''",           "a\\", "\"",
                                         "--", "/*", ";",    "zwei\nZeilen", "é€😀", "\t"};
constexpr BinaryOp kComparisons[] = {BinaryOp::kEqual,   BinaryOp::kNotEqual,
                                     BinaryOp::kLess,    BinaryOp::kLessEqual,
                                     BinaryOp::kGreater, BinaryOp::kGreaterEqual};
constexpr BinaryOp kSums[] = {BinaryOp::kAdd, BinaryOp::kSubtract, BinaryOp::kConcat};
constexpr BinaryOp kProducts[] = {BinaryOp::kMultiply, BinaryOp::kDivide, BinaryOp::kModulo};
constexpr SetOp kUnions[] = {SetOp::kUnion, SetOp::kUnionAll, SetOp::kExcept};

bool IsUnsignedNumber(const Expr& expr) {
  const auto* literal = expr.as<Literal>();
  if (literal == nullptr) return false;
  const bool number =
      literal->kind == LiteralKind::kInteger || literal->kind == LiteralKind::kDecimal;
  return number && !literal->text.starts_with('-');
}

}  // namespace

// ---- Leaves -----------------------------------------------------------------------------------

Name RandomAst::MakeName() {
  if (OneIn(3)) return {std::string(Pick(kQuotedNames)), true, {}};
  return {std::string(Pick(kBareNames)), false, {}};
}

std::vector<Name> RandomAst::MakeNames(std::size_t least) {
  return Some(least, [this] { return MakeName(); });
}

ObjectName RandomAst::MakeObject(std::size_t max_parts) {
  ObjectName name;
  const std::size_t parts = 1 + Below(max_parts);
  while (name.parts.size() < parts) name.parts.push_back(MakeName());
  return name;
}

TypeName RandomAst::MakeType() {
  TypeName type;
  type.keyword = static_cast<TypeKeyword>(Below(static_cast<std::size_t>(TypeKeyword::kTime) + 1));
  const bool text = type.keyword == TypeKeyword::kVarchar || type.keyword == TypeKeyword::kChar;
  if (text) type.length = Maybe([this] { return MakeCount(); });
  return type;
}

Literal RandomAst::MakeLiteral() {
  const auto kind = static_cast<LiteralKind>(Below(6));
  switch (kind) {
    case LiteralKind::kInteger:
      return {kind, std::string(Pick(kIntegers)), {}};
    case LiteralKind::kDecimal:
      return {kind, std::string(Pick(kDecimals)), {}};
    case LiteralKind::kString:
      return {kind, std::string(Pick(kStrings)), {}};
    default:
      return {kind, "", {}};
  }
}

std::int64_t RandomAst::MakeCount() {
  constexpr std::int64_t kCounts[] = {0, 1, 25, 9223372036854775807};
  return Pick(kCounts);
}

// ---- Expressions ------------------------------------------------------------------------------

Expr RandomAst::MakeLeaf() {
  if (OneIn(2)) return {ColumnRef{MakeObject(4)}, {}};
  return {MakeLiteral(), {}};
}

Expr RandomAst::MakeExpr(int depth) {
  if (depth <= 0 || OneIn(5)) return MakeLeaf();
  switch (Below(10)) {
    case 0:
      return MakeUnary(depth - 1);
    case 1:
      return MakeCall(depth - 1);
    case 2:
      return {CastExpr{MakeExpr(depth - 1), MakeType()}, {}};
    case 3:
      return MakeCase(depth - 1);
    case 4:
      return MakeIn(depth - 1);
    case 5:
      return MakeTest(depth - 1);
    case 6:
      return OneIn(2) ? Expr{ExistsExpr{MakeQuery(depth - 1, false, /*alone=*/true)}, {}}
                      : Expr{SubqueryExpr{MakeQuery(depth - 1, false, /*alone=*/false)}, {}};
    default:
      return MakeOperators(depth - 1);
  }
}

Expr RandomAst::MakeOperators(int depth) {
  OperatorExpr chain;
  const std::size_t group = Below(5);
  const std::size_t count = group == 2 ? 1 : 1 + Below(3);
  chain.operands.push_back(MakeExpr(depth));
  while (chain.ops.size() < count) {
    const BinaryOp ops[] = {BinaryOp::kOr, BinaryOp::kAnd, Pick(kComparisons), Pick(kSums),
                            Pick(kProducts)};
    chain.ops.push_back(ops[group]);
    chain.operands.push_back(MakeExpr(depth));
  }
  return {std::move(chain), {}};
}

Expr RandomAst::MakeUnary(int depth) {
  Expr operand = MakeExpr(depth);
  const bool negate = OneIn(2) && !IsUnsignedNumber(operand);
  if (negate) return Negated(std::move(operand));
  return {UnaryExpr{UnaryOp::kNot, std::move(operand)}, {}};
}

Expr RandomAst::MakeCall(int depth) {
  FunctionCall call;
  call.name = {std::string(Pick(kFunctions)), false, {}};
  call.star = OneIn(4);
  if (!call.star) call.args = Some(0, [&] { return MakeExpr(depth); });
  call.distinct = !call.args.empty() && OneIn(3);
  return {std::move(call), {}};
}

Expr RandomAst::MakeCase(int depth) {
  CaseExpr expr;
  if (OneIn(2)) expr.operand = MakeExpr(depth);
  for (std::size_t count = 1 + Below(2); expr.values.size() < count;) {
    expr.conditions.push_back(MakeExpr(depth));
    expr.values.push_back(MakeExpr(depth));
  }
  if (OneIn(2)) expr.otherwise = MakeExpr(depth);
  return {std::move(expr), {}};
}

Expr RandomAst::MakeIn(int depth) {
  InExpr in{MakeExpr(depth), OneIn(2), {}, {}};
  if (OneIn(2)) {
    in.query = MakeQuery(depth, false, /*alone=*/false);
  } else {
    in.list = Some(1, [&] { return MakeExpr(depth); });
  }
  return {std::move(in), {}};
}

Expr RandomAst::MakeTest(int depth) {
  const bool negated = OneIn(2);
  switch (Below(3)) {
    case 0:
      return {BetweenExpr{MakeExpr(depth), negated, MakeExpr(depth), MakeExpr(depth)}, {}};
    case 1:
      return {IsNullExpr{MakeExpr(depth), negated}, {}};
    default:
      break;
  }
  LikeExpr like{MakeExpr(depth), negated, MakeExpr(depth), {}};
  if (OneIn(2)) like.escape = MakeExpr(depth);
  return {std::move(like), {}};
}

// ---- Queries ----------------------------------------------------------------------------------

Query RandomAst::MakeQuery(int depth, bool into_allowed, bool alone) {
  Query query;
  const bool intersect = OneIn(3);
  const std::size_t count = depth > 0 && OneIn(2) ? 1 + Below(3) : 1;
  query.order_by.resize(OneIn(3) ? 1 + Below(2) : 0);
  for (OrderItem& item : query.order_by) item = {MakeExpr(depth - 1), OneIn(2)};
  if (OneIn(4)) query.limit = MakeCount();
  const bool bracket_allowed = alone || count > 1 || query.limit || !query.order_by.empty();
  while (query.terms.size() < count) {
    QueryTerm& term = query.terms.emplace_back();
    const bool first = query.terms.size() == 1;
    if (!first) query.ops.push_back(intersect ? SetOp::kIntersect : Pick(kUnions));
    if (depth > 0 && bracket_allowed && OneIn(3)) {
      term.query = MakeQuery(depth - 1, false, /*alone=*/false);
    } else {
      term.select = MakeCore(depth - 1, into_allowed && first);
    }
  }
  return query;
}

SelectCore RandomAst::MakeCore(int depth, bool into_allowed) {
  SelectCore core;
  if (OneIn(5)) core.top = MakeCount();
  core.distinct = OneIn(4);
  core.items = Some(1, [&] { return MakeItem(depth); });
  if (!OneIn(4)) core.from = Some(1, [&] { return MakeFrom(depth); });
  if (into_allowed && !core.from.empty() && OneIn(2)) {
    core.into = Some(1, [this] { return MakeObject(3); });
  }
  if (OneIn(2)) core.where = MakeExpr(depth);
  if (OneIn(4)) core.group_by = Some(1, [&] { return MakeExpr(depth); });
  if (OneIn(4)) core.having = MakeExpr(depth);
  return core;
}

SelectItem RandomAst::MakeItem(int depth) {
  SelectItem item;
  if (OneIn(4)) {
    if (OneIn(2)) item.star_qualifier = MakeObject(3);
    return item;
  }
  item.expr = MakeExpr(depth);
  item.alias = Maybe([this] { return MakeName(); });
  return item;
}

TableRef RandomAst::MakeTableRef(int depth) {
  TableRef ref;
  if (depth > 0 && OneIn(4)) {
    ref.query = MakeQuery(depth - 1, false, /*alone=*/true);
  } else {
    ref.table = MakeObject(3);
  }
  ref.alias = Maybe([this] { return MakeName(); });
  return ref;
}

FromItem RandomAst::MakeFrom(int depth) {
  FromItem item{MakeTableRef(depth), {}};
  item.joins.resize(OneIn(2) ? 0 : 1 + Below(2));
  for (Join& join : item.joins) {
    join.kind = static_cast<JoinKind>(Below(static_cast<std::size_t>(JoinKind::kCross) + 1));
    join.right = MakeTableRef(depth);
    if (join.kind != JoinKind::kCross) join.on = MakeExpr(depth);
  }
  return item;
}

}  // namespace tql::dialect
