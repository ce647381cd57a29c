// The tokens of a statement: the places of names, aliases and closing brackets, which PostgreSQL's
// parse tree does not contain.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast_base.h"
#include "mockserver/dialect/postgres/pg_query.h"

namespace tql::dialect::postgres {

/// Tokens are numbered from 0, without comments. An index past the last token is allowed everywhere
/// and denotes an empty token at the end of the text.
class Tokens {
 public:
  /// `text` must outlive the object; `ranges` is the result of ScanTokens() for it.
  Tokens(std::string_view text, const std::vector<TokenRange>& ranges);

  std::size_t size() const { return ranges_.size(); }
  /// The first token that begins at or after byte `offset`.
  std::size_t At(std::size_t offset) const;
  SourceRange Range(std::size_t token) const;
  std::string_view Text(std::size_t token) const;
  /// Whether it is this word (given in lower case) in any case, without quotes.
  bool IsWord(std::size_t token, std::string_view word) const;
  /// Whether it is one of these words and a keyword here: after a dot and after AS every word is a
  /// name.
  template <std::size_t N>
  bool IsKeyword(std::size_t token, const std::string_view (&words)[N]) const {
    if (token >= labels_.size() || labels_[token]) return false;
    for (const std::string_view word : words) {
      if (IsWord(token, word)) return true;
    }
    return false;
  }
  /// For a bracket, the token that closes it, or size(). For another token, the token itself.
  std::size_t Close(std::size_t token) const;

 private:
  std::string_view text_;
  std::vector<TokenRange> ranges_;
  std::vector<std::uint32_t> close_;  // Close() of each token.
  std::vector<bool> labels_;          // Whether the token follows a dot or AS.
};

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_TOKENS_H_
