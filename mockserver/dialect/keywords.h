// The keywords of TQL: an enum and lookups over the table keywords.inc.
#ifndef TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_
#define TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace tql::dialect {

/// One enumerator per word, with the prefix `K_` because many are also keywords of C++:
/// Keyword::K_select.
enum class Keyword : std::uint8_t {
  kNone,
#define TQL_KEYWORD(word, reserved, token) K_##word,
#include "mockserver/dialect/keywords.inc"
#undef TQL_KEYWORD
};

/// Returns the keyword that `word` spells in any case, or kNone.
Keyword FindKeyword(std::string_view word);

/// The spelling in lower and in upper case, e.g. "select", "SELECT"; empty for kNone.
std::string_view KeywordLower(Keyword keyword);
std::string_view KeywordUpper(Keyword keyword);

/// Whether the word must be quoted to be used as a name.
bool IsReserved(Keyword keyword);

/// Whether `name` must be quoted: it is empty, reserved, begins with a digit, or contains anything
/// but ASCII letters, digits and `_`.
bool NeedsQuotes(std::string_view name);

/// The keywords and functions offered for completion, in lower case and sorted.
std::span<const std::string_view> StaticTokens();

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_KEYWORDS_H_
