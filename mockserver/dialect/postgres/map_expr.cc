// Expressions, except the predicates in map_predicates.cc.
#include <array>

#include "mockserver/dialect/postgres/mapper.h"
#include "mockserver/dialect/source_text.h"

namespace tql::dialect::postgres {
namespace {

using Operator = std::pair<std::string_view, BinaryOp>;
constexpr std::array<Operator, 12> kOperators = {{{"=", BinaryOp::kEqual},
                                                  {"<>", BinaryOp::kNotEqual},
                                                  {"<", BinaryOp::kLess},
                                                  {"<=", BinaryOp::kLessEqual},
                                                  {">", BinaryOp::kGreater},
                                                  {">=", BinaryOp::kGreaterEqual},
                                                  {"+", BinaryOp::kAdd},
                                                  {"-", BinaryOp::kSubtract},
                                                  {"||", BinaryOp::kConcat},
                                                  {"*", BinaryOp::kMultiply},
                                                  {"/", BinaryOp::kDivide},
                                                  {"%", BinaryOp::kModulo}}};

std::optional<BinaryOp> FindOperator(std::string_view name) {
  for (const Operator& op : kOperators) {
    if (op.first == name) return op.second;
  }
  return std::nullopt;
}

// Operators of one group form one chain.
enum class Group { kComparison, kSum, kProduct };
Group GroupOf(BinaryOp op) {
  if (op >= BinaryOp::kMultiply) return Group::kProduct;
  return op >= BinaryOp::kAdd ? Group::kSum : Group::kComparison;
}

// The operator of an A_Expr with an operator of one name; empty for all other nodes.
std::string OperatorName(JsonValue value) {
  const JsonValue expr = value["A_Expr"];
  const JsonValue name = expr["name"];
  if (!expr["kind"].Is("AEXPR_OP") || name.size() != 1) return "";
  return name.front()["String"]["sval"].Text();
}

}  // namespace

bool HasStar(JsonValue fields) {
  for (const JsonValue field : fields) {
    if (field.is("A_Star")) return true;
  }
  return false;
}

bool Mapper::MapExpr(JsonValue value, Expr* out) {
  const Nest nest(*this);
  if (nest.TooDeep()) {
    return FailAt(FirstPlaceIn(value), TooDeepText(options_.max_depth));
  }
  return MapNode(value, out);
}

bool Mapper::MapNode(JsonValue value, Expr* out) {
  const JsonValue node = value.body();
  if (value.is("A_Const")) return MapConstant(node, out);
  if (value.is("ColumnRef")) return MapColumn(node, out);
  if (value.is("A_Expr")) return MapOperator(value, out);
  if (value.is("BoolExpr")) return MapBool(node, out);
  if (value.is("FuncCall")) return MapCall(node, out);
  if (value.is("CoalesceExpr") || value.is("MinMaxExpr")) {
    return MapSpecialCall(node, {node["args"]}, out);
  }
  if (value.is("TypeCast")) return MapCast(node, out);
  if (value.is("CaseExpr")) return MapCase(node, out);
  if (value.is("NullTest")) return MapIsNull(node, out);
  if (value.is("SubLink")) return MapSublink(node, /*negated=*/false, out);
  if (value.is("SQLValueFunction")) return MapValueWord(node, out);
  if (value.is("CurrentOfExpr")) return UnsupportedWord(value, "current", "WHERE CURRENT OF");
  return Unsupported(value, ConstructName(value.type()));
}

// CURRENT_DATE, USER and the like are names in TQL; with brackets, calls.
bool Mapper::MapValueWord(JsonValue node, Expr* out) {
  const std::size_t token = TokenOf(node);
  if (tokens_.Text(token + 1) == "(") return MapSpecialCall(node, {}, out);
  const SourceRange range = tokens_.Range(token);
  Reach(token);
  ColumnRef ref;
  ref.name.parts.push_back({std::string(tokens_.Text(token)), false, range});
  ref.name.range = range;
  *out = Expr{std::move(ref), range};
  return true;
}

bool Mapper::MapInto(JsonValue value, Indirect<Expr>* out) {
  Expr expr;
  if (!MapExpr(value, &expr)) return false;
  *out = std::move(expr);
  return true;
}

bool Mapper::MapList(JsonValue list, std::vector<Expr>* out) {
  for (const JsonValue item : list) {
    if (!MapExpr(item, &out->emplace_back())) return false;
  }
  return true;
}

bool Mapper::MapColumn(JsonValue column, Expr* out) {
  const std::size_t begin = OffsetOf(column);
  ObjectName& name = out->node.emplace<ColumnRef>().name;
  if (HasStar(column["fields"])) {
    return FailAt(begin, "'*' can only be an entry of a select list");
  }
  if (!MapParts(column["fields"], begin, &name)) return false;
  out->range = name.range;
  return true;
}

// Maps the names of a column, up to a star.
bool Mapper::MapParts(JsonValue fields, std::size_t first, ObjectName* out) {
  constexpr std::size_t kMaxParts = 4;
  if (fields.size() > kMaxParts) {
    return FailAt(first, "a name of more than 4 parts; at most 4 are possible here");
  }
  std::size_t token = tokens_.At(first);
  for (const JsonValue field : fields) {
    if (field.is("A_Star")) break;
    out->parts.push_back(NameAt(token, field["String"]["sval"]));
    token += 2;  // The name and a dot.
  }
  out->range = RangeFrom(first);
  return true;
}

// Maps an A_Expr of any kind.
bool Mapper::MapOperator(JsonValue value, Expr* out) {
  const JsonValue expr = value["A_Expr"];
  const JsonValue kind = expr["kind"];
  if (kind.Is("AEXPR_IN")) return MapIn(expr, out);
  if (kind.Is("AEXPR_LIKE")) return MapLike(expr, out);
  if (kind.Is("AEXPR_BETWEEN")) return MapBetween(expr, /*negated=*/false, out);
  if (kind.Is("AEXPR_NOT_BETWEEN")) return MapBetween(expr, /*negated=*/true, out);
  if (kind.Is("AEXPR_NULLIF")) {
    return MapSpecialCall(expr, {expr["lexpr"], expr["rexpr"]}, out);
  }
  if (kind.Is("AEXPR_ILIKE")) return Unsupported(expr, "ILIKE");
  if (kind.Is("AEXPR_SIMILAR")) return Unsupported(expr, "SIMILAR TO");
  if (kind.Is("AEXPR_DISTINCT") || kind.Is("AEXPR_NOT_DISTINCT")) {
    return Unsupported(expr, "IS DISTINCT FROM");
  }
  if (kind.Is("AEXPR_OP_ANY") || kind.Is("AEXPR_OP_ALL")) return Unsupported(expr, "ANY and ALL");
  if (!kind.Is("AEXPR_OP")) return Unsupported(expr, "BETWEEN SYMMETRIC");
  const std::string op = OperatorName(value);
  if (op.empty()) return Unsupported(expr, "OPERATOR()");
  if (!expr["lexpr"]) return MapUnary(expr, op, out);
  const std::optional<BinaryOp> found = FindOperator(op);
  if (!found) return NoOperator(expr, op);
  return MapChain(value, *found, out);
}

// Reports an unknown operator. PostgreSQL accepts any sign as one, such as the ? of a placeholder.
bool Mapper::NoOperator(JsonValue expr, std::string_view op) {
  if (op.find('?') != std::string_view::npos)
    return Unsupported(expr, "placeholders (?, $1, :name)");
  return Unsupported(expr, "operator " + std::string(op.starts_with("!~") ? "~" : op));
}

bool Mapper::MapUnary(JsonValue expr, std::string_view op, Expr* out) {
  if (op != "-" && op != "+") return NoOperator(expr, op);
  const std::size_t begin = OffsetOf(expr);
  Expr operand;
  if (!MapExpr(expr["rexpr"], &operand)) return false;
  *out = op == "+" ? std::move(operand) : Negated(std::move(operand));
  out->range = RangeFrom(begin);
  if (Literal* literal = out->as<Literal>()) literal->range = out->range;
  return true;
}

// Maps a op b op c, which PostgreSQL nests to the left. Iterative, because chains may be long.
bool Mapper::MapChain(JsonValue value, BinaryOp op, Expr* out) {
  const Group group = GroupOf(op);
  std::vector<JsonValue> links;  // From the last operator to the first.
  std::vector<BinaryOp> ops;
  for (std::optional<BinaryOp> next = op; next && GroupOf(*next) == group;) {
    links.push_back(value["A_Expr"]);
    ops.push_back(*next);
    value = links.back()["lexpr"];
    const bool chains = group != Group::kComparison && value["A_Expr"]["lexpr"];
    next = chains ? FindOperator(OperatorName(value)) : std::nullopt;
  }
  OperatorExpr chain;
  chain.operands.reserve(links.size() + 1);
  if (!MapExpr(value, &chain.operands.emplace_back())) return false;
  for (std::size_t i = links.size(); i-- > 0;) {
    if (!MapExpr(links[i]["rexpr"], &chain.operands.emplace_back())) return false;
    chain.ops.push_back(ops[i]);
  }
  const std::size_t begin = chain.operands.front().range.begin;
  *out = Expr{std::move(chain), RangeFrom(begin)};
  return true;
}

bool Mapper::MapBool(JsonValue expr, Expr* out) {
  const JsonValue op = expr["boolop"];
  const JsonValue args = expr["args"];
  if (op.Is("NOT_EXPR")) {
    const JsonValue link = args.front()["SubLink"];
    // NOT has the location of IN: this is a NOT IN (SELECT …).
    const bool not_in = link && expr["location"].Number() == link["location"].Number();
    if (not_in) return MapSublink(link, /*negated=*/true, out);
    const std::size_t begin = OffsetOf(expr);
    UnaryExpr negation{UnaryOp::kNot, {}};
    if (!MapInto(args.front(), &negation.operand)) return false;
    *out = Expr{std::move(negation), RangeFrom(begin)};
    return true;
  }
  OperatorExpr chain;
  if (!MapList(args, &chain.operands)) return false;
  chain.ops.assign(chain.operands.size() - 1, op.Is("AND_EXPR") ? BinaryOp::kAnd : BinaryOp::kOr);
  const std::size_t begin = chain.operands.front().range.begin;
  *out = Expr{std::move(chain), RangeFrom(begin)};
  return true;
}

}  // namespace tql::dialect::postgres
