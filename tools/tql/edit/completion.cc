#include "tools/tql/edit/completion.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

using dialect::Token;
using dialect::TokenKind;

/// The context of the cursor.
struct Place {
  bool words = false;
  bool names = false;
  bool quoted = false;      // after an open quote
  std::string_view prefix;  // the typed part of the word
};

bool NamesFollow(const Token& token) {
  if (token.kind == TokenKind::kDot) return true;
  const std::string_view word = dialect::KeywordLower(token.keyword);
  for (const std::string_view known : {"from", "join", "into", "update", "table", "database",
                                       "schema", "use", "references", "truncate"}) {
    if (word == known) return true;
  }
  return false;
}

Place PlaceOf(std::string_view text) {
  dialect::Lexer lexer(text);
  Token before{};  // kEnd: the start of a statement
  Token last{};
  for (Token token = lexer.Next();; token = lexer.Next()) {
    if (token.kind == TokenKind::kError) {
      if (token.error != dialect::LexError::kUnterminatedName) return {};
      return {false, true, true, text.substr(token.begin + 1)};
    }
    if (token.kind == TokenKind::kEnd) break;
    before = std::exchange(last, token);
    if (token.kind == TokenKind::kSemicolon) before = last = Token{};
    if (token.kind == TokenKind::kSemicolon) last.end = token.end;
  }
  const std::string_view behind = text.substr(last.end);
  if (last.kind == TokenKind::kWord && behind.empty()) {
    const std::string_view prefix = text.substr(last.begin);
    const bool names_alone = NamesFollow(before);
    return {!names_alone, before.kind != TokenKind::kEnd, false, prefix};
  }
  const std::string_view line = behind.substr(behind.rfind('\n') + 1);
  if (line.find("--") != line.npos || !NamesFollow(last)) return {};
  return {false, true, false, {}};
}

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Completer::Completion CompletionOf(std::string_view prefix, std::vector<std::string> candidates) {
  Completer::Completion completion;
  completion.replaced = prefix.size();
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  if (candidates.empty()) return completion;
  completion.text = candidates.front();
  for (const std::string& candidate : candidates) {
    const auto [end, ignored] = std::ranges::mismatch(completion.text, candidate);
    completion.text.erase(end, completion.text.end());
  }
  // Do not insert half a character.
  completion.text = base::Utf8Prefix(candidates.front(), completion.text.size());
  // Candidates may differ from the typed text in case or quotes; then the typed text is kept.
  if (completion.text.size() < prefix.size()) completion.text = prefix;
  if (candidates.size() > Completer::kMost) candidates.resize(Completer::kMost);
  completion.candidates = std::move(candidates);
  return completion;
}

Completer::Completer() {
  for (const std::string_view word : dialect::StaticTokens()) words_.emplace_back(word);
}

void Completer::SetWords(std::vector<std::string> words) {
  const base::MutexLock lock(mutex_);
  words_ = std::move(words);
}

void Completer::SetNames(std::vector<std::string> names) {
  const base::MutexLock lock(mutex_);
  names_ = std::move(names);
}

Completer::Completion Completer::Complete(std::string_view text) const {
  const Place place = PlaceOf(text);
  std::vector<std::string> candidates;
  const base::MutexLock lock(mutex_);
  if (place.words) {
    const char typed = place.prefix.back();
    const bool upper = typed != base::ToLower(typed);
    for (const std::string& word : words_) {
      if (!base::StartsWithIgnoreCase(word, place.prefix)) continue;
      std::string& candidate = candidates.emplace_back(word);
      std::ranges::transform(candidate, candidate.begin(), upper ? base::ToUpper : base::ToLower);
    }
  }
  for (const std::string& name : names_) {
    if (!place.names || !base::StartsWithIgnoreCase(name, place.prefix)) continue;
    if (place.quoted) {
      candidates.push_back(Quoted(name).substr(1));
    } else {
      candidates.push_back(dialect::NeedsQuotes(name) ? Quoted(name) : name);
    }
  }
  return CompletionOf(place.prefix, std::move(candidates));
}

}  // namespace tql::shell
