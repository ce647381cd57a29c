// CREATE DATABASE, CREATE SCHEMA, CREATE TABLE, SELECT … INTO.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/builtins.h"
#include "mockserver/engine/definition_change.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/script_comment.h"
#include "mockserver/engine/table_editor.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using errors::Thing;
using storage::Intent;
using TransactionPtr = Catalog::TransactionPtr;

/// The comment before the statement, which is ignored unless generate_guids_in_ddl is off.
ScriptComment CommentOf(const Engine::Request& request) {
  return request.options.generate_guids_in_ddl ? ScriptComment()
                                               : ReadScriptComment(request.preamble);
}

std::string NewGuid(const StatementContext& statement, plan::Id id) {
  const ScriptComment comment = CommentOf(statement.request);
  return comment.guid.empty() ? statement.guids.NewGuid(id) : comment.guid;
}

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

/// A table to be created, and its place.
struct NewTable {
  std::optional<plan::SchemaDef> schema;  // The default schema, if it must be created as well.
  std::string schema_name;
  std::string database;
  plan::TableDef def;  // Without columns.
  plan::TablePtr table;
  plan::Id last_id = 0;
  std::int64_t data_versions = 0;  // 1 if it is created with rows.
  std::vector<std::string> warnings;
};

/// Checks that the table can be created. Assigns ids and guids to it and, if necessary, to the
/// default schema.
StatusOr<NewTable> PlaceTable(const StatementContext& statement, const CatalogState& catalog,
                              const dialect::ObjectName& written) {
  const dialect::Name& name = written.last();
  if (name.text.empty()) return statement.At(errors::EmptyName(Thing::kTable), name.range);
  StatusOr<CatalogState::Place> place = catalog.ResolvePlace(written, statement.request.context);
  if (!place.ok()) return statement.At(place.status(), written.range);
  NewTable made;
  made.database = place->database->def.name;
  made.schema_name = place->schema_name;
  made.last_id = catalog.last_id();
  if (IsBuiltIn(made.database)) return statement.At(errors::BuiltIn(made.database), written.range);
  if (place->schema == nullptr) {
    const plan::Id id = ++made.last_id;
    made.schema = plan::SchemaDef{id, place->database->def.id, std::string(kDefaultSchema),
                                  statement.guids.NewGuid(id)};
  } else if (place->schema->table_names.FindExact(name.text) != nullptr) {
    return statement.At(errors::Exists(Thing::kTable, name.text), name.range);
  }
  made.def.id = ++made.last_id;
  made.def.schema_id = made.schema ? made.schema->id : place->schema->def.id;
  made.def.name = name.text;
  made.def.guid = statement.guids.NewGuid(made.def.id);
  return made;
}

/// The table of a CREATE TABLE.
StatusOr<NewTable> DefineTable(const StatementContext& statement, const CatalogState& catalog,
                               const dialect::CreateTable& node) {
  const Engine::Request& request = statement.request;
  TQL_ASSIGN_OR_RETURN(NewTable made, PlaceTable(statement, catalog, node.table));
  TableEditor editor(catalog, request, statement.guids, {made.schema_name, made.database},
                     std::move(made.def), made.last_id);
  TQL_RETURN_IF_ERROR(Build(node, editor));
  StatusOr<TableEditor::Result> result = editor.Finish();
  if (!result.ok()) return statement.At(result.status(), node.table.range);
  // The guids and versions of the comment replace those that have just been assigned.
  auto def = std::make_shared<plan::TableDef>(*result->table);
  ApplyScriptComment(CommentOf(request), *def);
  made.table = std::move(def);
  made.last_id = result->last_id;
  for (const auto& [name, reason] : result->left_out) {
    made.warnings.push_back(errors::LeftOutText(name, errors::InScript(reason, request.origin)));
  }
  return made;
}

/// The table for the result of a SELECT … INTO, and the INSERT of that result.
StatusOr<plan::Insert> DefineResult(const StatementContext& statement, const CatalogState& catalog,
                                    const dialect::Query& node, const dialect::ObjectName& target,
                                    NewTable& made) {
  const Engine::Request& request = statement.request;
  TQL_ASSIGN_OR_RETURN(made, PlaceTable(statement, catalog, target));
  TQL_ASSIGN_OR_RETURN(plan::Query query,
                       BindQuery({catalog, request.context, request.text}, node));
  TableEditor editor(catalog, request, statement.guids, {made.schema_name, made.database},
                     std::move(made.def), made.last_id);
  plan::Insert insert;
  for (plan::Query::Column& column : query.columns) {
    if (column.type.kind == values::TypeKind::kNull) {
      column.type.kind = values::TypeKind::kVarchar;
    }
    plan::ColumnDef def;
    def.name = column.name;
    def.type = column.type;
    insert.columns.push_back(static_cast<std::int32_t>(insert.columns.size()));
    TQL_RETURN_IF_ERROR(editor.AddColumn(std::move(def), target.range));
  }
  TQL_ASSIGN_OR_RETURN(const TableEditor::Result result, editor.Finish());
  made.table = result.table;
  made.last_id = result.last_id;
  insert.table = made.table;
  insert.source = std::make_unique<plan::Query>(std::move(query));
  return insert;
}

Status StoreTable(storage::Transaction& transaction, const NewTable& made) {
  if (made.schema) TQL_RETURN_IF_ERROR(transaction.PutSchema(*made.schema));
  return transaction.CreateTable(*made.table);
}

Status CommitTable(const StatementContext& statement, storage::Transaction& transaction,
                   const NewTable& made) {
  TQL_RETURN_IF_ERROR(
      CommitDefinitions(statement, transaction, made.last_id, [&](CatalogState& state) {
        if (made.schema) state.AddSchema(*made.schema);
        state.AddTable(made.table);
      }));
  statement.activity.Changed({{made.table->id, made.data_versions}});
  for (const std::string& warning : made.warnings) statement.writer.AddWarning(warning);
  return statement.writer.Finish();
}

}  // namespace

Status Execute(const StatementContext& statement, const dialect::CreateDatabase& node) {
  const dialect::Name& name = node.database;
  if (name.text.empty()) return statement.At(errors::EmptyName(Thing::kDatabase), name.range);
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        if (catalog.HasDatabase(name.text)) {
          return statement.At(errors::Exists(Thing::kDatabase, name.text), name.range);
        }
        const plan::Id id = catalog.last_id() + 1;
        const plan::DatabaseDef def{id, name.text, NewGuid(statement, id)};
        TQL_RETURN_IF_ERROR(transaction->PutDatabase(def));
        TQL_RETURN_IF_ERROR(CommitDefinitions(
            statement, *transaction, def.id, [&](CatalogState& state) { state.AddDatabase(def); }));
        return statement.writer.Finish();
      });
}

Status Execute(const StatementContext& statement, const dialect::CreateSchema& node) {
  const dialect::Name& name = node.schema.last();
  if (name.text.empty()) return statement.At(errors::EmptyName(Thing::kSchema), name.range);
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        const bool qualified = node.schema.parts.size() == 2;
        StatusOr<const CatalogState::Database*> database = catalog.ResolveDatabase(
            qualified ? &node.schema.parts[0] : nullptr, statement.request.context);
        if (!database.ok()) return statement.At(database.status(), node.schema.range);
        if (IsBuiltIn((*database)->def.name)) {
          return statement.At(errors::BuiltIn((*database)->def.name), node.schema.range);
        }
        if ((*database)->schema_names.FindExact(name.text) != nullptr) {
          return statement.At(errors::Exists(Thing::kSchema, name.text), name.range);
        }
        const plan::Id id = catalog.last_id() + 1;
        const plan::SchemaDef def{id, (*database)->def.id, name.text, NewGuid(statement, id)};
        TQL_RETURN_IF_ERROR(transaction->PutSchema(def));
        TQL_RETURN_IF_ERROR(CommitDefinitions(statement, *transaction, def.id,
                                              [&](CatalogState& state) { state.AddSchema(def); }));
        return statement.writer.Finish();
      });
}

Status Execute(const StatementContext& statement, const dialect::CreateTable& node) {
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        TQL_ASSIGN_OR_RETURN(const NewTable made, DefineTable(statement, catalog, node));
        TQL_RETURN_IF_ERROR(StoreTable(*transaction, made));
        return CommitTable(statement, *transaction, made);
      });
}

Status SelectInto(const StatementContext& statement, const dialect::Query& node,
                  const std::vector<dialect::ObjectName>& targets) {
  if (targets.size() > 1) return statement.At(errors::SeveralTargets(), targets[1].range);
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        NewTable made;
        TQL_ASSIGN_OR_RETURN(const plan::Insert insert,
                             DefineResult(statement, catalog, node, targets[0], made));
        TQL_RETURN_IF_ERROR(StoreTable(*transaction, made));
        TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                             transaction->Insert(insert, statement.request.cancellation));
        made.data_versions = rows > 0 ? 1 : 0;
        return CommitTable(statement, *transaction, made);
      });
}

}  // namespace tql::engine
