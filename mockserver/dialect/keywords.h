// The words of TQL. keywords.inc is the one table; this header makes it usable.
#ifndef TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_
#define TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace tql::dialect {

/// One enumerator a word, `K_` before it (many words of TQL are words of C++): Keyword::K_select.
enum class Keyword : std::uint8_t {
  kNone,
#define TQL_KEYWORD(word, reserved, token) K_##word,
#include "mockserver/dialect/keywords.inc"
#undef TQL_KEYWORD
};

/// The keyword that a bare word is, in any case; kNone when it is none.
Keyword FindKeyword(std::string_view word);

/// "select", "SELECT"; empty for kNone.
std::string_view KeywordLower(Keyword keyword);
std::string_view KeywordUpper(Keyword keyword);

/// Whether the word must be quoted to be a name.
bool IsReserved(Keyword keyword);

/// Whether `name` must be quoted: it is empty, reserved, begins with a digit, or holds anything
/// but ASCII letters, digits and `_`.
bool NeedsQuotes(std::string_view name);

/// The words and functions to offer for completion: lower case, sorted, beginning with "abs".
std::span<const std::string_view> StaticTokens();

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_
