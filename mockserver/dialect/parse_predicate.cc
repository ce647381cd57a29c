// Comparisons and tests: = <> < <= > >= IS IN BETWEEN LIKE.
#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {
namespace {

std::optional<BinaryOp> ComparisonOp(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual:
      return BinaryOp::kEqual;
    case TokenKind::kNotEqual:
      return BinaryOp::kNotEqual;
    case TokenKind::kLess:
      return BinaryOp::kLess;
    case TokenKind::kLessEqual:
      return BinaryOp::kLessEqual;
    case TokenKind::kGreater:
      return BinaryOp::kGreater;
    case TokenKind::kGreaterEqual:
      return BinaryOp::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

}  // namespace

// Parses an operand and at most one comparison or test; they do not chain.
bool Parser::ParsePredicate(Expr* out) {
  const std::uint32_t begin = token_.begin;
  if (!ParseSum(out)) return false;
  bool ok = true;
  if (const std::optional<BinaryOp> op = ComparisonOp(token_.kind)) {
    ok = ParseComparison(*op, out);
  } else if (Is(Keyword::K_is)) {
    ok = ParseIsNull(out);
  } else {
    const bool negated =
        Is(Keyword::K_not) &&
        (NextIs(Keyword::K_in) || NextIs(Keyword::K_between) || NextIs(Keyword::K_like));
    if (negated) Advance();
    if (Is(Keyword::K_in)) {
      ok = ParseIn(negated, out);
    } else if (Is(Keyword::K_between)) {
      ok = ParseBetween(negated, out);
    } else if (Is(Keyword::K_like)) {
      ok = ParseLike(negated, out);
    } else {
      Expect(Nonterminal::kOperator);
      return true;
    }
  }
  out->range = RangeFrom(begin);
  return ok;
}

bool Parser::ParseComparison(BinaryOp op, Expr* out) {
  Advance();
  OperatorExpr comparison;
  comparison.operands.reserve(2);
  comparison.operands.push_back(std::move(*out));
  comparison.ops.push_back(op);
  if (!ParseSum(&comparison.operands.emplace_back())) return false;
  out->node = std::move(comparison);
  return true;
}

bool Parser::ParseIsNull(Expr* out) {
  Advance();
  IsNullExpr test;
  test.negated = Accept(Keyword::K_not);
  if (!Require(Keyword::K_null)) return false;
  test.operand = std::move(*out);
  out->node = std::move(test);
  return true;
}

bool Parser::ParseIn(bool negated, Expr* out) {
  Advance();
  InExpr in;
  in.negated = negated;
  in.operand = std::move(*out);
  if (!At(TokenKind::kLeftParen)) return Fail();
  const bool query = NextIs(Keyword::K_select);
  if (query ? !ParseBracketedQuery(&in.query) : !ParseInBrackets(&in)) return false;
  out->node = std::move(in);
  return true;
}

// Parses (list), or (query) if the query begins with a bracket. `((SELECT …))` is a list.
bool Parser::ParseInBrackets(InExpr* out) {
  const Nest nest(*this);
  if (nest.TooDeep()) return FailDepth();
  Advance();
  const std::uint32_t begin = token_.begin;
  if (!ParseExpr(&out->list.emplace_back())) return false;
  SubqueryExpr* const first = out->list.front().as<SubqueryExpr>();
  if (first != nullptr && QueryContinues()) {
    if (!ParseRestOfQuery(begin, &first->query)) return false;
    out->query = std::move(first->query);
    out->list.clear();
  } else if (Accept(TokenKind::kComma) && !ParseExprList(&out->list)) {
    return false;
  }
  return Require(TokenKind::kRightParen);
}

bool Parser::ParseBetween(bool negated, Expr* out) {
  Advance();
  BetweenExpr between;
  between.negated = negated;
  between.operand = std::move(*out);
  Expr low;
  Expr high;
  if (!ParseSum(&low) || !Require(Keyword::K_and) || !ParseSum(&high)) return false;
  between.low = std::move(low);
  between.high = std::move(high);
  out->node = std::move(between);
  return true;
}

bool Parser::ParseLike(bool negated, Expr* out) {
  Advance();
  LikeExpr like;
  like.negated = negated;
  like.operand = std::move(*out);
  Expr pattern;
  if (!ParseSum(&pattern)) return false;
  like.pattern = std::move(pattern);
  if (Is(Keyword::K_escape)) {
    Advance();
    Expr escape;
    if (!ParseSum(&escape)) return false;
    like.escape = std::move(escape);
  }
  out->node = std::move(like);
  return true;
}

}  // namespace tql::dialect::internal
