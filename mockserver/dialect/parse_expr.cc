// Expressions, from the lowest precedence to the highest:
//   OR; AND; NOT; one of = <> < <= > >= IS IN BETWEEN LIKE; + - ||; * / %; unary -; the rest.
#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {
namespace {

// The levels of left-associative chains, from the lowest precedence.
enum Level : int { kOrLevel, kAndLevel, kSumLevel, kProductLevel };

std::optional<BinaryOp> ChainOp(int level, const Token& token) {
  switch (level) {
    case kOrLevel:
      if (token.keyword == Keyword::K_or) return BinaryOp::kOr;
      break;
    case kAndLevel:
      if (token.keyword == Keyword::K_and) return BinaryOp::kAnd;
      break;
    case kSumLevel:
      if (token.kind == TokenKind::kPlus) return BinaryOp::kAdd;
      if (token.kind == TokenKind::kMinus) return BinaryOp::kSubtract;
      if (token.kind == TokenKind::kConcat) return BinaryOp::kConcat;
      break;
    default:
      if (token.kind == TokenKind::kStar) return BinaryOp::kMultiply;
      if (token.kind == TokenKind::kSlash) return BinaryOp::kDivide;
      if (token.kind == TokenKind::kPercent) return BinaryOp::kModulo;
      break;
  }
  return std::nullopt;
}

}  // namespace

bool Parser::ParseChain(int level, Expr* out) {
  const auto operand = [this, level](Expr* into) {
    switch (level) {
      case kOrLevel:
        return ParseChain(kAndLevel, into);
      case kAndLevel:
        return ParseNot(into);
      case kSumLevel:
        return ParseChain(kProductLevel, into);
      default:
        return ParseUnary(into);
    }
  };
  const std::uint32_t begin = token_.begin;
  if (!operand(out)) return false;
  std::optional<BinaryOp> op = ChainOp(level, token_);
  if (!op) return true;
  OperatorExpr chain;
  chain.operands.push_back(std::move(*out));
  do {
    chain.ops.push_back(*op);
    Advance();
    if (!operand(&chain.operands.emplace_back())) return false;
    op = ChainOp(level, token_);
  } while (op);
  *out = Expr{std::move(chain), RangeFrom(begin)};
  return true;
}

bool Parser::ParseSum(Expr* out) { return ParseChain(kSumLevel, out); }

bool Parser::ParseNot(Expr* out) {
  if (!Is(Keyword::K_not)) return ParsePredicate(out);
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  const std::uint32_t begin = token_.begin;
  Advance();
  Expr operand;
  if (!ParseNot(&operand)) return false;
  *out = Expr{UnaryExpr{UnaryOp::kNot, std::move(operand)}, RangeFrom(begin)};
  return true;
}

bool Parser::ParseUnary(Expr* out) {
  if (!Is(TokenKind::kMinus) && !Is(TokenKind::kPlus)) return ParsePrimary(out);
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  const bool minus = Is(TokenKind::kMinus);
  const std::uint32_t begin = token_.begin;
  Advance();
  Expr operand;
  if (!ParseUnary(&operand)) return false;
  *out = minus ? Negated(std::move(operand)) : std::move(operand);
  out->range = RangeFrom(begin);
  // A negated number is one literal that begins at its sign.
  if (Literal* literal = out->as<Literal>()) literal->range = out->range;
  return true;
}

bool Parser::ParsePrimary(Expr* out) {
  switch (token_.kind) {
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
    case TokenKind::kString:
      return ParseLiteralExpr(out);
    case TokenKind::kLeftParen:
      return ParseParenthesized(out);
    case TokenKind::kQuotedName:
      return ParseColumnRef(out);
    case TokenKind::kWord:
      break;
    default:
      Expect(Nonterminal::kExpression);
      return Fail();
  }
  switch (token_.keyword) {
    case Keyword::K_null:
    case Keyword::K_true:
    case Keyword::K_false:
      return ParseLiteralExpr(out);
    case Keyword::K_case:
      return ParseCase(out);
    case Keyword::K_exists:
      return ParseExists(out);
    case Keyword::K_cast:
      if (NextIs(TokenKind::kLeftParen)) return ParseCast(out);
      break;
    default:
      break;
  }
  if (IsReserved(token_.keyword)) {
    Expect(Nonterminal::kExpression);
    return Fail();
  }
  const bool count_distinct = token_.keyword == Keyword::K_count && NextIs(Keyword::K_distinct);
  if (NextIs(TokenKind::kLeftParen) || count_distinct) return ParseCall(out);
  return ParseColumnRef(out);
}

bool Parser::ParseLiteralExpr(Expr* out) {
  Literal& literal = out->node.emplace<Literal>();
  if (!ParseLiteral(&literal)) return false;
  out->range = literal.range;
  return true;
}

bool Parser::ParseColumnRef(Expr* out) {
  ColumnRef& column = out->node.emplace<ColumnRef>();
  if (!ParseObjectName(&column.name, 4, Nonterminal::kColumn)) return false;
  out->range = column.name.range;
  return true;
}

// Parses (expression), or (query) as a value, even if the query begins with a bracket.
bool Parser::ParseParenthesized(Expr* out) {
  const std::uint32_t begin = token_.begin;
  if (NextIs(Keyword::K_select)) {
    if (!ParseBracketedQuery(&out->node.emplace<SubqueryExpr>().query)) return false;
    out->range = RangeFrom(begin);
    return true;
  }
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  Advance();
  const std::uint32_t inner = token_.begin;
  if (!ParseExpr(out)) return false;
  SubqueryExpr* first = out->as<SubqueryExpr>();
  if (first != nullptr && QueryContinues()) {
    if (!ParseRestOfQuery(inner, &first->query)) return false;
    out->range = RangeFrom(begin);
  }
  return Require(TokenKind::kRightParen);
}

bool Parser::QueryContinues() const {
  return Is(Keyword::K_union) || Is(Keyword::K_intersect) || Is(Keyword::K_except) ||
         Is(Keyword::K_order) || Is(Keyword::K_limit);
}

// The value in brackets that was just parsed is the first term of a query. Parses the rest of the
// query into `*query`.
bool Parser::ParseRestOfQuery(std::uint32_t begin, Indirect<Query>* query) {
  Query whole;
  whole.terms.emplace_back().query = std::move(*query);
  if (!ParseQueryTail(&whole)) return false;
  whole.range = RangeFrom(begin);
  *query = std::move(whole);
  return true;
}

bool Parser::ParseBracketedQuery(Indirect<Query>* out) {
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  if (!Require(TokenKind::kLeftParen)) return false;
  Query query;
  if (!ParseQuery(&query, /*into_allowed=*/false)) return false;
  *out = std::move(query);
  return Require(TokenKind::kRightParen);
}

bool Parser::ParseCall(Expr* out) {
  const std::uint32_t begin = token_.begin;
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  FunctionCall call;
  call.name = {std::string(Text(token_)), false, Range(token_)};
  Advance();
  if (Is(Keyword::K_distinct)) {  // COUNT DISTINCT x
    Advance();
    call.distinct = true;
    if (!ParsePrimary(&call.args.emplace_back())) return false;
  } else if (!ParseCallArguments(&call)) {
    return false;
  }
  *out = Expr{std::move(call), RangeFrom(begin)};
  return true;
}

bool Parser::ParseCallArguments(FunctionCall* out) {
  if (!Require(TokenKind::kLeftParen)) return false;
  if (Accept(TokenKind::kStar)) {
    out->star = true;
  } else if (!At(TokenKind::kRightParen)) {
    out->distinct = Accept(Keyword::K_distinct);
    if (!ParseExprList(&out->args)) return false;
  }
  return Require(TokenKind::kRightParen);
}

bool Parser::ParseCast(Expr* out) {
  const std::uint32_t begin = token_.begin;
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  CastExpr cast;
  Expr operand;
  if (!Require(Keyword::K_cast, TokenKind::kLeftParen) || !ParseExpr(&operand)) return false;
  if (!Require(Keyword::K_as) || !ParseType(&cast.type)) return false;
  if (!Require(TokenKind::kRightParen)) return false;
  cast.operand = std::move(operand);
  *out = Expr{std::move(cast), RangeFrom(begin)};
  return true;
}

bool Parser::ParseCase(Expr* out) {
  const std::uint32_t begin = token_.begin;
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  Advance();
  CaseExpr result;
  if (!At(Keyword::K_when)) {
    Expr operand;
    if (!ParseExpr(&operand)) return false;
    result.operand = std::move(operand);
  }
  if (!At(Keyword::K_when)) return Fail();
  while (Accept(Keyword::K_when)) {
    if (!ParseExpr(&result.conditions.emplace_back())) return false;
    if (!Require(Keyword::K_then)) return false;
    if (!ParseExpr(&result.values.emplace_back())) return false;
  }
  if (Accept(Keyword::K_else)) {
    Expr otherwise;
    if (!ParseExpr(&otherwise)) return false;
    result.otherwise = std::move(otherwise);
  }
  if (!Require(Keyword::K_end)) return false;
  *out = Expr{std::move(result), RangeFrom(begin)};
  return true;
}

bool Parser::ParseExists(Expr* out) {
  const std::uint32_t begin = token_.begin;
  Advance();
  ExistsExpr exists;
  if (!ParseBracketedQuery(&exists.query)) return false;
  *out = Expr{std::move(exists), RangeFrom(begin)};
  return true;
}

bool Parser::ParseExprList(std::vector<Expr>* out) {
  do {
    if (!ParseExpr(&out->emplace_back())) return false;
  } while (Accept(TokenKind::kComma));
  return true;
}

}  // namespace tql::dialect::internal
