#include "mockserver/dialect/lexer.h"

#include <algorithm>

#include "mockserver/dialect/chars.h"
#include "proto/base/utf8.h"

namespace tql::dialect {

Lexer::Lexer(std::string_view text, std::size_t offset, ScriptRules rules, bool placeholders)
    : text_(text), pos_(offset), rules_(rules), placeholders_(placeholders) {
  if (pos_ == 0 && text_.starts_with(base::kByteOrderMark)) pos_ = base::kByteOrderMark.size();
}

Token Lexer::Make(TokenKind kind, std::size_t length) {
  Token token;
  token.kind = kind;
  token.begin = static_cast<std::uint32_t>(pos_);
  pos_ += length;
  token.end = static_cast<std::uint32_t>(pos_);
  return token;
}

// Stays at the error: the next call returns it again.
Token Lexer::Fail(LexError error, std::size_t begin, std::size_t end) {
  Token token;
  token.kind = TokenKind::kError;
  token.error = error;
  token.begin = static_cast<std::uint32_t>(begin);
  token.end = static_cast<std::uint32_t>(end);
  pos_ = begin;
  return token;
}

// Skips whitespace and comments. Returns a kError token for an unterminated comment, else kEnd.
Token Lexer::SkipBlanks() {
  for (;;) {
    while (pos_ < text_.size() && IsBlank(text_[pos_])) ++pos_;
    const char c = At(pos_);
    if (c == '-' && At(pos_ + 1) == '-') {
      pos_ = std::min(text_.find_first_of("\r\n", pos_), text_.size());
    } else if (c == '/' && At(pos_ + 1) == '*') {
      const std::size_t end = BlockCommentEnd();
      if (end == std::string_view::npos) {
        return Fail(LexError::kUnterminatedComment, pos_, text_.size());
      }
      pos_ = end;
    } else {
      return Token();
    }
  }
}

std::size_t Lexer::BlockCommentEnd() const {
  const bool nests = rules_ == ScriptRules::kPostgres;
  std::size_t depth = 1;
  std::size_t at = pos_ + 2;
  while (depth > 0) {
    at = text_.find_first_of(nests ? "*/" : "*", at);
    if (at == std::string_view::npos) return at;
    const std::string_view mark = text_.substr(at, 2);
    if (mark == "*/") --depth;
    if (nests && mark == "/*") ++depth;
    at += mark == "*/" || (nests && mark == "/*") ? 2 : 1;
  }
  return at;
}

Token Lexer::Next() {
  if (const Token bad = SkipBlanks(); bad.kind == TokenKind::kError) return bad;
  if (pos_ >= text_.size()) return Make(TokenKind::kEnd, 0);
  const char c = text_[pos_];
  if (IsLetter(c) || c == '_') return Word();
  if (IsDigit(c) || (c == '.' && IsDigit(At(pos_ + 1)))) return Number();
  if (c == '\'') return Quoted(c, TokenKind::kString, LexError::kUnterminatedString);
  if (c == '"') return Quoted(c, TokenKind::kQuotedName, LexError::kUnterminatedName);
  return Operator();
}

Token Lexer::Word() {
  std::size_t end = pos_ + 1;
  while (end < text_.size() && IsWordChar(text_[end])) ++end;
  Token token = Make(TokenKind::kWord, end - pos_);
  token.keyword = FindKeyword(text_.substr(token.begin, token.end - token.begin));
  return token;
}

Token Lexer::Quoted(char quote, TokenKind kind, LexError unterminated) {
  std::size_t end = pos_ + 1;
  for (;;) {
    end = text_.find(quote, end);
    if (end == std::string_view::npos) return Fail(unterminated, pos_, text_.size());
    if (At(end + 1) != quote || end + 1 >= text_.size()) break;
    end += 2;  // A doubled quote.
  }
  if (kind == TokenKind::kQuotedName && end == pos_ + 1) {
    return Fail(LexError::kEmptyName, pos_, end + 1);
  }
  return Make(kind, end + 1 - pos_);
}

Token Lexer::Number() {
  std::size_t end = pos_;
  TokenKind kind = TokenKind::kInteger;
  const auto skip_digits = [&] {
    while (IsDigit(At(end))) ++end;
  };
  skip_digits();
  if (At(end) == '.') {
    kind = TokenKind::kDecimal;
    ++end;
    skip_digits();
  }
  if (At(end) == 'e' || At(end) == 'E') {
    const std::size_t sign = At(end + 1) == '+' || At(end + 1) == '-' ? 1 : 0;
    if (IsDigit(At(end + 1 + sign))) {
      kind = TokenKind::kDecimal;
      end += 1 + sign;
      skip_digits();
    }
  }
  // Letters and dots directly after a number make all of it invalid.
  if (IsWordChar(At(end)) || At(end) == '.') {
    const bool word = kind == TokenKind::kInteger;
    const std::size_t begin = pos_;
    while (IsWordChar(At(end)) || At(end) == '.') ++end;
    return Fail(word ? LexError::kDigitsThenWord : LexError::kBadNumber, begin, end);
  }
  return Make(kind, end - pos_);
}

Token Lexer::Operator() {
  const char next = At(pos_ + 1);
  switch (text_[pos_]) {
    case '(':
      return Make(TokenKind::kLeftParen, 1);
    case ')':
      return Make(TokenKind::kRightParen, 1);
    case '[':
      return Make(TokenKind::kLeftBracket, 1);
    case ']':
      return Make(TokenKind::kRightBracket, 1);
    case ',':
      return Make(TokenKind::kComma, 1);
    case ';':
      return Make(TokenKind::kSemicolon, 1);
    case '.':
      return Make(TokenKind::kDot, 1);
    case '+':
      return Make(TokenKind::kPlus, 1);
    case '-':
      return Make(TokenKind::kMinus, 1);
    case '*':
      return Make(TokenKind::kStar, 1);
    case '/':
      return Make(TokenKind::kSlash, 1);
    case '%':
      return Make(TokenKind::kPercent, 1);
    case '=':
      return Make(TokenKind::kEqual, 1);
    case '|':
      if (next == '|') return Make(TokenKind::kConcat, 2);
      break;
    case '!':
      if (next == '=') return Make(TokenKind::kNotEqual, 2);
      break;
    case '<':
      if (next == '>') return Make(TokenKind::kNotEqual, 2);
      if (next == '=') return Make(TokenKind::kLessEqual, 2);
      return Make(TokenKind::kLess, 1);
    case '>':
      if (next == '=') return Make(TokenKind::kGreaterEqual, 2);
      return Make(TokenKind::kGreater, 1);
    case '?':
      if (placeholders_) return Make(TokenKind::kInteger, 1);
      return Fail(LexError::kPlaceholder, pos_, pos_ + 1);
    case '\0':
      return Fail(LexError::kNul, pos_, pos_ + 1);
    default:
      break;
  }
  const std::size_t length = base::Utf8Length(text_, pos_);
  if (length == 0) return Fail(LexError::kNotUtf8, pos_, pos_ + 1);
  return Fail(LexError::kBadCharacter, pos_, pos_ + length);
}

std::string Unquote(std::string_view token_text) {
  const char quote = token_text.front();
  const std::string_view inner = token_text.substr(1, token_text.size() - 2);
  std::string out;
  out.reserve(inner.size());
  std::size_t begin = 0;
  for (;;) {
    const std::size_t at = inner.find(quote, begin);
    if (at == std::string_view::npos) break;
    // Copy up to and including one quote; skip its double.
    out.append(inner, begin, at + 1 - begin);
    begin = at + 2;
  }
  if (begin < inner.size()) out.append(inner, begin);
  return out;
}

Token CheckText(std::string_view text) {
  Token token;
  const std::size_t valid = base::ValidTextPrefix(text);
  if (valid == text.size()) return token;
  token.kind = TokenKind::kError;
  token.error = text[valid] == '\0' ? LexError::kNul : LexError::kNotUtf8;
  token.begin = static_cast<std::uint32_t>(valid);
  token.end = token.begin + 1;
  return token;
}

}  // namespace tql::dialect
