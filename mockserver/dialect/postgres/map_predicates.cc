// Predicates: IN, BETWEEN, LIKE, IS NULL; and sub-queries in expressions.
#include "mockserver/dialect/postgres/mapper.h"

namespace tql::dialect::postgres {

// The operator is = for IN and <> for NOT IN.
bool Mapper::MapIn(JsonValue expr, Expr* out) {
  InExpr in;
  in.negated = expr["name"].front()["String"]["sval"].Text() == "<>";
  if (!MapInto(expr["lexpr"], &in.operand)) return false;
  if (!MapList(expr["rexpr"]["List"]["items"], &in.list)) return false;
  ReachClose(TokenOf(expr));
  const std::size_t begin = in.operand->range.begin;
  *out = Expr{std::move(in), RangeFrom(begin)};
  return true;
}

bool Mapper::MapBetween(JsonValue expr, bool negated, Expr* out) {
  BetweenExpr between;
  between.negated = negated;
  const JsonValue bounds = expr["rexpr"]["List"]["items"];
  const JsonValue high = bounds.size() == 2 ? *++bounds.begin() : JsonValue();
  if (!MapInto(expr["lexpr"], &between.operand) || !MapInto(bounds.front(), &between.low) ||
      !MapInto(high, &between.high)) {
    return false;
  }
  const std::size_t begin = between.operand->range.begin;
  *out = Expr{std::move(between), RangeFrom(begin)};
  return true;
}

// The operator is ~~ or !~~; PostgreSQL turns x LIKE y ESCAPE z into x ~~ like_escape(y, z).
bool Mapper::MapLike(JsonValue expr, Expr* out) {
  LikeExpr like;
  like.negated = expr["name"].front()["String"]["sval"].Is("!~~");
  if (!MapInto(expr["lexpr"], &like.operand)) return false;
  JsonValue pattern = expr["rexpr"];
  JsonValue escape;
  const JsonValue call = pattern["FuncCall"];
  // The implied call has the location of LIKE, which an explicit call cannot have.
  if (call && OffsetOf(call) == OffsetOf(expr) && call["args"].size() == 2) {
    pattern = call["args"].front();
    escape = *++call["args"].begin();
  }
  if (!MapInto(pattern, &like.pattern)) return false;
  if (escape && !MapInto(escape, &like.escape)) return false;
  const std::size_t begin = like.operand->range.begin;
  *out = Expr{std::move(like), RangeFrom(begin)};
  return true;
}

bool Mapper::MapIsNull(JsonValue test, Expr* out) {
  IsNullExpr result;
  result.negated = test["nulltesttype"].Is("IS_NOT_NULL");
  if (!MapInto(test["arg"], &result.operand)) return false;
  std::size_t token = TokenOf(test);  // IS, or ISNULL or NOTNULL of PostgreSQL.
  if (tokens_.IsWord(token, "is")) token += result.negated ? 2 : 1;
  if (tokens_.IsWord(token, "not")) ++token;  // NOT NULL, another spelling of NOTNULL.
  Reach(token);
  const std::size_t begin = result.operand->range.begin;
  *out = Expr{std::move(result), RangeFrom(begin)};
  return true;
}

// (query), EXISTS (query), operand IN (query).
bool Mapper::MapSublink(JsonValue link, bool negated, Expr* out) {
  const JsonValue kind = link["subLinkType"];
  const bool in = kind.Is("ANY_SUBLINK") && !link["operName"];
  if (!in && !kind.Is("EXPR_SUBLINK") && !kind.Is("EXISTS_SUBLINK")) {
    return Unsupported(link, kind.Is("ARRAY_SUBLINK") ? "arrays" : "ANY and ALL");
  }
  std::size_t begin = OffsetOf(link);
  Indirect<Expr> operand;
  if (in) {
    if (!MapInto(link["testexpr"], &operand)) return false;
    begin = operand->range.begin;
  }
  Query query;
  if (!MapQuery(link["subselect"]["SelectStmt"], /*into_allowed=*/false, &query)) return false;
  ReachClose(TokenOf(link));
  if (in) {
    out->node = InExpr{std::move(operand), negated, {}, std::move(query)};
  } else if (kind.Is("EXISTS_SUBLINK")) {
    out->node = ExistsExpr{std::move(query)};
  } else {
    out->node = SubqueryExpr{std::move(query)};
  }
  out->range = RangeFrom(begin);
  return true;
}

}  // namespace tql::dialect::postgres
