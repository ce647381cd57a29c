// SHOW, USE, HELP, EXIT: what needs the catalog alone.
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

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

TextTable TableList() { return TextTable({"Schema Name", "Table Name", "Guid", "Type"}); }

}  // namespace

Status Executor::Execute(const dialect::ShowDatabases&) {
  TextTable table({"Database Name"}, TextTable::Heading::kHidden);
  {
    const Catalog::Reader catalog = catalog_.Read();
    for (const auto& [id, database] : catalog->databases()) table.AddRow({database.def.name});
  }
  return Print(table);
}

Status Executor::Execute(const dialect::ShowSchemas& node) {
  TextTable table({"Schema Name", "Guid"});
  {
    const Catalog::Reader catalog = catalog_.Read();
    const dialect::Name* name = node.database ? &*node.database : nullptr;
    TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                         catalog->ResolveDatabase(name, request_.context));
    for (const auto& [id, schema] : database->schemas) {
      table.AddRow({schema.def.name, schema.def.guid});
    }
  }
  return Print(table);
}

Status Executor::Execute(const dialect::ShowTables& node) {
  TextTable list = TableList();
  {
    const Catalog::Reader catalog = catalog_.Read();
    const dialect::Name* name = node.database ? &*node.database : nullptr;
    TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                         catalog->ResolveDatabase(name, request_.context));
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
  return Print(list);
}

/// Views are made outside TQL: the list is that of tables, without any.
Status Executor::Execute(const dialect::ShowViews& node) {
  {
    const Catalog::Reader catalog = catalog_.Read();
    const dialect::Name* name = node.database ? &*node.database : nullptr;
    TQL_RETURN_IF_ERROR(catalog->ResolveDatabase(name, request_.context).status());
  }
  return Print(TableList());
}

Status Executor::Execute(const dialect::ShowView& node) {
  StatusOr<CatalogState::Place> place = catalog_.Read()->ResolvePlace(node.view, request_.context);
  if (!place.ok()) return At(place.status(), node.view.range);
  return At(errors::NotFound(errors::Thing::kView, node.view.last().text), node.view.range);
}

Status Executor::Execute(const dialect::ShowTable& node) {
  plan::TablePtr table;
  {
    StatusOr<plan::TablePtr> found = catalog_.Read()->ResolveTable(node.table, request_.context);
    if (!found.ok()) return At(found.status(), node.table.range);
    table = *std::move(found);
  }
  TextTable list({"Column Name", "Guid", "Data Type", "Length", "Format"});
  for (const plan::ColumnDef& column : table->columns) {
    const ShownType type = ShowType(column.type);
    list.AddRow(
        {column.name, column.guid, std::string(type.name), type.length, std::string(type.format)});
  }
  return Print(list);
}

Status Executor::Execute(const dialect::Use& node) {
  Context context = request_.context;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<const CatalogState::Database*> database =
        catalog->ResolveDatabase(&node.database, request_.context);
    if (!database.ok()) return At(database.status(), node.database.range);
    context.database = (*database)->def.name;
  }
  if (!Begin(context)) return errors::ClientGone();
  return Print({errors::ContextChangedText(context.database)});
}

Status Executor::Execute(const dialect::Help&) { return Print(errors::HelpLines()); }

Status Executor::Execute(const dialect::Exit&) { return Finish(); }

}  // namespace tql::engine
