// CREATE and DROP of databases and schemas, DROP and TRUNCATE of tables.
#include <optional>
#include <unordered_set>

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {

using errors::Thing;

/// The version moves by one. Whoever reads the catalog afterwards sees what the storage has.
Status Executor::Commit(storage::Transaction& transaction, plan::Id last_id,
                        const std::function<void(CatalogState&)>& change) {
  const std::int64_t version = catalog_.Read()->version() + 1;
  TQL_RETURN_IF_ERROR(transaction.PutVersion(version, last_id));
  return catalog_.Change(transaction, [&](CatalogState& state) {
    change(state);
    state.SetVersion(version, last_id);
  });
}

Status Executor::Execute(const dialect::CreateDatabase& node) {
  const std::string& name = node.database.text;
  if (name.empty()) return At(errors::EmptyName(Thing::kDatabase), node.database.range);
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  plan::DatabaseDef def;
  {
    const Catalog::Reader catalog = catalog_.Read();
    if (catalog->HasDatabase(name)) {
      return At(errors::Exists(Thing::kDatabase, name), node.database.range);
    }
    def.id = catalog->last_id() + 1;
  }
  def.name = name;
  def.guid = GuidFrom(Comment());
  TQL_RETURN_IF_ERROR(transaction->PutDatabase(def));
  TQL_RETURN_IF_ERROR(
      Commit(*transaction, def.id, [&](CatalogState& state) { state.AddDatabase(def); }));
  return Finish();
}

Status Executor::Execute(const dialect::CreateSchema& node) {
  const dialect::Name& name = node.schema.last();
  if (name.text.empty()) return At(errors::EmptyName(Thing::kSchema), name.range);
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  plan::SchemaDef def;
  {
    const Catalog::Reader catalog = catalog_.Read();
    const bool qualified = node.schema.parts.size() == 2;
    StatusOr<const CatalogState::Database*> database =
        catalog->ResolveDatabase(qualified ? &node.schema.parts[0] : nullptr, request_.context);
    if (!database.ok()) return At(database.status(), node.schema.range);
    if (IsBuiltIn((*database)->def.name)) {
      return At(errors::BuiltIn((*database)->def.name), node.schema.range);
    }
    if ((*database)->schema_names.FindExact(name.text) != nullptr) {
      return At(errors::Exists(Thing::kSchema, name.text), name.range);
    }
    def.id = catalog->last_id() + 1;
    def.database_id = (*database)->def.id;
  }
  def.name = name.text;
  def.guid = GuidFrom(Comment());
  TQL_RETURN_IF_ERROR(transaction->PutSchema(def));
  TQL_RETURN_IF_ERROR(
      Commit(*transaction, def.id, [&](CatalogState& state) { state.AddSchema(def); }));
  return Finish();
}

/// Everything that goes with a DROP beside the object itself.
struct Executor::Removal {
  Removal(const CatalogState& catalog, std::unordered_set<plan::Id> gone)
      : tables(std::move(gone)),
        dependents(catalog.DependentsOn(tables)),
        referring(catalog.WithoutReferencesTo(tables)),
        last_id(catalog.last_id()) {}

  std::unordered_set<plan::Id> tables;
  std::vector<Dependent> dependents;
  std::vector<plan::TableDef> referring;  // as they are afterwards
  plan::Id last_id;
};

/// `records` takes the object's own records out of the storage, `change` out of the catalog.
Status Executor::Remove(TransactionPtr& transaction, const Removal& removal,
                        const std::function<Status()>& records,
                        const std::function<void(CatalogState&)>& change) {
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(removal.dependents, transaction));
  if (!go_on) return Status();
  for (const plan::Id id : removal.tables) TQL_RETURN_IF_ERROR(transaction->DropTable(id));
  for (const plan::TableDef& table : removal.referring) {
    TQL_RETURN_IF_ERROR(transaction->PutTable(table));
  }
  TQL_RETURN_IF_ERROR(records());
  TQL_RETURN_IF_ERROR(Commit(*transaction, removal.last_id, [&](CatalogState& state) {
    change(state);
    state.ReplaceTables(removal.referring);
  }));
  for (const plan::Id id : removal.tables) activity_.Forget(id);
  return Finish();
}

Status Executor::Execute(const dialect::DropDatabase& node) {
  TQL_ASSIGN_OR_RETURN(TransactionPtr transaction, storage_.Begin(request_.cancellation));
  plan::Id id = 0;
  std::vector<plan::Id> schemas;
  std::optional<Removal> removal;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<const CatalogState::Database*> database =
        catalog->ResolveDatabase(&node.database, request_.context);
    if (!database.ok()) return At(database.status(), node.database.range);
    if (IsBuiltIn((*database)->def.name)) {
      return At(errors::BuiltIn((*database)->def.name), node.database.range);
    }
    id = (*database)->def.id;
    std::unordered_set<plan::Id> tables;
    for (const auto& [schema_id, schema] : (*database)->schemas) {
      schemas.push_back(schema_id);
      for (const auto& [table_id, table] : schema.tables) tables.insert(table_id);
    }
    removal.emplace(*catalog, std::move(tables));
  }
  const auto records = [&] {
    for (const plan::Id schema : schemas) TQL_RETURN_IF_ERROR(transaction->DeleteSchema(schema));
    return transaction->DeleteDatabase(id);
  };
  return Remove(transaction, *removal, records,
                [&](CatalogState& state) { state.RemoveDatabase(id); });
}

Status Executor::Execute(const dialect::DropSchema& node) {
  TQL_ASSIGN_OR_RETURN(TransactionPtr transaction, storage_.Begin(request_.cancellation));
  plan::Id id = 0;
  std::optional<Removal> removal;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<const CatalogState::Schema*> schema =
        catalog->ResolveSchema(node.schema, request_.context);
    if (!schema.ok()) return At(schema.status(), node.schema.range);
    const std::string& database = catalog->databases().at((*schema)->def.database_id).def.name;
    if (IsBuiltIn(database)) return At(errors::BuiltIn(database), node.schema.range);
    id = (*schema)->def.id;
    std::unordered_set<plan::Id> tables;
    for (const auto& [table_id, table] : (*schema)->tables) tables.insert(table_id);
    removal.emplace(*catalog, std::move(tables));
  }
  return Remove(
      transaction, *removal, [&] { return transaction->DeleteSchema(id); },
      [&](CatalogState& state) { state.RemoveSchema(id); });
}

Status Executor::Execute(const dialect::DropTable& node) {
  TQL_ASSIGN_OR_RETURN(TransactionPtr transaction, storage_.Begin(request_.cancellation));
  plan::Id id = 0;
  std::optional<Removal> removal;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<plan::TablePtr> table = catalog->ResolveTable(node.table, request_.context);
    if (!table.ok()) return At(table.status(), node.table.range);
    const CatalogState::Schema* schema = catalog->FindSchema((*table)->schema_id);
    const std::string& database = catalog->databases().at(schema->def.database_id).def.name;
    if (IsBuiltIn(database)) return At(errors::BuiltIn(database), node.table.range);
    id = (*table)->id;
    removal.emplace(*catalog, std::unordered_set<plan::Id>{id});
  }
  return Remove(
      transaction, *removal, [] { return Status(); },
      [&](CatalogState& state) { state.RemoveTable(id); });
}

/// Rows go, everything else stays: no schema changes, so no version does.
Status Executor::Execute(const dialect::TruncateTable& node) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  plan::Id id = 0;
  {
    StatusOr<plan::TablePtr> table = catalog_.Read()->ResolveTable(node.table, request_.context);
    if (!table.ok()) return At(table.status(), node.table.range);
    id = (*table)->id;
  }
  TQL_RETURN_IF_ERROR(transaction->Truncate(id));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  activity_.Changed(id);
  return Finish();
}

/// The storage keeps rows in one version: what folds is how many changes made them.
Status Executor::Execute(const dialect::Compact& node) {
  std::vector<plan::Id> tables;
  std::optional<Progress> progress;
  {
    const Catalog::Reader catalog = catalog_.Read();
    if (node.table) {
      const auto table = catalog->ResolveTable(*node.table, request_.context);
      if (!table.ok()) return At(table.status(), node.table->range);
      tables.push_back((*table)->id);
    } else {
      TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                           catalog->ResolveDatabase(nullptr, request_.context));
      for (const auto& [schema_id, schema] : database->schemas) {
        for (const auto& [id, table] : schema.tables) tables.push_back(id);
      }
      progress = errors::CompactProgress(database->def, tables.size());
    }
  }
  if (progress && !sink_.OnProgress({&*progress, 1})) return errors::ClientGone();
  for (const plan::Id id : tables) activity_.Fold(id);
  if (progress) {
    progress->percentage = 100;
    if (!sink_.OnProgress({&*progress, 1})) return errors::ClientGone();
  }
  return Finish();
}

}  // namespace tql::engine
