// TableEditor::Finish(): removes dropped columns and checks the whole table.
#include <algorithm>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/table_editor.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

void Translate(const std::vector<std::int32_t>& to, std::vector<std::int32_t>& positions) {
  for (std::int32_t& position : positions) position = to[static_cast<std::size_t>(position)];
}

values::TypeKind TypeAt(const plan::TableDef& table, std::int32_t position) {
  return table.columns[static_cast<std::size_t>(position)].type.kind;
}

}  // namespace

/// Checks that no dropped column is still used.
Status TableEditor::CheckDropped() const {
  const auto check = [this](const std::vector<std::int32_t>& positions,
                            const std::string& use) -> Status {
    for (const std::int32_t position : positions) {
      const Column& column = columns_[static_cast<std::size_t>(position)];
      if (column.dropped) return At(errors::ColumnInUse(column.def.name, use), column.range);
    }
    return Status();
  };
  TQL_RETURN_IF_ERROR(check(table_.primary_key, "the primary key"));
  if (table_.partition) TQL_RETURN_IF_ERROR(check(table_.partition->key, "the shard key"));
  for (const plan::ForeignKeyDef& key : table_.foreign_keys) {
    TQL_RETURN_IF_ERROR(check(key.columns, errors::ConstraintText(true, key.name)));
    if (key.target_table != table_.id) continue;
    TQL_RETURN_IF_ERROR(check(key.target_columns, errors::ConstraintText(true, key.name)));
  }
  return Status();
}

bool TableEditor::Fits(const plan::ForeignKeyDef& key, const plan::TableDef& from,
                       const plan::TableDef& to) {
  return key.columns.size() == key.target_columns.size() && key.target_columns == to.primary_key &&
         std::equal(
             key.columns.begin(), key.columns.end(), key.target_columns.begin(),
             [&](std::int32_t a, std::int32_t b) { return TypeAt(from, a) == TypeAt(to, b); });
}

/// A foreign key that does not match its target is left out of a new table, is an error if it is
/// added to an existing table, and breaks if the table already had it.
Status TableEditor::CheckForeignKeys(Result& result, plan::TableDef& table) const {
  const std::vector<plan::ForeignKeyDef> keys = std::exchange(table.foreign_keys, {});
  result.left_out = left_out_;
  for (const plan::ForeignKeyDef& key : keys) {
    const plan::TablePtr other =
        key.target_table == table.id ? nullptr : catalog_.FindTable(key.target_table);
    const plan::TableDef& target = other == nullptr ? table : *other;
    const auto added = new_foreign_keys_.find(key.id);
    if (Fits(key, table, target)) {
      table.foreign_keys.push_back(key);
    } else if (added == new_foreign_keys_.end()) {
      result.broken.push_back({true, key.name, table.name});
    } else {
      Status reason = At(target.primary_key.empty() ? errors::ForeignKeyNeedsPrimaryKey(target.name)
                                                    : errors::ForeignKeyMismatch(target.name),
                         added->second);
      if (!is_new_) return reason;
      result.left_out.emplace_back(key.name, reason);
    }
  }
  return Status();
}

/// A table with a primary key needs a shard key that is part of it, unless the client allows unsafe
/// definitions. Checks only what this statement changes.
Status TableEditor::CheckShardKey(const plan::TableDef& table) const {
  const std::vector<std::int32_t>& key = table.primary_key;
  if (!sharding_ || !table.partition || key.empty() || request_.options.allow_unsafe) {
    return Status();
  }
  if (table.partition->key.empty()) return At(errors::ShardKeyMissing(), *sharding_);
  for (const std::int32_t column : table.partition->key) {
    if (std::find(key.begin(), key.end(), column) != key.end()) continue;
    const std::string& name = table.columns[static_cast<std::size_t>(column)].name;
    return At(errors::ShardKeyNotInPrimaryKey(name), *sharding_);
  }
  return Status();
}

Status TableEditor::CheckNewRelationships(const plan::TablePtr& table) const {
  for (const plan::RelationshipDef& relationship : table->relationships) {
    const auto added = new_relationships_.find(relationship.id);
    if (added == new_relationships_.end()) continue;
    const auto& [target, condition] = added->second;
    TQL_RETURN_IF_ERROR(CheckRelationship({catalog_, request_.context, request_.text}, *condition,
                                          {table, target ? target : table}, names_));
  }
  return Status();
}

StatusOr<TableEditor::Result> TableEditor::Finish() {
  if (live_columns_ == 0) {
    return columns_.empty() ? errors::NoColumns() : At(errors::NoColumns(), columns_.back().range);
  }
  TQL_RETURN_IF_ERROR(CheckDropped());
  Result result;
  plan::TableDef table = table_;
  std::vector<std::int32_t> positions;  // Of each column, without the dropped ones.
  for (const Column& column : columns_) {
    const auto position = static_cast<std::int32_t>(table.columns.size());
    positions.push_back(column.dropped ? -1 : position);
    if (column.source >= 0) result.old_columns.push_back({positions.back(), column.range});
    if (column.dropped) continue;
    table.columns.push_back(column.def);
    result.sources.push_back({column.source, column.conversion});
    result.ranges.push_back(column.range);
  }
  Translate(positions, table.primary_key);
  if (table.partition) Translate(positions, table.partition->key);
  for (plan::ForeignKeyDef& key : table.foreign_keys) {
    Translate(positions, key.columns);
    if (key.target_table == table.id) Translate(positions, key.target_columns);
  }
  TQL_RETURN_IF_ERROR(CheckForeignKeys(result, table));
  TQL_RETURN_IF_ERROR(CheckShardKey(table));
  result.last_id = last_id_;
  result.columns_changed = columns_changed_;
  result.table = std::make_shared<const plan::TableDef>(table);
  TQL_RETURN_IF_ERROR(CheckNewRelationships(result.table));
  if (columns_changed_ && !table.relationships.empty()) {
    TQL_RETURN_IF_ERROR(MoveRelationships(table, names_, result, result.broken).status());
    result.table = std::make_shared<const plan::TableDef>(std::move(table));
  }
  return result;
}

StatusOr<bool> TableEditor::MoveRelationships(plan::TableDef& owner, const ScopeNames& owner_names,
                                              const Result& result,
                                              std::vector<Dependent>& broken) const {
  const bool own = owner.id == table_.id;
  const plan::TablePtr other = own ? nullptr : catalog_.FindTable(owner.id);
  bool changed = false;
  std::vector<plan::RelationshipDef> relationships = std::exchange(owner.relationships, {});
  for (plan::RelationshipDef& relationship : relationships) {
    const bool to_this = relationship.target_table == table_.id;
    if ((!own && !to_this) || new_relationships_.contains(relationship.id)) {
      owner.relationships.push_back(std::move(relationship));
      continue;
    }
    const plan::TablePtr target = to_this ? nullptr : catalog_.FindTable(relationship.target_table);
    const RelationshipTables before{own ? before_ : other, to_this ? before_ : target};
    const RelationshipTables after{own ? result.table : other, to_this ? result.table : target};
    const BindInput input{catalog_, request_.context, relationship.condition};
    StatusOr<dialect::Expr> condition = dialect::ParseExpression(relationship.condition);
    StatusOr<MovedRelationship> moved = condition.status();
    if (condition.ok()) {
      moved = MoveRelationship(input, *std::move(condition), before, after, owner_names);
    }
    if (moved.ok() && moved->dropped_column != 0) {
      const auto dropped_column = std::find_if(
          columns_.begin(), columns_.end(),
          [&](const Column& column) { return column.def.id == moved->dropped_column; });
      const std::string use =
          errors::ConstraintText(false, relationship.name, own ? std::string() : owner.name);
      return At(errors::ColumnInUse(dropped_column->def.name, use), dropped_column->range);
    }
    if (!moved.ok() || !CheckRelationship(input, moved->condition, after, owner_names).ok()) {
      broken.push_back({false, relationship.name, owner.name});
      changed = true;
      continue;
    }
    std::string text = dialect::Print(moved->condition);
    changed = changed || text != relationship.condition;
    relationship.condition = std::move(text);
    owner.relationships.push_back(std::move(relationship));
  }
  return changed;
}

}  // namespace tql::engine
