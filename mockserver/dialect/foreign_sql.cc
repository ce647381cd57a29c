#include "mockserver/dialect/foreign_sql.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/lexer.h"
#include "proto/base/utf8.h"

namespace tql::dialect {
namespace {

struct Row {
  Grammar lacks;
  std::string_view patterns;
  std::string_view construct;
  std::string_view advice;
};
struct WordsRow {
  std::string_view words;
  std::string_view advice;
};

// Each table includes foreign_sql.inc with only its own macros producing rows.
constexpr Row kRows[] = {
#define FOREIGN_SQL(patterns, construct, advice) {Grammar::kTql, patterns, construct, advice},
#define POSTGRES_LACKS(patterns, construct, advice) \
  {Grammar::kPostgres, patterns, construct, advice},
#define FOREIGN_TYPE(words, advice)
#define FOREIGN_FUNCTION(words, advice)
#define FOREIGN_VALUE(words, advice)
#include "mockserver/dialect/foreign_sql.inc"
#undef FOREIGN_SQL
#undef POSTGRES_LACKS
#undef FOREIGN_TYPE
};
constexpr WordsRow kTypes[] = {
#define FOREIGN_SQL(patterns, construct, advice)
#define POSTGRES_LACKS(patterns, construct, advice)
#define FOREIGN_TYPE(words, advice) {words, advice},
#include "mockserver/dialect/foreign_sql.inc"
#undef FOREIGN_TYPE
#undef FOREIGN_FUNCTION
};
constexpr WordsRow kFunctions[] = {
#define FOREIGN_TYPE(words, advice)
#define FOREIGN_FUNCTION(words, advice) {words, advice},
#include "mockserver/dialect/foreign_sql.inc"
#undef FOREIGN_FUNCTION
#undef FOREIGN_VALUE
};
constexpr WordsRow kValues[] = {
#define FOREIGN_FUNCTION(words, advice)
#define FOREIGN_VALUE(words, advice) {words, advice},
#include "mockserver/dialect/foreign_sql.inc"
#undef FOREIGN_SQL
#undef POSTGRES_LACKS
#undef FOREIGN_TYPE
#undef FOREIGN_FUNCTION
#undef FOREIGN_VALUE
};

constexpr std::string_view kStart = "START ";
constexpr std::string_view kBefore = "BEFORE ";
constexpr std::size_t kExcerpt = 60;

std::string WithAdvice(std::string text, std::string_view advice) {
  if (!advice.empty()) text.append("; use ").append(advice);
  return text;
}

// Removes the text up to `separator` from `rest` and returns it without the separator.
std::string_view TakePart(std::string_view* rest, std::string_view separator) {
  const std::size_t end = std::min(rest->find(separator), rest->size());
  const std::string_view part = rest->substr(0, end);
  rest->remove_prefix(std::min(end + separator.size(), rest->size()));
  return part;
}

bool HasWord(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    if (base::EqualsIgnoreCase(word, TakePart(&words, "|"))) return true;
  }
  return false;
}

template <std::size_t N>
std::string_view AdviceOf(const WordsRow (&rows)[N], std::string_view word) {
  for (const WordsRow& row : rows) {
    if (HasWord(row.words, word)) return row.advice;
  }
  return {};
}

// The first tokens of a statement and those around the one where a parser failed. Of a long
// statement, the tokens in between are left out.
class Window {
 public:
  Window(std::string_view text, std::size_t offset, ScriptRules rules) : text_(text) {
    constexpr std::size_t kHead = 16;   // Tokens kept at the beginning.
    constexpr std::size_t kMost = 512;  // Tokens kept before the failed one.
    constexpr std::size_t kAfter = 6;   // Tokens kept from the failed one on.
    Lexer lexer(text, 0, rules);
    std::size_t after = 0;
    for (Token token = lexer.Next(); token.kind != TokenKind::kEnd && after < kAfter;
         token = lexer.Next()) {
      if (token.kind == TokenKind::kError) {
        if (token.end >= text.size() && token.error != LexError::kBadCharacter &&
            token.error != LexError::kPlaceholder) {
          break;  // An unterminated string, name or comment.
        }
        lexer = Lexer(text, token.end, rules);
      }
      if (token.begin < offset && tokens_.size() == kMost) {
        tokens_.erase(tokens_.begin() + kHead, tokens_.begin() + kMost / 2);
      }
      if (token.begin >= offset) ++after;
      tokens_.push_back(token);
    }
    failed_ = tokens_.size() - after;
  }

  std::size_t size() const { return tokens_.size(); }
  /// The index of the token where the parser failed; size() at the end of the statement.
  std::size_t failed() const { return failed_; }
  const Token& operator[](std::size_t i) const { return tokens_[i]; }
  std::string_view Text(std::size_t i) const {
    return text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
  }
  bool IsWord(std::size_t i, std::string_view lower) const {
    return i < size() && tokens_[i].kind == TokenKind::kWord &&
           base::EqualsIgnoreCase(Text(i), lower);
  }
  bool IsName(std::size_t i) const {
    return i < size() && (tokens_[i].kind == TokenKind::kQuotedName ||
                          (tokens_[i].kind == TokenKind::kWord && !IsReserved(tokens_[i].keyword)));
  }

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t failed_ = 0;
};

bool MatchesOne(const Window& window, std::size_t i, std::string_view item) {
  const Token& token = window[i];
  if (item == "N") return window.IsName(i);
  if (item == "I") return token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal;
  const bool joined = i > 0 && window[i - 1].end == token.begin;
  if (item == "J") return token.kind == TokenKind::kString && joined;
  if (item == "S") return token.kind == TokenKind::kString;
  if (token.kind == TokenKind::kString || token.kind == TokenKind::kQuotedName) return false;
  if (item == "BAR") item = "|";
  if (item == "CARET") item = "^";
  return base::EqualsIgnoreCase(window.Text(i), item);
}

// Returns how many tokens from `begin` on the items match, or 0 if they do not match.
std::size_t MatchItems(const Window& window, std::size_t begin, std::string_view items) {
  std::size_t at = begin;
  while (!items.empty()) {
    std::string_view item = TakePart(&items, " ");
    if (item == "...") {
      at = std::max(at, window.failed());
      continue;
    }
    bool found = false;
    while (!item.empty() && at < window.size() && !found) {
      found = MatchesOne(window, at, TakePart(&item, "|"));
    }
    if (!found) return 0;
    ++at;
  }
  return at - begin;
}

// Returns the index of the token where the pattern begins, or size() if it does not match.
std::size_t FindPattern(const Window& window, std::string_view pattern) {
  const bool start = pattern.starts_with(kStart);
  const bool before = pattern.starts_with(kBefore);
  if (start) pattern.remove_prefix(kStart.size());
  if (before) pattern.remove_prefix(kBefore.size());
  const std::size_t last = start ? 0 : window.failed();
  for (std::size_t i = 0; i <= last && i < window.size(); ++i) {
    const std::size_t count = MatchItems(window, i, pattern);
    if (count == 0) continue;
    if (before ? i + count <= window.failed() : i + count > window.failed()) return i;
  }
  return window.size();
}

// Whether one edit turns the word into `lower`: inserting, removing or replacing a letter, or
// swapping two adjacent ones.
bool OneEditApart(std::string_view word, std::string_view lower) {
  std::size_t begin = 0;
  while (begin < std::min(word.size(), lower.size()) && ToLower(word[begin]) == lower[begin]) {
    ++begin;
  }
  std::string_view a = word.substr(begin);
  std::string_view b = lower.substr(begin);
  if (a.empty() && b.empty()) return false;
  if (a.size() == b.size()) {
    const bool exchanged = a.size() > 1 && ToLower(a[0]) == b[1] && ToLower(a[1]) == b[0] &&
                           base::EqualsIgnoreCase(a.substr(2), b.substr(2));
    return exchanged || base::EqualsIgnoreCase(a.substr(1), b.substr(1));
  }
  if (a.size() == b.size() + 1) return base::EqualsIgnoreCase(a.substr(1), b);
  return b.size() == a.size() + 1 && base::EqualsIgnoreCase(a, b.substr(1));
}

// Returns the keyword that the token may be a misspelling of, or an empty view.
std::string_view MeantKeyword(const Window& window, std::size_t i) {
  static constexpr std::array<std::string_view, 14> kStatements = {
      "select", "insert", "update",   "delete",  "create", "alter", "drop",
      "show",   "script", "truncate", "compact", "upsert", "use",   "help"};
  static constexpr std::array<std::string_view, 13> kClauses = {
      "from",  "where", "group", "order",  "having", "limit", "union",
      "inner", "left",  "join",  "values", "into",   "set"};
  if (i >= window.size() || window[i].kind != TokenKind::kWord || IsReserved(window[i].keyword)) {
    return {};
  }
  const auto find = [&](const auto& words) -> std::string_view {
    for (const std::string_view word : words) {
      if (OneEditApart(window.Text(i), word)) return word;
    }
    return {};
  };
  return i == 0 ? find(kStatements) : find(kClauses);
}

// Whether the token where the parser failed may be a table whose FROM is missing.
bool LacksFrom(const Window& window) {
  const std::size_t failed = window.failed();
  if (failed == 0 || !window.IsName(failed)) return false;
  std::size_t i = failed;
  while (i > 0 && !window.IsWord(i, "select") && !window.IsWord(i, "from")) --i;
  const TokenKind previous = window[failed - 1].kind;
  const bool item_ends = window.IsName(failed - 1) || previous == TokenKind::kStar ||
                         previous == TokenKind::kRightParen || previous == TokenKind::kString ||
                         previous == TokenKind::kInteger || previous == TokenKind::kDecimal;
  return window.IsWord(i, "select") && item_ends;
}

}  // namespace

std::string NoSuchConstruct(std::string_view construct) {
  const Row* const row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) {
    return r.construct == construct && r.lacks == Grammar::kTql;
  });
  return WithAdvice("TQL has no " + std::string(construct),
                    row == std::end(kRows) ? "" : row->advice);
}

std::string_view TypeList() {
  return "BOOL, INT, BIGINT, FLOAT, DOUBLE, VARCHAR, CHAR, DATE, DATETIME, TIMESTAMP and TIME";
}

std::string NoSuchType(std::string_view word) {
  const std::string text = "TQL has no type " + base::Upper(base::Excerpt(word, kExcerpt));
  return WithAdvice(text, AdviceOf(kTypes, word)) + "; the types are " + std::string(TypeList());
}

std::optional<std::string> NoSuchValue(std::string_view word) {
  const std::string_view advice = AdviceOf(kValues, word);
  if (advice.empty()) return std::nullopt;
  return WithAdvice("TQL has no value " + base::Upper(word), advice);
}

std::string WithFunctionAdvice(std::string text, std::string_view name) {
  return WithAdvice(std::move(text), AdviceOf(kFunctions, name));
}

std::optional<SyntaxError> FindForeignSql(std::string_view text, std::size_t offset,
                                          Grammar grammar, ScriptRules rules) {
  const Window window(text, offset, rules);
  for (const Row& row : kRows) {
    if (row.lacks == Grammar::kPostgres && grammar == Grammar::kTql) continue;
    for (std::string_view rest = row.patterns; !rest.empty();) {
      const std::string_view pattern = TakePart(&rest, " ; ");
      const std::size_t begin = FindPattern(window, pattern);
      if (begin == window.size()) continue;
      const std::size_t at = pattern.starts_with(kStart) ? window.failed() : begin;
      return SyntaxError{
          row.lacks == Grammar::kTql
              ? NoSuchConstruct(row.construct)
              : WithAdvice("PostgreSQL's grammar has no " + std::string(row.construct), row.advice),
          window[at].begin};
    }
  }
  return std::nullopt;
}

std::string GuessKeyword(std::string_view text, std::size_t offset, ScriptRules rules) {
  const Window window(text, offset, rules);
  const std::size_t failed = window.failed();
  for (const std::size_t i : {failed - 1, failed}) {  // MeantKeyword() checks that i is valid.
    const std::string_view meant = MeantKeyword(window, i);
    if (!meant.empty()) {
      return "; did you mean " + base::Upper(meant) + " instead of '" +
             base::Excerpt(window.Text(i), kExcerpt) + "'?";
    }
  }
  if (!LacksFrom(window)) return "";
  return "; is FROM missing before '" + base::Excerpt(window.Text(failed), kExcerpt) + "'?";
}

}  // namespace tql::dialect
