#include "mockserver/dialect/postgres/tokens.h"

#include <algorithm>

#include "proto/base/text.h"

namespace tql::dialect::postgres {

Tokens::Tokens(std::string_view text, const std::vector<TokenRange>& ranges) : text_(text) {
  ranges_.reserve(ranges.size());
  for (const TokenRange& range : ranges) {
    const std::string_view token = text.substr(range.begin, range.end - range.begin);
    if (!token.starts_with("--") && !token.starts_with("/*")) ranges_.push_back(range);
  }
  std::vector<std::uint32_t> open;
  close_.resize(ranges_.size());
  labels_.resize(ranges_.size());
  for (std::uint32_t i = 0; i < ranges_.size(); ++i) {
    const std::string_view token = Text(i);
    close_[i] = i;
    // In `a AS as` the second AS is a name; the word after it is not.
    if (i > 0) labels_[i] = Text(i - 1) == "." || (!labels_[i - 1] && IsWord(i - 1, "as"));
    if (token == "(" || token == "[") {
      close_[i] = static_cast<std::uint32_t>(ranges_.size());
      open.push_back(i);
    } else if ((token == ")" || token == "]") && !open.empty()) {
      close_[open.back()] = i;
      open.pop_back();
    }
  }
}

std::size_t Tokens::At(std::size_t offset) const {
  const auto found = std::lower_bound(
      ranges_.begin(), ranges_.end(), offset,
      [](const TokenRange& range, std::size_t wanted) { return range.begin < wanted; });
  return static_cast<std::size_t>(found - ranges_.begin());
}

SourceRange Tokens::Range(std::size_t token) const {
  const auto end = static_cast<std::uint32_t>(text_.size());
  if (token >= ranges_.size()) return {end, end};
  return {ranges_[token].begin, ranges_[token].end};
}

std::string_view Tokens::Text(std::size_t token) const {
  const SourceRange range = Range(token);
  return text_.substr(range.begin, range.end - range.begin);
}

bool Tokens::IsWord(std::size_t token, std::string_view word) const {
  return base::EqualsIgnoreCase(Text(token), word);
}

std::size_t Tokens::Close(std::size_t token) const {
  return token < close_.size() ? close_[token] : token;
}

}  // namespace tql::dialect::postgres
