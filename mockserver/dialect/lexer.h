// Splits text into tokens. A token is a kind and a range; nothing is copied or allocated.
#ifndef TQLKIT_MOCKSERVER_DIALECT_LEXER_H_
#define TQLKIT_MOCKSERVER_DIALECT_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/statement_scanner.h"

namespace tql::dialect {

enum class TokenKind : std::uint8_t {
  kEnd,         // The end of the text.
  kWord,        // Unquoted: letters, digits, `_`, no digit first. May be a keyword.
  kQuotedName,  // "…"; a doubled quote inside stands for one.
  kString,      // '…'; a doubled quote inside stands for one; a backslash is ordinary.
  kInteger,     // 123
  kDecimal,     // 1.5, .5, 1., 1e3, 1.5E-3
  kLeftParen,
  kRightParen,
  kLeftBracket,
  kRightBracket,
  kComma,
  kSemicolon,
  kDot,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kConcat,        // ||
  kEqual,         // =
  kNotEqual,      // <> and !=
  kLess,          // <
  kLessEqual,     // <=
  kGreater,       // >
  kGreaterEqual,  // >=
  kError,         // Token::error is the reason. The lexer does not advance past it.
};

/// The token as error messages name it, e.g. "','", "a name".
std::string_view TokenKindName(TokenKind kind);

enum class LexError : std::uint8_t {
  kNone,
  kUnterminatedString,
  kUnterminatedName,
  kUnterminatedComment,
  kEmptyName,       // ""
  kDigitsThenWord,  // 12abc
  kBadNumber,       // 1.2.3, 1e
  kPlaceholder,     // ?
  kBadCharacter,    // Any other character outside strings, quoted names and comments.
  kNotUtf8,
  kNul,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;  // Set for kWord.
  LexError error = LexError::kNone;  // Set for kError.
  // The range in the text, including quotes. For a kError, the range of the invalid text, e.g. from
  // the opening quote of an unterminated string.
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Skips whitespace and comments and splits the rest into tokens. `-- …` is a comment up to the
/// next newline or carriage return; `/* … */` nests only under ScriptRules::kPostgres. A byte order
/// mark at offset 0 counts as whitespace. Copyable: a copy saves the position.
class Lexer {
 public:
  /// `text` must outlive the lexer and be shorter than 4 GiB. `rules` affects comments only; the
  /// tokens are those of TQL. With `placeholders`, ? is a kInteger instead of an error.
  explicit Lexer(std::string_view text, std::size_t offset = 0,
                 ScriptRules rules = ScriptRules::kTql, bool placeholders = false);
  Token Next();
  std::string_view text() const { return text_; }

 private:
  Token SkipBlanks();
  /// Returns the end of the comment that begins at pos_, or npos if it is not terminated.
  std::size_t BlockCommentEnd() const;
  Token Make(TokenKind kind, std::size_t length);
  Token Fail(LexError error, std::size_t begin, std::size_t end);
  Token Word();
  Token Quoted(char quote, TokenKind kind, LexError unterminated);
  Token Number();
  Token Operator();
  char At(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  std::string_view text_;
  std::size_t pos_ = 0;
  ScriptRules rules_;
  bool placeholders_;
};

/// The value of a kString or kQuotedName: without its quotes, doubled quotes resolved.
std::string Unquote(std::string_view token_text);

/// Returns a kError token for the first NUL byte or invalid UTF-8 in `text`, or a kEnd token.
/// Examines ASCII eight bytes at a time.
Token CheckText(std::string_view text);

/// Describes the error of a kError token of `text` for users.
std::string DescribeLexError(std::string_view text, const Token& token);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_LEXER_H_
