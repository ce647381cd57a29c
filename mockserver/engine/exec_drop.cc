// DROP DATABASE, DROP SCHEMA, DROP TABLE.
#include <functional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/definition_change.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using storage::Intent;
using TransactionPtr = Catalog::TransactionPtr;

/// The tables that a DROP removes, and its effects on other tables.
struct Removal {
  Removal(const CatalogState& catalog, std::unordered_set<plan::Id> removed)
      : tables(std::move(removed)),
        dependents(catalog.DependentsOn(tables)),
        referring(catalog.WithoutReferencesTo(tables)),
        last_id(catalog.last_id()) {}

  std::unordered_set<plan::Id> tables;
  std::vector<Dependent> dependents;
  std::vector<plan::TableDef> referring;  // Their definitions after the DROP.
  plan::Id last_id;
};

/// Removes the tables, then the dropped object itself: `remove_record` from the storage,
/// `remove_entry` from the catalog.
Status Remove(const StatementContext& statement, TransactionPtr& transaction,
              const Removal& removal, const std::function<Status()>& remove_record,
              const std::function<void(CatalogState&)>& remove_entry) {
  TQL_ASSIGN_OR_RETURN(const bool go_on, MayBreak(statement, removal.dependents, transaction));
  if (!go_on) return Status();
  for (const plan::Id id : removal.tables) TQL_RETURN_IF_ERROR(transaction->DropTable(id));
  for (const plan::TableDef& table : removal.referring) {
    TQL_RETURN_IF_ERROR(transaction->PutTable(table));
  }
  TQL_RETURN_IF_ERROR(remove_record());
  TQL_RETURN_IF_ERROR(
      CommitDefinitions(statement, *transaction, removal.last_id, [&](CatalogState& state) {
        remove_entry(state);
        state.ReplaceTables(removal.referring);
      }));
  for (const plan::Id id : removal.tables) statement.activity.Forget(id);
  return statement.writer.Finish();
}

}  // namespace

Status Execute(const StatementContext& statement, const dialect::DropDatabase& node) {
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        const StatusOr<const CatalogState::Database*> database =
            catalog.ResolveDatabase(&node.database, statement.request.context);
        if (!database.ok()) return statement.At(database.status(), node.database.range);
        if (IsBuiltIn((*database)->def.name)) {
          return statement.At(errors::BuiltIn((*database)->def.name), node.database.range);
        }
        const plan::Id id = (*database)->def.id;
        std::unordered_set<plan::Id> tables;
        for (const auto& [schema_id, schema] : (*database)->schemas) {
          for (const auto& [table_id, table] : schema.tables) tables.insert(table_id);
        }
        const auto remove_records = [&] {
          for (const auto& [schema_id, schema] : (*database)->schemas) {
            TQL_RETURN_IF_ERROR(transaction->DeleteSchema(schema_id));
          }
          return transaction->DeleteDatabase(id);
        };
        return Remove(statement, transaction, Removal(catalog, std::move(tables)), remove_records,
                      [&](CatalogState& state) { state.RemoveDatabase(id); });
      });
}

Status Execute(const StatementContext& statement, const dialect::DropSchema& node) {
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        const StatusOr<const CatalogState::Schema*> schema =
            catalog.ResolveSchema(node.schema, statement.request.context);
        if (!schema.ok()) return statement.At(schema.status(), node.schema.range);
        const std::string& database = catalog.databases().at((*schema)->def.database_id).def.name;
        if (IsBuiltIn(database)) return statement.At(errors::BuiltIn(database), node.schema.range);
        const plan::Id id = (*schema)->def.id;
        std::unordered_set<plan::Id> tables;
        for (const auto& [table_id, table] : (*schema)->tables) tables.insert(table_id);
        return Remove(
            statement, transaction, Removal(catalog, std::move(tables)),
            [&] { return transaction->DeleteSchema(id); },
            [&](CatalogState& state) { state.RemoveSchema(id); });
      });
}

Status Execute(const StatementContext& statement, const dialect::DropTable& node) {
  return statement.InTransaction(
      Intent::kSchema, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        const StatusOr<plan::TablePtr> table =
            catalog.ResolveTable(node.table, statement.request.context);
        if (!table.ok()) return statement.At(table.status(), node.table.range);
        const CatalogState::Schema* schema = catalog.FindSchema((*table)->schema_id);
        const std::string& database = catalog.databases().at(schema->def.database_id).def.name;
        if (IsBuiltIn(database)) return statement.At(errors::BuiltIn(database), node.table.range);
        const plan::Id id = (*table)->id;
        return Remove(
            statement, transaction, Removal(catalog, {id}), [] { return Status(); },
            [&](CatalogState& state) { state.RemoveTable(id); });
      });
}

}  // namespace tql::engine
