// ALTER TABLE.
#include "mockserver/dialect/parser_impl.h"

namespace tql::dialect::internal {

bool Parser::ParseAlter(AlterTable* out) {
  if (!Require(Keyword::K_table) || !ParseTable(&out->table)) return false;
  do {
    AlterAction& action = out->actions.emplace_back();
    const std::uint32_t begin = token_.begin;
    if (!ParseAlterAction(&action)) return false;
    action.range = RangeFrom(begin);
  } while (Accept(TokenKind::kComma));
  return true;
}

bool Parser::ParseAlterAction(AlterAction* out) {
  if (Accept(Keyword::K_add)) return ParseAdd(out);
  if (At(Keyword::K_constraint)) {
    return ParseTableConstraint(&out->node.emplace<AddConstraint>().constraint);
  }
  if (Accept(Keyword::K_drop)) return ParseAlterDrop(out);
  if (Accept(Keyword::K_rename)) {
    RenameColumn& rename = out->node.emplace<RenameColumn>();
    return Require(Keyword::K_column) && ParseName(&rename.from, Nonterminal::kColumn) &&
           Require(Keyword::K_to) && ParseName(&rename.to, Nonterminal::kColumn);
  }
  if (Accept(Keyword::K_modify)) return ParseModify(&out->node.emplace<ModifyColumn>());
  if (Accept(Keyword::K_set)) return ParseAlterSet(out);
  return Fail();
}

bool Parser::ParseModify(ModifyColumn* out) {
  return Require(Keyword::K_column) && ParseName(&out->column, Nonterminal::kColumn) &&
         ParseType(&out->type) && ParseHint(&out->hint);
}

bool Parser::ParseAdd(AlterAction* out) {
  if (Accept(Keyword::K_column)) {
    return ParseColumnDef(&out->node.emplace<AddColumn>().column);
  }
  if (At(Keyword::K_constraint) || At(Keyword::K_relationship)) {
    return ParseTableConstraint(&out->node.emplace<AddConstraint>().constraint);
  }
  return Fail();
}

bool Parser::ParseAlterDrop(AlterAction* out) {
  if (Accept(Keyword::K_column)) {
    return ParseName(&out->node.emplace<DropColumn>().column, Nonterminal::kColumn);
  }
  // CONSTRAINT is optional before RELATIONSHIP and FOREIGN KEY.
  const bool constraint = Accept(Keyword::K_constraint);
  if (Accept(Keyword::K_relationship)) {
    DropRelationship& drop = out->node.emplace<DropRelationship>();
    if (Accept(Keyword::K_with)) return ParseTable(&drop.target.emplace());
    ParseOptionalName(&drop.name, Nonterminal::kName);
    return true;
  }
  if (Accept(Keyword::K_foreign)) {
    if (!Require(Keyword::K_key)) return false;
    ParseOptionalName(&out->node.emplace<DropForeignKey>().name, Nonterminal::kName);
    return true;
  }
  if (!constraint) return Fail();
  if (Accept(Keyword::K_primary)) {
    if (!Require(Keyword::K_key)) return false;
    std::optional<Name> ignored;
    ParseOptionalName(&ignored, Nonterminal::kName);
    out->node.emplace<DropPrimaryKey>();
    return true;
  }
  return ParseName(&out->node.emplace<DropConstraint>().name);
}

bool Parser::ParseAlterSet(AlterAction* out) {
  if (Accept(Keyword::K_dimension)) {
    out->node.emplace<SetDimension>();
    return true;
  }
  if (Accept(Keyword::K_fact)) return ParsePartition(&out->node.emplace<SetFact>().partition);
  return Require(Keyword::K_load, Keyword::K_priority) &&
         ParseCount(&out->node.emplace<SetLoadPriority>().priority);
}

}  // namespace tql::dialect::internal
