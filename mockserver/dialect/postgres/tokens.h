// The tokens of a statement: where names, aliases and closing brackets stand, which PostgreSQL's
// parse tree does not say.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast_base.h"
#include "mockserver/dialect/postgres/pg_query.h"

namespace tql::dialect::postgres {

/// Tokens are counted from 0, comments left out. An index beyond the last token is allowed
/// everywhere, and is a token without a text at the end.
class Tokens {
 public:
  /// `text` must outlive the object; `ranges` are ScanTokens() of it.
  Tokens(std::string_view text, const std::vector<TokenRange>& ranges);

  std::size_t size() const { return ranges_.size(); }
  /// The first token that begins at or behind a byte.
  std::size_t At(std::size_t offset) const;
  SourceRange Range(std::size_t token) const;
  std::string_view Text(std::size_t token) const;
  /// Whether it is this word (given in lower case), in any case and without quotes.
  bool IsWord(std::size_t token, std::string_view word) const;
  /// Whether it is one of these words and serves as a keyword here: after a dot and after AS every
  /// word is a name.
  template <std::size_t N>
  bool IsKeyword(std::size_t token, const std::string_view (&words)[N]) const {
    if (token >= labels_.size() || labels_[token]) return false;
    for (const std::string_view word : words) {
      if (IsWord(token, word)) return true;
    }
    return false;
  }
  /// For a bracket: the one that closes it; size() when none does. For another token: itself.
  std::size_t Close(std::size_t token) const;

 private:
  std::string_view text_;
  std::vector<TokenRange> ranges_;
  std::vector<std::uint32_t> close_;
  std::vector<bool> labels_;
};

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_
