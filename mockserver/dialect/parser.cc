#include "mockserver/dialect/parser.h"

#include <charconv>

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/parser_impl.h"
#include "mockserver/dialect/source_text.h"

namespace tql::dialect {
namespace internal {

Parser::Parser(std::string_view text, std::size_t offset, const ParseOptions& options)
    : text_(text),
      options_(options),
      lexer_(text, offset, options.rules, options.placeholders),
      token_(lexer_.Next()),
      next_(token_.kind == TokenKind::kError ? token_ : lexer_.Next()),
      previous_end_(static_cast<std::uint32_t>(offset)) {}

void Parser::Advance() {
  previous_end_ = token_.end;
  token_ = next_;
  if (token_.kind != TokenKind::kEnd) next_ = lexer_.Next();
  expected_count_ = 0;
}

bool Parser::ParseStatement(Statement* out) {
  const std::uint32_t begin = token_.begin;
  Statement::Node& node = out->node;
  bool ok = false;
  if (At(Keyword::K_select) || Is(TokenKind::kLeftParen)) {
    ok = ParseQuery(&node.emplace<Select>().query, /*into_allowed=*/true);
  } else if (At(Keyword::K_insert) || Is(Keyword::K_upsert)) {
    ok = ParseInsert(&node.emplace<Insert>());
  } else if (At(Keyword::K_update)) {
    ok = ParseUpdate(&node.emplace<Update>());
  } else if (At(Keyword::K_delete)) {
    ok = ParseDelete(&node.emplace<Delete>());
  } else if (Accept(Keyword::K_create)) {
    ok = ParseCreate(&node);
  } else if (Accept(Keyword::K_drop)) {
    ok = ParseDrop(&node);
  } else if (Accept(Keyword::K_alter)) {
    ok = ParseAlter(&node.emplace<AlterTable>());
  } else if (Accept(Keyword::K_truncate)) {
    ok = Require(Keyword::K_table) && ParseLastTable(&node.emplace<TruncateTable>().table);
  } else if (Accept(Keyword::K_compact)) {
    ok = ParseCompact(&node);
  } else if (Accept(Keyword::K_show)) {
    ok = ParseShow(&node);
  } else if (Accept(Keyword::K_use)) {
    ok = ParseUse(&node);
  } else if (Accept(Keyword::K_script)) {
    ok = ParseScript(&node);
  } else if (Is(Keyword::K_h) || At(Keyword::K_help)) {
    Advance();
    node.emplace<Help>();
    ok = true;
  } else if (Is(Keyword::K_quit) || At(Keyword::K_exit)) {
    Advance();
    node.emplace<Exit>();
    ok = true;
  } else {
    // Report "a statement" instead of the list of all keywords tried above.
    expected_count_ = 0;
    Expect(Nonterminal::kStatement);
  }
  if (!ok) return Fail();
  out->range = RangeFrom(begin);
  if (!At(TokenKind::kSemicolon) && !At(TokenKind::kEnd)) return Fail();
  if (Is(TokenKind::kSemicolon)) Advance();
  return true;
}

bool Parser::RequireEnd() {
  while (Accept(TokenKind::kSemicolon)) {
  }
  if (Is(TokenKind::kEnd)) return true;
  expected_count_ = 0;
  Expect(TokenKind::kEnd);
  return Fail();
}

bool Parser::IsName() const {
  return Is(TokenKind::kQuotedName) || (Is(TokenKind::kWord) && !IsReserved(token_.keyword));
}

bool Parser::ParseName(Name* out, Nonterminal nonterminal) {
  if (!IsName()) {
    Expect(nonterminal);
    return Fail();
  }
  out->quoted = Is(TokenKind::kQuotedName);
  out->text = out->quoted ? Unquote(Text(token_)) : std::string(Text(token_));
  out->range = Range(token_);
  Advance();
  return true;
}

void Parser::ParseOptionalName(std::optional<Name>* out, Nonterminal nonterminal) {
  if (IsName()) {
    ParseName(&out->emplace(), nonterminal);
  } else {
    Expect(nonterminal);
  }
}

// "(" name {"," name} ")".
bool Parser::ParseNames(std::vector<Name>* out) {
  if (!Require(TokenKind::kLeftParen)) return false;
  do {
    if (!ParseName(&out->emplace_back(), Nonterminal::kColumn)) return false;
  } while (Accept(TokenKind::kComma));
  return Require(TokenKind::kRightParen);
}

// Joins the tokens of USERDATA-d0bf4403-… to one name, because the vendor's scripts do not quote
// such names. Only for the last name of a statement: elsewhere a dash is an operator.
bool Parser::TakeDashes() {
  const auto is_dash = [this](std::size_t i) {
    return text_.substr(i).starts_with('-') && i + 1 < text_.size() && IsWordChar(text_[i + 1]);
  };
  if (!Is(TokenKind::kWord) || !IsName() || !is_dash(token_.end)) return false;
  std::size_t end = token_.end;
  while (end < text_.size() && (IsWordChar(text_[end]) || is_dash(end))) ++end;
  token_.end = static_cast<std::uint32_t>(end);
  lexer_ = Lexer(text_, end, options_.rules, options_.placeholders);
  next_ = lexer_.Next();
  return true;
}

bool Parser::ParseObjectName(ObjectName* out, std::size_t max_parts, Nonterminal nonterminal) {
  const std::uint32_t begin = token_.begin;
  if ((nonterminal == Nonterminal::kTable || nonterminal == Nonterminal::kLastTable) &&
      Is(TokenKind::kString) && token_.end - token_.begin > 2) {
    // The vendor's documentation has table names in single quotes.
    out->parts.push_back({Unquote(Text(token_)), true, Range(token_)});
    Advance();
    out->range = RangeFrom(begin);
    return true;
  }
  do {
    if (out->parts.size() == max_parts) {
      return FailAt(begin, "a name of more than " + std::to_string(max_parts) + " parts; at most " +
                               std::to_string(max_parts) + " are possible here");
    }
    const bool dashes = nonterminal == Nonterminal::kLastTable && TakeDashes();
    Name& part = out->parts.emplace_back();
    if (!ParseName(&part, nonterminal)) return false;
    part.quoted = part.quoted || dashes;
  } while (Accept(TokenKind::kDot));
  out->range = RangeFrom(begin);
  return true;
}

// NULL, TRUE, FALSE, a string, or a number with an optional sign.
bool Parser::ParseLiteral(Literal* out) {
  const std::uint32_t begin = token_.begin;
  if ((Is(TokenKind::kMinus) || Is(TokenKind::kPlus)) &&
      (NextIs(TokenKind::kInteger) || NextIs(TokenKind::kDecimal))) {
    if (Is(TokenKind::kMinus)) out->text = "-";
    Advance();
  }
  if (Is(TokenKind::kInteger) || Is(TokenKind::kDecimal)) {
    out->kind = Is(TokenKind::kInteger) ? LiteralKind::kInteger : LiteralKind::kDecimal;
    out->text += Text(token_);
  } else if (Is(TokenKind::kString)) {
    out->kind = LiteralKind::kString;
    out->text = Unquote(Text(token_));
  } else if (Is(Keyword::K_null)) {
    out->kind = LiteralKind::kNull;
  } else if (Is(Keyword::K_true) || Is(Keyword::K_false)) {
    out->kind = Is(Keyword::K_true) ? LiteralKind::kTrue : LiteralKind::kFalse;
  } else {
    Expect(Nonterminal::kLiteral);
    return Fail();
  }
  Advance();
  out->range = RangeFrom(begin);
  return true;
}

// A non-negative whole number.
bool Parser::ParseCount(std::int64_t* out) {
  if (!At(TokenKind::kInteger)) return Fail();
  const std::string_view digits = Text(token_);
  if (digits == kPlaceholderText) {
    *out = kPlaceholderCount;
  } else if (std::from_chars(digits.data(), digits.data() + digits.size(), *out).ec !=
             std::errc()) {
    return FailAt(token_.begin, "the number is too large");
  }
  Advance();
  return true;
}

std::optional<TypeKeyword> FindType(Keyword keyword) {
  switch (keyword) {
    case Keyword::K_bool:
      return TypeKeyword::kBool;
    case Keyword::K_boolean:
      return TypeKeyword::kBoolean;
    case Keyword::K_int:
      return TypeKeyword::kInt;
    case Keyword::K_int32:
      return TypeKeyword::kInt32;
    case Keyword::K_integer:
      return TypeKeyword::kInteger;
    case Keyword::K_bigint:
      return TypeKeyword::kBigint;
    case Keyword::K_int64:
      return TypeKeyword::kInt64;
    case Keyword::K_float:
      return TypeKeyword::kFloat;
    case Keyword::K_double:
      return TypeKeyword::kDouble;
    case Keyword::K_varchar:
      return TypeKeyword::kVarchar;
    case Keyword::K_char:
      return TypeKeyword::kChar;
    case Keyword::K_date:
      return TypeKeyword::kDate;
    case Keyword::K_datetime:
      return TypeKeyword::kDatetime;
    case Keyword::K_timestamp:
      return TypeKeyword::kTimestamp;
    case Keyword::K_time:
      return TypeKeyword::kTime;
    default:
      return std::nullopt;
  }
}

bool Parser::ParseType(TypeName* out) {
  const std::uint32_t begin = token_.begin;
  const std::optional<TypeKeyword> keyword = FindType(token_.keyword);
  if (!keyword) {
    Expect(Nonterminal::kType);
    return IsName() ? FailAt(begin, NoSuchType(Text(token_))) : Fail();
  }
  out->keyword = *keyword;
  Advance();
  const bool text = *keyword == TypeKeyword::kVarchar || *keyword == TypeKeyword::kChar;
  if (text && Accept(TokenKind::kLeftParen)) {
    if (!ParseCount(&out->length.emplace())) return false;
    if (!Require(TokenKind::kRightParen)) return false;
  }
  out->range = RangeFrom(begin);
  return true;
}

}  // namespace internal

StatusOr<Statement> ParseStatement(std::string_view text, const ParseOptions& options) {
  if (Status status = CheckSource(text, options); !status.ok()) return status;
  internal::Parser parser(text, 0, options);
  Statement statement;
  if (parser.ParseStatement(&statement) && parser.RequireEnd()) return statement;
  return parser.status();
}

StatusOr<Expr> ParseExpression(std::string_view text, const ParseOptions& options) {
  if (Status status = CheckSource(text, options); !status.ok()) return status;
  internal::Parser parser(text, 0, options);
  Expr expr;
  if (parser.ParseExpr(&expr) && parser.RequireEnd()) return expr;
  return parser.status();
}

}  // namespace tql::dialect
