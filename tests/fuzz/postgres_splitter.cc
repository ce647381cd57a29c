// Any text: under PostgreSQL's rules the splitters cut where PostgreSQL's scanner (libpg_query) has
// a semicolon that ends a statement, and where the splitter of PostgreSQL's parser cuts.
#include <pg_query.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/postgres/pg_query.h"
#include "mockserver/dialect/postgres/scan_cost.h"
#include "mockserver/dialect/postgres/tokens.h"
#include "mockserver/dialect/splitter.h"
#include "proto/base/text.h"

namespace {

using tql::dialect::ScriptRules;
using tql::dialect::TokenKind;
using tql::dialect::postgres::TokenRange;
using tql::dialect::postgres::Tokens;

constexpr std::size_t kMaxSize = 4096;  // PostgreSQL's parser is recursive.

void Check(bool condition) {
  if (!condition) std::abort();
}

struct Piece {
  std::size_t begin = 0;
  std::optional<std::size_t> end;
  bool terminated = false;
};

std::vector<Piece> Cut(std::string_view script) {
  std::vector<Piece> pieces;
  tql::dialect::ScriptSplitter splitter(script, ScriptRules::kPostgres);
  while (const auto statement = splitter.Next()) {
    const std::size_t begin = statement->place.offset;
    pieces.push_back({begin, begin + statement->text.size(), statement->terminated});
  }
  return pieces;
}

// The end of a token; nullopt for U&"…" and U&'…', for which the scanner returns at most the U.
std::optional<std::size_t> EndOf(std::string_view script, const Tokens& tokens, std::size_t token) {
  const auto range = tokens.Range(token);
  const std::string_view start = script.substr(range.begin, 3);
  const bool unicode = start.size() == 3 && (start[0] | 0x20) == 'u' && start[1] == '&' &&
                       (start[2] == '\'' || start[2] == '"');
  if (unicode) return std::nullopt;
  return range.end;
}

// Cuts at the scanner's tokens: a semicolon in brackets does not end a statement.
std::vector<Piece> CutByTokens(std::string_view script, const Tokens& tokens) {
  std::vector<Piece> pieces;
  Piece piece;
  bool any = false;
  std::size_t brackets = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view token = tokens.Text(i);
    if (token == "(") ++brackets;
    if (token == ")" && brackets > 0) --brackets;
    if (token == ";" && brackets == 0) {
      piece.terminated = true;
      if (any) pieces.push_back(piece);
      any = false;
      continue;
    }
    if (!any) piece = {tokens.Range(i).begin, std::nullopt, false};
    any = true;
    piece.end = EndOf(script, tokens, i);
  }
  if (any) pieces.push_back(piece);
  return pieces;
}

// Whether a BEGIN may hide semicolons, which only the parser can decide.
bool MayHaveBlocks(const Tokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.IsWord(i, "begin")) return true;
  }
  return false;
}

// Whether a string is continued after a comment. libpg_query 15-4.0.0 treats the part after the
// comment as another string; PostgreSQL 15 and the splitter treat it as the same one.
bool HasCommentInString(std::string_view script, const std::vector<TokenRange>& ranges) {
  for (std::size_t i = 0; i + 2 < ranges.size(); ++i) {
    if (ranges[i].end == 0 || script[ranges[i].end - 1] != '\'') continue;
    std::size_t next = i + 1;
    while (next < ranges.size() && script.substr(ranges[next].begin).starts_with("--")) ++next;
    if (next > i + 1 && next < ranges.size() && script[ranges[next].begin] == '\'') return true;
  }
  return false;
}

void CheckAgainstScanner(std::string_view script, const std::vector<TokenRange>& ranges,
                         const std::vector<Piece>& pieces) {
  const Tokens tokens(script, ranges);
  if (MayHaveBlocks(tokens)) return;
  const std::vector<Piece> expected = CutByTokens(script, tokens);
  Check(expected.size() == pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    Check(pieces[i].begin == expected[i].begin);
    if (expected[i].end) Check(pieces[i].end == expected[i].end);
    Check(pieces[i].terminated == expected[i].terminated);
  }
}

void CheckAgainstParser(const std::string& script, const std::vector<Piece>& pieces) {
  PgQuerySplitResult split = pg_query_split_with_parser(script.c_str());
  if (split.error == nullptr) {
    Check(static_cast<std::size_t>(split.n_stmts) == pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      // Its statements begin after the previous semicolon or with their first token.
      const auto begin = static_cast<std::size_t>(split.stmts[i]->stmt_location);
      const auto end = begin + static_cast<std::size_t>(split.stmts[i]->stmt_len);
      Check(begin <= pieces[i].begin && *pieces[i].end <= end);
      Check(i == 0 || *pieces[i - 1].end <= begin);
      Check(i + 1 == pieces.size() || end <= pieces[i + 1].begin);
    }
  }
  pg_query_free_split_result(split);
}

// Checks an incremental splitter that receives `step` bytes at a time.
void CheckInSteps(std::string_view script, std::size_t step, const std::vector<Piece>& pieces) {
  tql::dialect::IncrementalSplitter splitter(tql::dialect::Backslash::kText,
                                             ScriptRules::kPostgres);
  tql::dialect::GrowingInput input(ScriptRules::kPostgres);
  std::size_t count = 0;
  const auto drain = [&] {
    while (const auto statement = splitter.Next()) {
      Check(count < pieces.size());
      const Piece& piece = pieces[count++];
      Check(statement->text == script.substr(piece.begin, *piece.end - piece.begin));
      Check(statement->place.offset == piece.begin);
      Check(statement->terminated == piece.terminated);
    }
    if (step % 2 == 0) splitter.DropPreamble();
  };
  for (std::size_t i = 0; i < script.size(); i += step) {
    splitter.Feed(script.substr(i, step));
    drain();
    const std::string_view so_far = script.substr(0, i + step);
    Check(input.Scan(so_far) == tql::dialect::StateOf(so_far, ScriptRules::kPostgres));
  }
  splitter.Finish();
  drain();
  Check(count == pieces.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > kMaxSize) return 0;
  const std::string script(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (tql::dialect::CheckText(script).kind == TokenKind::kError) return 0;
  if (script.starts_with(tql::base::kByteOrderMark)) return 0;  // A name in PostgreSQL.
  const std::vector<Piece> pieces = Cut(script);
  CheckInSteps(script, 1 + data[0] % 7, pieces);  // The first byte determines the cuts.
  if (tql::dialect::postgres::FindCostlyRun(script)) return 0;
  std::vector<TokenRange> ranges;
  if (tql::dialect::postgres::ScanTokens(script, &ranges)) return 0;
  if (HasCommentInString(script, ranges)) return 0;
  CheckAgainstScanner(script, ranges, pieces);
  CheckAgainstParser(script, pieces);
  return 0;
}
