// CREATE, DROP, COMPACT, and the parts of tables that ALTER TABLE shares.
#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {

bool Parser::ParseCreate(Statement::Node* out) {
  if (Accept(Keyword::K_database)) {
    return ParseName(&out->emplace<CreateDatabase>().database, Nonterminal::kDatabase);
  }
  if (Accept(Keyword::K_schema)) {
    return ParseObjectName(&out->emplace<CreateSchema>().schema, 2, Nonterminal::kSchema);
  }
  CreateTable& create = out->emplace<CreateTable>();
  if (Accept(Keyword::K_fact)) {
    create.mark = TableMark::kFact;
  } else if (Accept(Keyword::K_dimension)) {
    create.mark = TableMark::kDimension;
  }
  return Require(Keyword::K_table) && ParseCreateTable(&create);
}

bool Parser::ParseCreateTable(CreateTable* out) {
  if (!ParseTable(&out->table) || !Require(TokenKind::kLeftParen)) return false;
  do {
    const bool ok = IsConstraint() ? ParseTableConstraint(&out->constraints.emplace_back())
                                   : ParseColumnDef(&out->columns.emplace_back());
    if (!ok) return false;
  } while (Accept(TokenKind::kComma));
  return Require(TokenKind::kRightParen) && ParsePartition(&out->partition);
}

bool Parser::ParseDrop(Statement::Node* out) {
  if (Accept(Keyword::K_database)) {
    return ParseName(&out->emplace<DropDatabase>().database, Nonterminal::kDatabase);
  }
  if (Accept(Keyword::K_schema)) {
    return ParseObjectName(&out->emplace<DropSchema>().schema, 2, Nonterminal::kSchema);
  }
  return Require(Keyword::K_table) && ParseLastTable(&out->emplace<DropTable>().table);
}

bool Parser::ParseCompact(Statement::Node* out) {
  Compact& compact = out->emplace<Compact>();
  if (Accept(Keyword::K_all_tables)) return true;
  return Require(Keyword::K_table) && ParseLastTable(&compact.table.emplace());
}

bool Parser::ParseColumnDef(ColumnDef* out) {
  const std::uint32_t begin = token_.begin;
  if (!ParseName(&out->name, Nonterminal::kColumn) || !ParseType(&out->type)) return false;
  bool any = true;
  while (any) {
    if (!ParseColumnOption(out, &any)) return false;
  }
  out->range = RangeFrom(begin);
  return true;
}

// One of [NOT] NULL, DEFAULT and the hint: each at most once, in any order.
bool Parser::ParseColumnOption(ColumnDef* out, bool* any) {
  *any = true;
  if (out->nullability == Nullability::kUnspecified) {
    if (Accept(Keyword::K_null)) {
      out->nullability = Nullability::kNull;
      return true;
    }
    if (Accept(Keyword::K_not)) {
      out->nullability = Nullability::kNotNull;
      return Require(Keyword::K_null);
    }
  }
  if (!out->default_value && Accept(Keyword::K_default)) {
    return ParseLiteral(&out->default_value.emplace());
  }
  const bool had_hint = out->hint.has_value();
  if (!had_hint && !ParseHint(&out->hint)) return false;
  *any = !had_hint && out->hint.has_value();
  return true;
}

// ["[" parsinghint "=" "…" "]"]
bool Parser::ParseHint(std::optional<ParsingHint>* out) {
  if (!Is(TokenKind::kLeftBracket)) {
    Expect(Nonterminal::kHint);
    return true;
  }
  const std::uint32_t begin = token_.begin;
  Advance();
  if (!Require(Keyword::K_parsinghint, TokenKind::kEqual)) return false;
  if (!At(TokenKind::kQuotedName)) return Fail();
  ParsingHint& hint = out->emplace();
  hint.text = Unquote(Text(token_));
  Advance();
  if (!Require(TokenKind::kRightBracket)) return false;
  hint.range = RangeFrom(begin);
  return true;
}

bool Parser::IsConstraint() const {
  return Is(Keyword::K_constraint) || Is(Keyword::K_primary) || Is(Keyword::K_foreign) ||
         Is(Keyword::K_relationship);
}

// [CONSTRAINT [name]] and the constraint, which may contain the name instead.
bool Parser::ParseTableConstraint(TableConstraint* out) {
  const std::uint32_t begin = token_.begin;
  if (Accept(Keyword::K_constraint)) ParseOptionalName(&out->name, Nonterminal::kName);
  std::optional<Name> inner;
  bool ok = false;
  if (Accept(Keyword::K_primary)) {
    ok = Require(Keyword::K_key) && ParseNames(&out->node.emplace<PrimaryKey>().columns);
  } else if (Accept(Keyword::K_foreign)) {
    if (!Require(Keyword::K_key)) return false;
    ParseOptionalName(&inner, Nonterminal::kName);
    ok = ParseForeignKey(&out->node.emplace<ForeignKey>());
  } else if (Accept(Keyword::K_relationship)) {
    ParseOptionalName(&inner, Nonterminal::kName);
    ok = ParseRelationship(&out->node.emplace<Relationship>());
  }
  if (!ok) return Fail();
  if (inner && out->name && inner->text != out->name->text) {
    return FailAt(inner->range.begin, "found a second name for the constraint");
  }
  if (!out->name) out->name = std::move(inner);
  out->range = RangeFrom(begin);
  return true;
}

bool Parser::ParseForeignKey(ForeignKey* out) {
  return ParseNames(&out->columns) && Require(Keyword::K_references) && ParseTable(&out->target) &&
         ParseNames(&out->target_columns);
}

bool Parser::ParseRelationship(Relationship* out) {
  return Require(Keyword::K_with) && ParseTable(&out->target) && Require(Keyword::K_as) &&
         ParseExpr(&out->condition);
}

// [PARTITION BY HASH ["(" n ")"] [KEY "(" names ")"]]
bool Parser::ParsePartition(std::optional<Partition>* out) {
  const std::uint32_t begin = token_.begin;
  if (!Accept(Keyword::K_partition)) return true;
  Partition& partition = out->emplace();
  if (!Require(Keyword::K_by, Keyword::K_hash)) return false;
  if (Accept(TokenKind::kLeftParen)) {
    if (!ParseCount(&partition.shards.emplace())) return false;
    if (!Require(TokenKind::kRightParen)) return false;
  }
  if (Accept(Keyword::K_key) && !ParseNames(&partition.keys)) return false;
  partition.range = RangeFrom(begin);
  return true;
}

}  // namespace tql::dialect::internal
