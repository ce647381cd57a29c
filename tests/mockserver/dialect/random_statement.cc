// The statements of RandomAst; their parts are in random_ast.cc.
#include <utility>

#include "tests/mockserver/dialect/random_ast.h"

namespace tql::dialect {

Statement RandomAst::MakeStatement(StatementKind kind, int depth) {
  if (kind >= StatementKind::kInsert) return {MakeRows(kind, depth), {}};
  if (kind >= StatementKind::kCreateDatabase) return {MakeDdl(kind, depth), {}};
  return {MakeLook(kind), {}};
}

Statement::Node RandomAst::MakeLook(StatementKind kind) {
  const auto name = [this] { return MakeName(); };
  const std::size_t scope = Below(4);
  switch (kind) {
    case StatementKind::kShowSchemas:
      return ShowSchemas{Maybe(name)};
    case StatementKind::kShowTables:
      return ShowTables{Maybe(name)};
    case StatementKind::kShowTable:
      return ShowTable{MakeObject(3)};
    case StatementKind::kShowViews:
      return ShowViews{Maybe(name)};
    case StatementKind::kShowView:
      return ShowView{MakeObject(3)};
    case StatementKind::kShowStatistics:
      if (scope == 0) return ShowStatistics{Scope::kServer, {}};
      return scope == 1 ? ShowStatistics{Scope::kDatabase, MakeObject(1)}
                        : ShowStatistics{Scope::kTable, MakeObject(3)};
    case StatementKind::kUse:
      return Use{MakeName()};
    case StatementKind::kScript:
      // As many parts as the scope requires: none, a database, a schema, a table.
      return Script{static_cast<Scope>(scope), scope == 0 ? ObjectName() : MakeObject(scope)};
    case StatementKind::kHelp:
      return Help{};
    case StatementKind::kExit:
      return Exit{};
    default:
      return ShowDatabases{};
  }
}

Statement::Node RandomAst::MakeDdl(StatementKind kind, int depth) {
  switch (kind) {
    case StatementKind::kCreateDatabase:
      return CreateDatabase{MakeName()};
    case StatementKind::kCreateSchema:
      return CreateSchema{MakeObject(2)};
    case StatementKind::kDropDatabase:
      return DropDatabase{MakeName()};
    case StatementKind::kDropSchema:
      return DropSchema{MakeObject(2)};
    case StatementKind::kDropTable:
      return DropTable{MakeObject(3)};
    case StatementKind::kTruncateTable:
      return TruncateTable{MakeObject(3)};
    case StatementKind::kCompact:
      return Compact{Maybe([this] { return MakeObject(3); })};
    case StatementKind::kAlterTable:
      return AlterTable{MakeObject(3), Some(1, [&] { return MakeAction(depth); })};
    default:
      break;
  }
  CreateTable create;
  create.mark = static_cast<TableMark>(Below(3));
  create.table = MakeObject(3);
  create.columns = Some(0, [this] { return MakeColumn(); });
  create.constraints = Some(create.columns.empty() ? 1 : 0, [&] { return MakeConstraint(depth); });
  create.partition = Maybe([this] { return MakePartition(); });
  return create;
}

ColumnDef RandomAst::MakeColumn() {
  ColumnDef column;
  column.name = MakeName();
  column.type = MakeType();
  column.nullability = static_cast<Nullability>(Below(3));
  column.default_value = Maybe([this] { return MakeLiteral(); });
  column.hint = Maybe([this] { return ParsingHint{MakeName().text, {}}; });
  return column;
}

TableConstraint RandomAst::MakeConstraint(int depth) {
  TableConstraint constraint;
  constraint.name = Maybe([this] { return MakeName(); });
  switch (Below(3)) {
    case 0:
      constraint.node = PrimaryKey{MakeNames()};
      break;
    case 1:
      constraint.node = ForeignKey{MakeNames(), MakeObject(3), MakeNames()};
      break;
    default:
      constraint.node = Relationship{MakeObject(3), MakeExpr(depth)};
      break;
  }
  return constraint;
}

Partition RandomAst::MakePartition() {
  return {Maybe([this] { return MakeCount(); }), MakeNames(0), {}};
}

AlterAction RandomAst::MakeAction(int depth) {
  const auto name = [this] { return MakeName(); };
  switch (Below(12)) {
    case 0:
      return {AddColumn{MakeColumn()}, {}};
    case 1:
      return {DropColumn{MakeName()}, {}};
    case 2:
      return {RenameColumn{MakeName(), MakeName()}, {}};
    case 3:
      return {ModifyColumn{MakeName(), MakeType(), MakeColumn().hint}, {}};
    case 4:
      return {AddConstraint{MakeConstraint(depth)}, {}};
    case 5:
      return {DropPrimaryKey{}, {}};
    case 6:
      return {DropConstraint{MakeName()}, {}};
    case 7:
      return {DropForeignKey{Maybe(name)}, {}};
    case 8:
      return OneIn(2) ? AlterAction{DropRelationship{{}, MakeObject(3)}, {}}
                      : AlterAction{DropRelationship{Maybe(name), {}}, {}};
    case 9:
      return {SetDimension{}, {}};
    case 10:
      return {SetFact{Maybe([this] { return MakePartition(); })}, {}};
    default:
      return {SetLoadPriority{MakeCount()}, {}};
  }
}

Statement::Node RandomAst::MakeRows(StatementKind kind, int depth) {
  const auto condition = [&] { return MakeExpr(depth); };
  switch (kind) {
    case StatementKind::kInsert:
      return MakeInsert(depth);
    case StatementKind::kUpdate:
      return Update{MakeObject(3),
                    Some(1,
                         [&] {
                           return Assignment{MakeName(), MakeExpr(depth)};
                         }),
                    Maybe(condition)};
    case StatementKind::kDelete:
      return Delete{MakeObject(3), Maybe(condition)};
    default:
      return Select{MakeQuery(depth, /*into_allowed=*/true, /*alone=*/true)};
  }
}

Insert RandomAst::MakeInsert(int depth) {
  Insert insert{MakeObject(3), MakeNames(0), {}, {}};
  if (OneIn(3)) {
    insert.query = MakeQuery(depth, false, /*alone=*/true);
    return insert;
  }
  for (std::size_t row = 0, rows = 1 + Below(3); row < rows; ++row) {
    for (std::size_t i = 0, values = 1 + Below(3); i < values; ++i) {
      insert.rows.AddExpr(MakeExpr(depth));
    }
    insert.rows.EndRow();
  }
  return insert;
}

}  // namespace tql::dialect
