// Text -> tokens. A token is a kind and a range; nothing is copied or allocated.
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
  kWord,        // A bare word: letters, digits, `_`, no digit first. Perhaps a keyword.
  kQuotedName,  // "…", a doubled quote inside is one quote.
  kString,      // '…', a doubled quote inside is one quote; a backslash is a backslash.
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
  kError,         // Token::error says what is wrong; the lexer does not advance beyond it.
};

/// The token as an error text names it, e.g. "','", "a name".
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
  kBadCharacter,    // Anything else outside strings, quoted names and comments.
  kNotUtf8,
  kNul,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;  // Of a kWord.
  LexError error = LexError::kNone;  // Of a kError.
  // The bytes of the text, with the quotes. A kError ranges over what is wrong: from the opening
  // quote of an unterminated string, for example.
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Skips blanks and comments and cuts the rest into tokens. `-- …` is a comment up to the next
/// newline or carriage return; `/* … */` nests only with ScriptRules::kPostgres. A byte order mark
/// at offset 0 counts as a blank. Copyable: a copy is a position to return to.
class Lexer {
 public:
  /// `text` must outlive the lexer and be shorter than 4 GiB. Of `rules`, only those of comments
  /// matter: the tokens are TQL's.
  explicit Lexer(std::string_view text, std::size_t offset = 0,
                 ScriptRules rules = ScriptRules::kTql);
  Token Next();
  std::string_view text() const { return text_; }

 private:
  Token SkipBlanks();
  /// Behind the end of the comment at pos_; npos when it has none.
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
};

/// What a kString or kQuotedName stands for: without its quotes, doubled quotes undone.
std::string Unquote(std::string_view token_text);

/// The first place where `text` is not valid UTF-8 or holds a NUL byte, as a kError token; a kEnd
/// token when there is none. Takes no time to speak of for ASCII.
Token CheckText(std::string_view text);

/// What is wrong with a kError token of `text`, for people.
std::string DescribeLexError(std::string_view text, const Token& token);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_LEXER_H_
