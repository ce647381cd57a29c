// CREATE TABLE.
#include "mockserver/engine/builtins.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/engine/table_editor.h"

namespace tql::engine {
namespace {

using errors::Thing;

Status Build(const dialect::CreateTable& node, TableEditor& editor) {
  editor.SetKind(node.mark == dialect::TableMark::kFact        ? plan::TableKind::kFact
                 : node.mark == dialect::TableMark::kDimension ? plan::TableKind::kDimension
                                                               : plan::TableKind::kUnmarked);
  for (const dialect::ColumnDef& column : node.columns) {
    TQL_RETURN_IF_ERROR(editor.AddColumn(column));
  }
  for (const dialect::TableConstraint& constraint : node.constraints) {
    TQL_RETURN_IF_ERROR(editor.AddConstraint(constraint));
  }
  return node.partition ? editor.SetPartition(*node.partition) : Status();
}

}  // namespace

Status Executor::Execute(const dialect::CreateTable& node) {
  const dialect::Name& name = node.table.last();
  if (name.text.empty()) return At(errors::EmptyName(Thing::kTable), name.range);
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  std::optional<plan::SchemaDef> new_schema;
  plan::TablePtr table;
  plan::Id last_id = 0;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<CatalogState::Place> place = catalog->ResolvePlace(node.table, request_.context);
    if (!place.ok()) return At(place.status(), node.table.range);
    const std::string& database = place->database->def.name;
    if (IsBuiltIn(database)) return At(errors::BuiltIn(database), node.table.range);
    last_id = catalog->last_id();
    if (place->schema == nullptr) {
      new_schema = plan::SchemaDef{++last_id, place->database->def.id, std::string(kDefaultSchema),
                                   guids_.NewGuid()};
    } else if (place->schema->table_names.FindExact(name.text) != nullptr) {
      return At(errors::Exists(Thing::kTable, name.text), name.range);
    }
    plan::TableDef empty;
    empty.id = ++last_id;
    empty.schema_id = new_schema ? new_schema->id : place->schema->def.id;
    empty.name = name.text;
    empty.guid = guids_.NewGuid();
    TableEditor editor(*catalog, request_, guids_, {place->schema_name, database}, std::move(empty),
                       last_id);
    TQL_RETURN_IF_ERROR(Build(node, editor));
    StatusOr<TableEditor::Result> result = editor.Finish();
    if (!result.ok()) return At(result.status(), node.table.range);
    auto def = std::make_shared<plan::TableDef>(*result->table);
    ApplyScriptComment(Comment(), *def);
    table = std::move(def);
    last_id = result->last_id;
  }
  if (new_schema) TQL_RETURN_IF_ERROR(transaction->PutSchema(*new_schema));
  TQL_RETURN_IF_ERROR(transaction->CreateTable(*table));
  return Commit(*transaction, last_id, [&](CatalogState& state) {
    if (new_schema) state.AddSchema(*new_schema);
    state.AddTable(table);
  });
}

}  // namespace tql::engine
