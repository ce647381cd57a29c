// SHOW, USE, SCRIPT.
#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {

bool Parser::ParseShow(Statement::Node* out) {
  if (Accept(Keyword::K_databases)) {
    out->emplace<ShowDatabases>();
    return true;
  }
  if (Accept(Keyword::K_schemas)) {
    ParseOptionalName(&out->emplace<ShowSchemas>().database, Nonterminal::kDatabase);
    return true;
  }
  if (Accept(Keyword::K_tables)) {
    ParseOptionalName(&out->emplace<ShowTables>().database, Nonterminal::kDatabase);
    return true;
  }
  if (Accept(Keyword::K_views)) {
    ParseOptionalName(&out->emplace<ShowViews>().database, Nonterminal::kDatabase);
    return true;
  }
  if (Accept(Keyword::K_table)) return ParseLastTable(&out->emplace<ShowTable>().table);
  if (Accept(Keyword::K_view)) return ParseLastTable(&out->emplace<ShowView>().view);
  if (Accept(Keyword::K_statistics)) return ParseShowStatistics(out);
  return Fail();
}

bool Parser::ParseShowStatistics(Statement::Node* out) {
  ShowStatistics& show = out->emplace<ShowStatistics>();
  if (!Require(Keyword::K_for)) return false;
  if (Accept(Keyword::K_server)) return true;
  if (Accept(Keyword::K_table)) {
    show.scope = Scope::kTable;
    return ParseLastTable(&show.name);
  }
  if (Accept(Keyword::K_database)) {
    show.scope = Scope::kDatabase;
    return ParseObjectName(&show.name, 1, Nonterminal::kDatabase);
  }
  return Fail();
}

bool Parser::ParseUse(Statement::Node* out) {
  // DATABASE is not reserved: in `USE database` it is the name.
  const bool word =
      Is(Keyword::K_database) && !NextIs(TokenKind::kSemicolon) && !NextIs(TokenKind::kEnd);
  if (word) Advance();
  return ParseName(&out->emplace<Use>().database, Nonterminal::kDatabase);
}

bool Parser::ParseScript(Statement::Node* out) {
  Script& script = out->emplace<Script>();
  if (Accept(Keyword::K_server)) return true;
  if (Accept(Keyword::K_database)) {
    script.scope = Scope::kDatabase;
    return ParseObjectName(&script.name, 1, Nonterminal::kDatabase);
  }
  if (Accept(Keyword::K_schema)) {
    script.scope = Scope::kSchema;
    return ParseObjectName(&script.name, 2, Nonterminal::kSchema);
  }
  if (Accept(Keyword::K_table)) {
    script.scope = Scope::kTable;
    return ParseLastTable(&script.name);
  }
  return Fail();
}

}  // namespace tql::dialect::internal
