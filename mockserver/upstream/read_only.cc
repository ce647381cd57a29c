#include "mockserver/upstream/read_only.h"

#include <string_view>

#include "mockserver/dialect/lexer.h"
#include "proto/base/text.h"

namespace tql::upstream {
namespace {

using dialect::StatementKind;
using dialect::TokenKind;

bool OnlyReadsByKind(StatementKind kind) {
  switch (kind) {
    case StatementKind::kShowDatabases:
    case StatementKind::kShowSchemas:
    case StatementKind::kShowTables:
    case StatementKind::kShowTable:
    case StatementKind::kShowViews:
    case StatementKind::kShowView:
    case StatementKind::kShowStatistics:
    case StatementKind::kUse:
    case StatementKind::kScript:
    case StatementKind::kHelp:
    case StatementKind::kExit:
    case StatementKind::kSelect:
      return true;
    case StatementKind::kCreateDatabase:
    case StatementKind::kCreateSchema:
    case StatementKind::kCreateTable:
    case StatementKind::kDropDatabase:
    case StatementKind::kDropSchema:
    case StatementKind::kDropTable:
    case StatementKind::kTruncateTable:
    case StatementKind::kCompact:
    case StatementKind::kAlterTable:
    case StatementKind::kInsert:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
      break;
  }
  return false;
}

/// Errs on the side of false: the other service may split the text elsewhere.
bool OnlyReadsByWords(std::string_view text) {
  dialect::Lexer lexer(text);
  bool first = true;
  for (dialect::Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    const std::string_view word = text.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::kError || token.kind == TokenKind::kSemicolon) return false;
    if (first) {
      const bool reads =
          base::EqualsIgnoreCase(word, "select") || base::EqualsIgnoreCase(word, "show") ||
          base::EqualsIgnoreCase(word, "script") || base::EqualsIgnoreCase(word, "use");
      if (token.kind != TokenKind::kWord || !reads) return false;
    }
    if (token.kind == TokenKind::kWord && base::EqualsIgnoreCase(word, "into")) return false;
    first = false;
  }
  return !first;
}

}  // namespace

bool OnlyReads(const service::ResponseSink::PendingStatement& pending) {
  const std::string_view text = pending.info.text;
  if (pending.statement == nullptr) return OnlyReadsByWords(text);
  const StatementKind kind = pending.statement->kind();
  if (!OnlyReadsByKind(kind)) return false;
  // A SELECT with INTO creates a table, and so may one in parentheses.
  return kind != StatementKind::kSelect || OnlyReadsByWords(text);
}

}  // namespace tql::upstream
