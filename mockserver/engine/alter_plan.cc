#include "mockserver/engine/alter_plan.h"

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/table_editor.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

/// Applies an action through the editor.
class ActionApplier {
 public:
  explicit ActionApplier(TableEditor& editor) : editor_(editor) {}

  Status operator()(const dialect::AddColumn& node) const {
    TQL_RETURN_IF_ERROR(editor_.ClaimNew(node.column.name));
    return editor_.AddColumn(node.column);
  }
  Status operator()(const dialect::DropColumn& node) const {
    return editor_.DropColumn(node.column);
  }
  Status operator()(const dialect::RenameColumn& node) const { return editor_.RenameColumn(node); }
  Status operator()(const dialect::ModifyColumn& node) const { return editor_.ModifyColumn(node); }
  Status operator()(const dialect::AddConstraint& node) const {
    return editor_.AddConstraint(node.constraint);
  }
  Status operator()(const dialect::DropPrimaryKey&) const { return editor_.DropPrimaryKey(); }
  Status operator()(const dialect::DropConstraint& node) const {
    return editor_.DropConstraint(node.name);
  }
  Status operator()(const dialect::DropForeignKey& node) const {
    return editor_.DropForeignKeys(node.name);
  }
  Status operator()(const dialect::DropRelationship& node) const {
    return editor_.DropRelationships(node);
  }
  Status operator()(const dialect::SetDimension&) const {
    editor_.SetDimension();
    return Status();
  }
  Status operator()(const dialect::SetFact& node) const {
    editor_.SetKind(plan::TableKind::kFact);
    return node.partition ? editor_.SetPartition(*node.partition) : Status();
  }
  Status operator()(const dialect::SetLoadPriority& node) const {
    return editor_.SetLoadPriority(node.priority);
  }

 private:
  TableEditor& editor_;
};

ScopeNames NamesAround(const CatalogState& catalog, const plan::TableDef& table) {
  const CatalogState::Schema* schema = catalog.FindSchema(table.schema_id);
  return {schema->def.name, catalog.databases().at(schema->def.database_id).def.name};
}

/// Adapts the foreign keys of another table that refer to the altered one: they follow the columns
/// of its primary key to their new positions, or break.
bool MoveForeignKeys(const TableEditor::Result& result, plan::TableDef& owner,
                     std::vector<Dependent>& broken) {
  bool changed = false;
  std::vector<plan::ForeignKeyDef> keys = std::exchange(owner.foreign_keys, {});
  for (plan::ForeignKeyDef& key : keys) {
    if (key.target_table == result.table->id) {
      const std::vector<std::int32_t> before = key.target_columns;
      for (std::int32_t& column : key.target_columns) {
        column = result.old_columns[static_cast<std::size_t>(column)].position;
      }
      changed = changed || before != key.target_columns;
      if (!TableEditor::Fits(key, owner, *result.table)) {
        broken.push_back({true, key.name, owner.name});
        changed = true;
        continue;
      }
    }
    owner.foreign_keys.push_back(std::move(key));
  }
  return changed;
}

}  // namespace

StatusOr<AlterPlan> PlanAlter(const CatalogState& catalog, const Engine::Request& request,
                              GuidSource& guids, const dialect::AlterTable& node) {
  const auto at = [&](const Status& reason, const dialect::SourceRange& range) {
    return errors::At(reason, request.text, range.begin);
  };
  StatusOr<plan::TablePtr> table = catalog.ResolveTable(node.table, request.context);
  if (!table.ok()) return at(table.status(), node.table.range);
  const ScopeNames names = NamesAround(catalog, **table);
  if (IsBuiltIn(names.database)) return at(errors::BuiltIn(names.database), node.table.range);

  plan::TableDef next = **table;
  ++next.live_schema_version;
  TableEditor editor(catalog, request, guids, names, std::move(next), catalog.last_id());
  const ActionApplier apply(editor);
  for (const dialect::AlterAction& action : node.actions) {
    if (Status status = std::visit(apply, action.node); !status.ok()) {
      return at(status, action.range);
    }
  }
  StatusOr<TableEditor::Result> result = editor.Finish();
  if (!result.ok()) return at(result.status(), node.table.range);

  AlterPlan plan;
  plan.broken = result->broken;
  for (const plan::Id id : catalog.ReferringTo({(*table)->id})) {
    plan::TableDef owner = *catalog.FindTable(id);
    bool changed = MoveForeignKeys(*result, owner, plan.broken);
    if (result->columns_changed) {
      TQL_ASSIGN_OR_RETURN(
          const bool moved,
          editor.MoveRelationships(owner, NamesAround(catalog, owner), *result, plan.broken));
      changed = changed || moved;
    }
    if (changed) plan.others.push_back(std::move(owner));
  }
  plan.alteration = {*std::move(table), std::move(result->table), std::move(result->sources)};
  plan.ranges = std::move(result->ranges);
  plan.last_id = result->last_id;
  return plan;
}

}  // namespace tql::engine
