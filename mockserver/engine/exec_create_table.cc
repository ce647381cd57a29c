// CREATE TABLE, SELECT … INTO.
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

/// A table that is not there yet, and what it needs to be there.
struct Executor::NewTable {
  std::optional<plan::SchemaDef> schema;  // the default schema, when it is to be made, too
  std::string schema_name;
  std::string database;
  plan::TableDef def;  // without columns
  plan::TablePtr table;
  plan::Id last_id = 0;
  std::int64_t data_versions = 0;  // 1: it comes with rows
};

StatusOr<Executor::NewTable> Executor::PlaceTable(const CatalogState& catalog,
                                                  const dialect::ObjectName& written) {
  const dialect::Name& name = written.last();
  if (name.text.empty()) return At(errors::EmptyName(Thing::kTable), name.range);
  StatusOr<CatalogState::Place> place = catalog.ResolvePlace(written, request_.context);
  if (!place.ok()) return At(place.status(), written.range);
  NewTable made;
  made.database = place->database->def.name;
  made.schema_name = place->schema_name;
  made.last_id = catalog.last_id();
  if (IsBuiltIn(made.database)) return At(errors::BuiltIn(made.database), written.range);
  if (place->schema == nullptr) {
    made.schema = plan::SchemaDef{++made.last_id, place->database->def.id,
                                  std::string(kDefaultSchema), guids_.NewGuid()};
  } else if (place->schema->table_names.FindExact(name.text) != nullptr) {
    return At(errors::Exists(Thing::kTable, name.text), name.range);
  }
  made.def.id = ++made.last_id;
  made.def.schema_id = made.schema ? made.schema->id : place->schema->def.id;
  made.def.name = name.text;
  made.def.guid = guids_.NewGuid();
  return made;
}

Status Executor::CreateTable(storage::Transaction& transaction, const NewTable& made) {
  if (made.schema) TQL_RETURN_IF_ERROR(transaction.PutSchema(*made.schema));
  return transaction.CreateTable(*made.table);
}

Status Executor::CommitTable(storage::Transaction& transaction, const NewTable& made) {
  TQL_RETURN_IF_ERROR(Commit(transaction, made.last_id, [&](CatalogState& state) {
    if (made.schema) state.AddSchema(*made.schema);
    state.AddTable(made.table);
  }));
  activity_.Changed({{made.table->id, made.data_versions}});
  return Finish();
}

Status Executor::Execute(const dialect::CreateTable& node) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  NewTable made;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(made, PlaceTable(*catalog, node.table));
    TableEditor editor(*catalog, request_, guids_, {made.schema_name, made.database},
                       std::move(made.def), made.last_id);
    TQL_RETURN_IF_ERROR(Build(node, editor));
    StatusOr<TableEditor::Result> result = editor.Finish();
    if (!result.ok()) return At(result.status(), node.table.range);
    auto def = std::make_shared<plan::TableDef>(*result->table);
    ApplyScriptComment(Comment(), *def);
    made.table = std::move(def);
    made.last_id = result->last_id;
    for (const auto& [name, reason] : result->left_out) {
      warnings_.push_back(errors::LeftOutText(name, errors::InScript(reason, request_.origin)));
    }
  }
  TQL_RETURN_IF_ERROR(CreateTable(*transaction, made));
  return CommitTable(*transaction, made);
}

/// The table that the query's result makes, with the result's rows.
Status Executor::SelectInto(const dialect::Query& node,
                            const std::vector<dialect::ObjectName>& targets) {
  if (targets.size() > 1) return At(errors::SeveralTargets(), targets[1].range);
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  NewTable made;
  plan::Insert insert;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(made, PlaceTable(*catalog, targets[0]));
    TQL_ASSIGN_OR_RETURN(plan::Query query,
                         BindQuery({*catalog, request_.context, request_.text}, node));
    TableEditor editor(*catalog, request_, guids_, {made.schema_name, made.database},
                       std::move(made.def), made.last_id);
    for (plan::Query::Column& column : query.columns) {
      if (column.type.kind == values::TypeKind::kNull) {
        column.type.kind = values::TypeKind::kVarchar;
      }
      plan::ColumnDef def;
      def.name = column.name;
      def.type = column.type;
      insert.columns.push_back(static_cast<std::int32_t>(insert.columns.size()));
      TQL_RETURN_IF_ERROR(editor.AddColumn(std::move(def), targets[0].range));
    }
    TQL_ASSIGN_OR_RETURN(const TableEditor::Result result, editor.Finish());
    made.table = result.table;
    made.last_id = result.last_id;
    insert.table = made.table;
    insert.source = std::make_unique<plan::Query>(std::move(query));
  }
  TQL_RETURN_IF_ERROR(CreateTable(*transaction, made));
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows, transaction->Insert(insert, request_.cancellation));
  made.data_versions = rows > 0 ? 1 : 0;
  return CommitTable(*transaction, made);
}

}  // namespace tql::engine
