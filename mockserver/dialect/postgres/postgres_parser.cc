#include "mockserver/dialect/postgres/postgres_parser.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/postgres/depth.h"
#include "mockserver/dialect/postgres/json_tree.h"
#include "mockserver/dialect/postgres/mapper.h"
#include "mockserver/dialect/postgres/pg_query.h"
#include "mockserver/dialect/postgres/scan_cost.h"
#include "mockserver/dialect/postgres/tokens.h"
#include "mockserver/dialect/source_text.h"
#include "proto/base/utf8.h"

namespace tql::dialect {
namespace {

constexpr std::size_t kMaxMessage = 200;

bool BelongsToPostgres(const Token& first) {
  switch (first.keyword) {
    case Keyword::K_select:
    case Keyword::K_insert:
    case Keyword::K_update:
    case Keyword::K_delete:
    case Keyword::K_values:
    case Keyword::K_with:
      return true;
    default:
      return first.kind == TokenKind::kLeftParen;
  }
}

// Returns ", expected …" of the TQL parser if it fails at the same place, else a guessed keyword.
std::string Expectation(std::string_view source, std::size_t offset) {
  const Status status = ParseStatement(source, {.rules = ScriptRules::kPostgres}).status();
  const std::size_t at = status.message().find(", expected ");
  const bool same_place = status.place() != nullptr && status.place()->offset == offset;
  if (same_place && at != std::string::npos) return status.message().substr(at);
  return GuessKeyword(source, offset, ScriptRules::kPostgres);
}

// Replaces PostgreSQL's message by one about a construct that it lacks, or adds what is expected.
postgres::PgFailure Explained(std::string_view source, const postgres::PgFailure& failure) {
  if (const auto foreign =
          FindForeignSql(source, failure.offset, Grammar::kPostgres, ScriptRules::kPostgres)) {
    return {foreign->message, foreign->offset};
  }
  // PostgreSQL's message may quote a token of any length.
  return {base::Excerpt(failure.message, kMaxMessage) + Expectation(source, failure.offset),
          failure.offset};
}

// Returns the TQL parser's error if it names the same construct, because PostgreSQL's tree lacks
// the places of many words.
Status PlacedAsInTql(std::string_view text, const ParseOptions& options, const Status& status) {
  ParseOptions tql = options;
  tql.rules = ScriptRules::kPostgres;
  Status ours = ParseStatement(text, tql).status();
  return ours.message() == status.message() ? ours : status;
}

// TIME(x) is a call in TQL and a type with a precision in PostgreSQL's grammar. Replaces each such
// TIME by a name of the same length; the mapper takes names from the source.
std::string WithTimeCalls(const std::string& source, const postgres::Tokens& tokens) {
  constexpr std::string_view kName = "tim_";
  std::string text = source;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.IsWord(i, "time") || tokens.Text(i + 1) != "(") continue;
    const std::size_t after = tokens.Close(i + 1) + 1;
    const std::string_view before = i > 0 ? tokens.Text(i - 1) : std::string_view();
    const bool type = before == "::" || tokens.IsWord(i - 1, "as") ||
                      tokens.Text(after).starts_with('\'') || tokens.IsWord(after, "with") ||
                      tokens.IsWord(after, "without");
    if (!type) text.replace(tokens.Range(i).begin, kName.size(), kName);
  }
  return text;
}

}  // namespace

StatusOr<Statement> ParsePostgresStatement(std::string_view text, const ParseOptions& options) {
  const Token first = Lexer(text, 0, ScriptRules::kPostgres).Next();
  if (!BelongsToPostgres(first)) {
    ParseOptions tql = options;
    tql.rules = ScriptRules::kPostgres;
    return ParseStatement(text, tql);
  }
  if (text.size() > kPostgresMaxBytes) {
    return ErrorAt(text, kPostgresMaxBytes, options.origin,
                   "the statement is longer than " + std::to_string(kPostgresMaxBytes) +
                       " bytes, the most for PostgreSQL's parser");
  }
  if (Status status = CheckSource(text, options); !status.ok()) return status;
  const auto failed = [&](const postgres::PgFailure& failure) {
    return ErrorAt(text, std::max<std::size_t>(failure.offset, first.begin), options.origin,
                   failure.message);
  };
  std::string source(text);
  // Spaces in place of the byte order mark keep all offsets.
  const std::string_view mark = base::kByteOrderMark;
  if (source.starts_with(mark)) source.replace(0, mark.size(), mark.size(), ' ');

  if (const std::optional<std::size_t> run = postgres::FindCostlyRun(source)) {
    return failed({"the run of operators is too long for PostgreSQL's parser", *run});
  }
  std::vector<postgres::TokenRange> ranges;
  if (const auto failure = postgres::ScanTokens(source, &ranges)) {
    return failed(Explained(source, *failure));
  }
  const postgres::Tokens tokens(source, ranges);
  if (const auto excess = postgres::FindDepthExcess(tokens, options.max_depth)) {
    return failed({excess->message, excess->offset});
  }
  std::string json;
  if (const auto failure = postgres::ParseToJson(WithTimeCalls(source, tokens), &json)) {
    return PlacedAsInTql(text, options, failed(Explained(source, *failure)));
  }
  const std::optional<postgres::JsonTree> tree = postgres::JsonTree::Parse(std::move(json));
  if (!tree) return Status(StatusCode::kInternal, "PostgreSQL's parser returned invalid JSON");
  postgres::Mapper mapper(source, tokens, options);
  Statement statement;
  if (!mapper.MapStatement(tree->root(), &statement)) {
    return PlacedAsInTql(text, options, mapper.status());
  }
  return statement;
}

}  // namespace tql::dialect
