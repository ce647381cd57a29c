// SELECT, set operations, FROM.
#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/parser_impl.h"
#include "proto/base/text.h"

namespace tql::dialect::internal {
namespace {

// Whether it is ROLLUP (a, b) or CUBE (a), which are function calls outside of GROUP BY.
bool IsGroupingSet(const Expr& expr) {
  const auto* call = expr.as<FunctionCall>();
  return call != nullptr && (base::EqualsIgnoreCase(call->name.text, "rollup") ||
                             base::EqualsIgnoreCase(call->name.text, "cube"));
}

}  // namespace

bool Parser::ParseQuery(Query* out, bool into_allowed) {
  const std::uint32_t begin = token_.begin;
  if (!ParseQueryTerm(&out->terms.emplace_back(), into_allowed)) return false;
  if (!ParseQueryTail(out)) return false;
  out->range = RangeFrom(begin);
  return true;
}

// Parses set operations, ORDER BY and LIMIT after the first term.
bool Parser::ParseQueryTail(Query* out) {
  if (!ParseSetOperations(out)) return false;
  if (Accept(Keyword::K_order)) {
    if (!Require(Keyword::K_by) || !ParseOrderBy(&out->order_by)) return false;
  }
  return !Accept(Keyword::K_limit) || ParseCount(&out->limit.emplace());
}

// INTERSECT binds tighter: a run of INTERSECTs is a nested query, unless there is no other
// operation.
bool Parser::ParseSetOperations(Query* out) {
  const auto intersections = [this](Query* query) {
    while (Accept(Keyword::K_intersect)) {
      query->ops.push_back(SetOp::kIntersect);
      if (!ParseQueryTerm(&query->terms.emplace_back(), false)) return false;
    }
    return true;
  };
  if (!intersections(out)) return false;
  const std::uint32_t end = previous_end_;
  SetOp op;
  if (!AcceptUnionOrExcept(&op)) return true;
  // The terms so far are such a run, and another operation follows.
  if (!out->ops.empty()) {
    Query run;
    run.terms = std::move(out->terms);
    run.ops = std::move(out->ops);
    const QueryTerm& first = run.terms.front();
    run.range = {first.select ? first.select->range.begin : first.query->range.begin, end};
    *out = Query();
    out->terms.emplace_back().query = std::move(run);
  }
  do {
    out->ops.push_back(op);
    Query run;
    run.range.begin = token_.begin;
    if (!ParseQueryTerm(&run.terms.emplace_back(), false) || !intersections(&run)) return false;
    if (run.ops.empty()) {
      out->terms.push_back(std::move(run.terms.front()));
    } else {
      run.range = RangeFrom(run.range.begin);
      out->terms.emplace_back().query = std::move(run);
    }
  } while (AcceptUnionOrExcept(&op));
  return true;
}

bool Parser::AcceptUnionOrExcept(SetOp* out) {
  if (Accept(Keyword::K_union)) {
    *out = Accept(Keyword::K_all) ? SetOp::kUnionAll : SetOp::kUnion;
    return true;
  }
  *out = SetOp::kExcept;
  return Accept(Keyword::K_except);
}

bool Parser::ParseQueryTerm(QueryTerm* out, bool into_allowed) {
  if (Is(TokenKind::kLeftParen)) return ParseBracketedQuery(&out->query);
  SelectCore core;
  if (!ParseSelectCore(&core, into_allowed)) return false;
  out->select = std::move(core);
  return true;
}

bool Parser::ParseSelectCore(SelectCore* out, bool into_allowed) {
  const std::uint32_t begin = token_.begin;
  if (!Require(Keyword::K_select) || !ParseTopAndDistinct(out)) return false;
  do {
    if (!ParseSelectItem(&out->items.emplace_back())) return false;
  } while (Accept(TokenKind::kComma));
  if (into_allowed && Accept(Keyword::K_into)) {
    do {
      if (!ParseTable(&out->into.emplace_back())) return false;
    } while (Accept(TokenKind::kComma));
    if (!At(Keyword::K_from)) return Fail();
  }
  if (Accept(Keyword::K_from)) {
    do {
      if (!ParseFromItem(&out->from.emplace_back())) return false;
    } while (Accept(TokenKind::kComma));
  }
  if (!ParseWhere(&out->where)) return false;
  if (Accept(Keyword::K_group)) {
    if (!Require(Keyword::K_by) || !ParseExprList(&out->group_by)) return false;
    for (const Expr& expr : out->group_by) {
      if (IsGroupingSet(expr)) {
        return FailAt(expr.range.begin, NoSuchConstruct("GROUPING SETS, CUBE and ROLLUP"));
      }
    }
  }
  if (Accept(Keyword::K_having) && !ParseExpr(&out->having.emplace())) return false;
  out->range = RangeFrom(begin);
  return true;
}

// TOP n and DISTINCT, each at most once, in either order.
bool Parser::ParseTopAndDistinct(SelectCore* out) {
  for (;;) {
    if (!out->top && Is(Keyword::K_top)) {
      Advance();
      if (!ParseCount(&out->top.emplace())) return false;
    } else if (!out->distinct && Is(Keyword::K_distinct)) {
      Advance();
      out->distinct = true;
    } else {
      return true;
    }
  }
}

bool Parser::ParseSelectItem(SelectItem* out) {
  const std::uint32_t begin = token_.begin;
  bool is_star = false;
  if (!ParseStar(out, &is_star)) return false;
  if (!is_star) {
    if (!ParseExpr(&out->expr.emplace()) || !ParseAlias(&out->alias)) return false;
  }
  out->range = RangeFrom(begin);
  return true;
}

// Parses `*` and `a.b.*`. Returns to the first token if the names begin an expression.
bool Parser::ParseStar(SelectItem* out, bool* is_star) {
  if (Accept(TokenKind::kStar)) {
    *is_star = true;
    return true;
  }
  if (!IsName() || !NextIs(TokenKind::kDot)) return true;
  const Lexer lexer = lexer_;
  const Token token = token_;
  const Token next = next_;
  const std::uint32_t previous_end = previous_end_;
  ObjectName& name = out->star_qualifier;
  const std::uint32_t begin = token_.begin;
  while (name.parts.size() < 3 && IsName() && NextIs(TokenKind::kDot)) {
    ParseName(&name.parts.emplace_back());
    name.range = RangeFrom(begin);
    Advance();
  }
  *is_star = Accept(TokenKind::kStar);
  if (!*is_star) {
    name = ObjectName();
    lexer_ = lexer;
    token_ = token;
    next_ = next;
    previous_end_ = previous_end;
  }
  return true;
}

bool Parser::ParseAlias(std::optional<Name>* out) {
  if (Accept(Keyword::K_as)) return ParseName(&out->emplace(), Nonterminal::kAlias);
  ParseOptionalName(out, Nonterminal::kAlias);
  return true;
}

bool Parser::ParseTableRef(TableRef* out) {
  const std::uint32_t begin = token_.begin;
  if (At(TokenKind::kLeftParen) ? !ParseBracketedQuery(&out->query) : !ParseTable(&out->table)) {
    return false;
  }
  if (!ParseAlias(&out->alias)) return false;
  out->range = RangeFrom(begin);
  return true;
}

bool Parser::ParseFromItem(FromItem* out) {
  if (!ParseTableRef(&out->first)) return false;
  for (;;) {
    const std::uint32_t begin = token_.begin;
    JoinKind kind = JoinKind::kInner;
    bool is_join = false;
    if (!ParseJoinKind(&kind, &is_join)) return false;
    if (!is_join) return true;
    Join& join = out->joins.emplace_back();
    join.kind = kind;
    if (!ParseTableRef(&join.right)) return false;
    if (kind != JoinKind::kCross) {
      if (!Require(Keyword::K_on) || !ParseExpr(&join.on.emplace())) return false;
    }
    join.range = RangeFrom(begin);
  }
}

bool Parser::ParseJoinKind(JoinKind* out, bool* is_join) {
  *is_join = true;
  if (Accept(Keyword::K_join)) return true;
  bool outer = false;
  if (Accept(Keyword::K_inner)) {
    *out = JoinKind::kInner;
  } else if (Accept(Keyword::K_cross)) {
    *out = JoinKind::kCross;
  } else {
    outer = true;
    if (Accept(Keyword::K_left)) {
      *out = JoinKind::kLeft;
    } else if (Accept(Keyword::K_right)) {
      *out = JoinKind::kRight;
    } else if (Accept(Keyword::K_full)) {
      *out = JoinKind::kFull;
    } else {
      *is_join = false;
      return true;
    }
  }
  if (outer) Accept(Keyword::K_outer);
  return Require(Keyword::K_join);
}

bool Parser::ParseOrderBy(std::vector<OrderItem>* out) {
  do {
    OrderItem& item = out->emplace_back();
    if (!ParseExpr(&item.expr)) return false;
    item.descending = Accept(Keyword::K_desc);
    if (!item.descending) Accept(Keyword::K_asc);
  } while (Accept(TokenKind::kComma));
  return true;
}

}  // namespace tql::dialect::internal
