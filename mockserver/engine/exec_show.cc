// Statements that only read the catalog: SHOW, USE, HELP, EXIT.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/text_table.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

std::string_view MarkName(plan::TableKind kind) {
  switch (kind) {
    case plan::TableKind::kFact:
      return "FACT";
    case plan::TableKind::kDimension:
      return "DIMENSION";
    case plan::TableKind::kUnmarked:
      break;
  }
  return "UNKNOWN";
}

/// The named database, or the current one without a name.
StatusOr<const CatalogState::Database*> DatabaseOf(const StatementContext& statement,
                                                   const CatalogState& catalog,
                                                   const std::optional<dialect::Name>& name) {
  auto database = catalog.ResolveDatabase(name ? &*name : nullptr, statement.request.context);
  if (name && !database.ok()) return statement.At(database.status(), name->range);
  return database;
}

TextTable TableList() { return TextTable({"Schema Name", "Table Name", "Guid", "Type"}); }

}  // namespace

Status Execute(const StatementContext& statement, const dialect::ShowDatabases&) {
  TextTable table({"Database Name"}, TextTable::Heading::kHidden);
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    for (const auto& [id, database] : catalog->databases()) table.AddRow({database.def.name});
  }
  return statement.writer.Print(table);
}

Status Execute(const StatementContext& statement, const dialect::ShowSchemas& node) {
  TextTable table({"Schema Name", "Guid"});
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                         DatabaseOf(statement, *catalog, node.database));
    for (const auto& [id, schema] : database->schemas) {
      table.AddRow({schema.def.name, schema.def.guid});
    }
  }
  return statement.writer.Print(table);
}

Status Execute(const StatementContext& statement, const dialect::ShowTables& node) {
  TextTable list = TableList();
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                         DatabaseOf(statement, *catalog, node.database));
    // In order of creation over all schemas.
    std::map<plan::Id, std::pair<const std::string*, const plan::TableDef*>> tables;
    for (const auto& [schema_id, schema] : database->schemas) {
      for (const auto& [id, table] : schema.tables) tables[id] = {&schema.def.name, table.get()};
    }
    for (const auto& [id, entry] : tables) {
      const auto& [schema, table] = entry;
      list.AddRow({*schema, table->name, table->guid, std::string(MarkName(table->kind))});
    }
  }
  return statement.writer.Print(list);
}

/// The list is always empty, because views cannot be created in TQL.
Status Execute(const StatementContext& statement, const dialect::ShowViews& node) {
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_RETURN_IF_ERROR(DatabaseOf(statement, *catalog, node.database).status());
  }
  return statement.writer.Print(TableList());
}

Status Execute(const StatementContext& statement, const dialect::ShowView& node) {
  StatusOr<CatalogState::Place> place =
      statement.catalog.Read()->ResolvePlace(node.view, statement.request.context);
  if (!place.ok()) return statement.At(place.status(), node.view.range);
  return statement.At(errors::NotFound(errors::Thing::kView, node.view.last().text),
                      node.view.range);
}

Status Execute(const StatementContext& statement, const dialect::ShowTable& node) {
  plan::TablePtr table;
  {
    StatusOr<plan::TablePtr> found =
        statement.catalog.Read()->ResolveTable(node.table, statement.request.context);
    if (!found.ok()) return statement.At(found.status(), node.table.range);
    table = *std::move(found);
  }
  TextTable list({"Column Name", "Guid", "Data Type", "Length", "Format"});
  for (const plan::ColumnDef& column : table->columns) {
    const ShownType type = ShowType(column.type);
    list.AddRow(
        {column.name, column.guid, std::string(type.name), type.length, std::string(type.format)});
  }
  return statement.writer.Print(list);
}

Status Execute(const StatementContext& statement, const dialect::Use& node) {
  Context context = statement.request.context;
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    StatusOr<const CatalogState::Database*> database =
        catalog->ResolveDatabase(&node.database, statement.request.context);
    if (!database.ok()) return statement.At(database.status(), node.database.range);
    context.database = (*database)->def.name;
  }
  TQL_RETURN_IF_ERROR(statement.writer.Begin(context));
  return statement.writer.Print({errors::ContextChangedText(context.database)});
}

Status Execute(const StatementContext& statement, const dialect::Help&) {
  return statement.writer.Print(errors::HelpLines());
}

Status Execute(const StatementContext& statement, const dialect::Exit&) {
  return statement.writer.Finish();
}

}  // namespace tql::engine
