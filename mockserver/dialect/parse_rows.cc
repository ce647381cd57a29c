// INSERT, UPDATE, DELETE.
#include <algorithm>

#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {

bool Parser::ParseInsert(Insert* out) {
  Advance();  // INSERT, or UPSERT, its synonym.
  if (!Require(Keyword::K_into)) return false;
  Accept(Keyword::K_table);
  if (!ParseTable(&out->table)) return false;
  // The bracket begins a list of columns or a query.
  const bool query_in_brackets =
      Is(TokenKind::kLeftParen) && (NextIs(Keyword::K_select) || NextIs(TokenKind::kLeftParen));
  if (At(TokenKind::kLeftParen) && !query_in_brackets && !ParseNames(&out->columns)) return false;
  if (Accept(Keyword::K_values)) {
    do {
      if (!ParseValueRow(&out->rows)) return false;
    } while (Accept(TokenKind::kComma));
    return true;
  }
  if (!At(Keyword::K_select) && !Is(TokenKind::kLeftParen)) return Fail();
  Query query;
  if (!ParseQuery(&query, /*into_allowed=*/false)) return false;
  out->query = std::move(query);
  return true;
}

bool Parser::ParseValueRow(ValueRows* out) {
  if (!Require(TokenKind::kLeftParen)) return false;
  do {
    if (!ParseValue(out)) return false;
  } while (Accept(TokenKind::kComma));
  out->EndRow();
  return Require(TokenKind::kRightParen);
}

// Adds constants directly to the packed rows; everything else is added as an expression.
bool Parser::ParseValue(ValueRows* out) {
  if (!NextIs(TokenKind::kComma) && !NextIs(TokenKind::kRightParen)) {
    Expr expr;
    if (!ParseExpr(&expr)) return false;
    out->AddExpr(std::move(expr));
    return true;
  }
  std::string_view text;
  LiteralKind kind = LiteralKind::kNull;
  if (Is(TokenKind::kInteger) || Is(TokenKind::kDecimal)) {
    kind = Is(TokenKind::kInteger) ? LiteralKind::kInteger : LiteralKind::kDecimal;
    text = Text(token_);
  } else if (Is(TokenKind::kString)) {
    kind = LiteralKind::kString;
    text = Text(token_).substr(1, token_.end - token_.begin - 2);
    if (text.find('\'') != std::string_view::npos) text = scratch_ = Unquote(Text(token_));
  } else if (Is(Keyword::K_true) || Is(Keyword::K_false)) {
    kind = Is(Keyword::K_true) ? LiteralKind::kTrue : LiteralKind::kFalse;
  } else if (!Is(Keyword::K_null)) {
    Expr expr;
    if (!ParseExpr(&expr)) return false;
    out->AddExpr(std::move(expr));
    return true;
  }
  out->AddLiteral(kind, text, Range(token_));
  Advance();
  return true;
}

bool Parser::ParseUpdate(Update* out) {
  Advance();
  if (!ParseTable(&out->table) || !Require(Keyword::K_set)) return false;
  do {
    Assignment& assignment = out->assignments.emplace_back();
    if (!ParseName(&assignment.column, Nonterminal::kColumn) || !Require(TokenKind::kEqual))
      return false;
    if (!ParseExpr(&assignment.value)) return false;
  } while (Accept(TokenKind::kComma));
  return ParseWhere(&out->where);
}

bool Parser::ParseDelete(Delete* out) {
  Advance();
  return Require(Keyword::K_from) && ParseTable(&out->table) && ParseWhere(&out->where);
}

bool Parser::ParseWhere(std::optional<Expr>* out) {
  return !Accept(Keyword::K_where) || ParseExpr(&out->emplace());
}

}  // namespace tql::dialect::internal
