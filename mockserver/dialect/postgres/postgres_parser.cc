#include "mockserver/dialect/postgres/postgres_parser.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/postgres/depth.h"
#include "mockserver/dialect/postgres/json_tree.h"
#include "mockserver/dialect/postgres/mapper.h"
#include "mockserver/dialect/postgres/pg_query.h"
#include "mockserver/dialect/postgres/scan_cost.h"
#include "mockserver/dialect/postgres/tokens.h"
#include "mockserver/dialect/source_text.h"
#include "mockserver/dialect/utf8.h"

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

}  // namespace

StatusOr<Statement> ParsePostgresStatement(std::string_view text, const ParseOptions& options) {
  const Token first = Lexer(text).Next();
  if (!BelongsToPostgres(first)) return ParseStatement(text, options);
  if (text.size() > kPostgresMaxBytes) {
    return ErrorAt(text, kPostgresMaxBytes, options.origin,
                   "the statement is longer than " + std::to_string(kPostgresMaxBytes) +
                       " bytes, the most for PostgreSQL's parser");
  }
  if (Status status = CheckSource(text, options); !status.ok()) return status;
  const auto failed = [&](const postgres::PgFailure& failure) {
    // It may quote a token of any length.
    return ErrorAt(text, std::max<std::size_t>(failure.offset, first.begin), options.origin,
                   Excerpt(failure.message, kMaxMessage));
  };
  std::string source(text);
  const std::string_view mark = kByteOrderMark;
  if (source.starts_with(mark)) source.replace(0, mark.size(), mark.size(), ' ');

  if (const std::optional<std::size_t> run = postgres::FindCostlyRun(source)) {
    return failed({"the run of operators is too long for PostgreSQL's parser", *run});
  }
  std::vector<postgres::TokenRange> ranges;
  if (const auto failure = postgres::ScanTokens(source, &ranges)) return failed(*failure);
  const postgres::Tokens tokens(source, ranges);
  if (const auto excess = postgres::FindDepthExcess(tokens, options.max_depth)) {
    return failed({excess->message, excess->offset});
  }
  std::string json;
  if (const auto failure = postgres::ParseToJson(source, &json)) return failed(*failure);
  const std::optional<postgres::JsonTree> tree = postgres::JsonTree::Parse(std::move(json));
  if (!tree) return Status(StatusCode::kInternal, "PostgreSQL's parser answered no JSON");
  postgres::Mapper mapper(source, tokens, options);
  Statement statement;
  if (!mapper.MapStatement(tree->root(), &statement)) return mapper.status();
  return statement;
}

}  // namespace tql::dialect
