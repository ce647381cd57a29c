#include "mockserver/engine/table_editor.h"

#include <limits>

#include "mockserver/dialect/printer.h"
#include "mockserver/engine/column_conversion.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/storage/limits.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using errors::Thing;

/// The number of shards of HASH without a number.
constexpr std::int32_t kDefaultShards = 32;

}  // namespace

TableEditor::TableEditor(const CatalogState& catalog, const Engine::Request& request,
                         GuidSource& guids, const ScopeNames& names, plan::TableDef table,
                         plan::Id last_id)
    : catalog_(catalog),
      request_(request),
      guids_(guids),
      names_(names),
      before_(std::make_shared<const plan::TableDef>(table)),
      is_new_(table.columns.empty()),
      table_(std::move(table)),
      last_id_(last_id) {
  for (plan::ColumnDef& def : table_.columns) {
    const auto position = static_cast<std::int32_t>(columns_.size());
    column_names_.Add(def.name, position);
    Column& column = columns_.emplace_back();
    column.def = std::move(def);
    column.source = position;
  }
  table_.columns.clear();
  live_columns_ = columns_.size();
  for (const plan::ForeignKeyDef& key : table_.foreign_keys) {
    if (!key.name.empty()) constraint_names_.Add(key.name, key.id);
  }
  for (const plan::RelationshipDef& relationship : table_.relationships) {
    if (!relationship.name.empty()) constraint_names_.Add(relationship.name, relationship.id);
  }
}

Status TableEditor::AddColumn(const dialect::ColumnDef& written) {
  plan::ColumnDef column;
  column.name = written.name.text;
  StatusOr<values::Type> type = ToPlanType(written.type);
  if (!type.ok()) return At(type.status(), written.type.range);
  column.type = *type;
  if (written.hint) {
    const Status checked = CheckColumnHint(column.type.kind, written.hint->text);
    if (!checked.ok()) return At(checked, written.hint->range);
    column.parsing_hint = written.hint->text;
  }
  column.not_null = written.nullability == dialect::Nullability::kNotNull;
  if (written.default_value) {
    StatusOr<std::string> text = DefaultText(*written.default_value, column);
    if (!text.ok()) {
      return At(errors::BadDefault(column.name, text.status()), written.default_value->range);
    }
    column.default_text = *std::move(text);
  }
  return AddColumn(std::move(column), written.range);
}

Status TableEditor::AddColumn(plan::ColumnDef column, const dialect::SourceRange& range) {
  if (column.name.empty()) return At(errors::EmptyName(Thing::kColumn), range);
  if (column_names_.FindExact(column.name) != nullptr) {
    return At(errors::Exists(Thing::kColumn, column.name), range);
  }
  if (live_columns_ == storage::kMaxColumns) {
    return At(errors::TooManyColumns(storage::kMaxColumns), range);
  }
  column.id = ++last_id_;
  column.guid = guids_.NewGuid(column.id);
  column_names_.Add(column.name, static_cast<std::int32_t>(columns_.size()));
  Column& added = columns_.emplace_back();
  added.def = std::move(column);
  added.range = range;
  ++live_columns_;
  columns_changed_ = true;
  return Status();
}

StatusOr<std::int32_t> TableEditor::Find(const dialect::Name& name) const {
  const auto found = column_names_.Find(name.text);
  if (found.ambiguous) return At(errors::Ambiguous(Thing::kColumn, name.text), name.range);
  if (found.value == nullptr) return At(errors::NotFound(Thing::kColumn, name.text), name.range);
  return *found.value;
}

/// Each column may be named only once.
StatusOr<std::vector<std::int32_t>> TableEditor::PositionsIn(
    const std::vector<dialect::Name>& names, const NameIndex<std::int32_t>& index) const {
  std::vector<std::int32_t> positions;
  std::unordered_set<std::int32_t> seen;
  for (const dialect::Name& name : names) {
    const auto found = index.Find(name.text);
    if (found.ambiguous) return At(errors::Ambiguous(Thing::kColumn, name.text), name.range);
    if (found.value == nullptr) return At(errors::NotFound(Thing::kColumn, name.text), name.range);
    if (!seen.insert(*found.value).second) {
      return At(errors::NamedTwice(name.text), name.range);
    }
    positions.push_back(*found.value);
  }
  return positions;
}

StatusOr<std::vector<std::int32_t>> TableEditor::Positions(
    const std::vector<dialect::Name>& names) const {
  return PositionsIn(names, column_names_);
}

StatusOr<std::vector<std::int32_t>> TableEditor::TargetPositions(
    const std::vector<dialect::Name>& names, const plan::TableDef& table) const {
  NameIndex<std::int32_t> index;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    index.Add(table.columns[i].name, static_cast<std::int32_t>(i));
  }
  return PositionsIn(names, index);
}

StatusOr<plan::TablePtr> TableEditor::Target(const dialect::ObjectName& name) const {
  // A new table is not in the catalog yet; nor, possibly, is its schema.
  StatusOr<CatalogState::Place> place = catalog_.ResolvePlace(name, request_.context);
  if (place.ok() && name.last().text == table_.name &&
      place->database->def.name == names_.database &&
      (place->schema == nullptr || place->schema->def.id == table_.schema_id)) {
    return plan::TablePtr();
  }
  StatusOr<plan::TablePtr> table = catalog_.ResolveTable(name, request_.context);
  if (!table.ok()) return At(table.status(), name.range);
  return (*table)->id == table_.id ? plan::TablePtr() : *std::move(table);
}

Status TableEditor::AddConstraint(const dialect::TableConstraint& constraint) {
  if (const auto* key = std::get_if<dialect::PrimaryKey>(&constraint.node)) {
    if (!table_.primary_key.empty()) return At(errors::SeveralPrimaryKeys(), constraint.range);
    TQL_ASSIGN_OR_RETURN(table_.primary_key, Positions(key->columns));
    sharding_ = constraint.range;
    return Status();
  }
  const std::string name = constraint.name ? constraint.name->text : std::string();
  if (!name.empty()) {
    if (constraint_names_.FindExact(name) != nullptr) {
      return At(errors::Exists(Thing::kConstraint, name), constraint.range);
    }
    constraint_names_.Add(name, last_id_ + 1);  // The id is assigned below.
  }
  if (const auto* key = std::get_if<dialect::ForeignKey>(&constraint.node)) {
    return AddForeignKey(name, *key, constraint.range);
  }
  return AddRelationship(name, std::get<dialect::Relationship>(constraint.node), constraint.range);
}

/// Types and keys are checked by Finish(), when all of them are known.
Status TableEditor::AddForeignKey(const std::string& name, const dialect::ForeignKey& key,
                                  const dialect::SourceRange& range) {
  plan::ForeignKeyDef def{++last_id_, name, {}, 0, {}};
  TQL_ASSIGN_OR_RETURN(def.columns, Positions(key.columns));
  if (Status status = FindTarget(key, def); !status.ok()) {
    if (!is_new_) return status;
    left_out_.emplace_back(name, std::move(status));
    return Status();
  }
  TQL_RETURN_IF_ERROR(CheckCycle(def.target_table, errors::ConstraintText(true, name), range));
  new_foreign_keys_[def.id] = range;
  table_.foreign_keys.push_back(std::move(def));
  return Status();
}

Status TableEditor::FindTarget(const dialect::ForeignKey& key, plan::ForeignKeyDef& def) const {
  TQL_ASSIGN_OR_RETURN(const plan::TablePtr target, Target(key.target));
  if (target == nullptr) {
    def.target_table = table_.id;
    TQL_ASSIGN_OR_RETURN(def.target_columns, Positions(key.target_columns));
  } else {
    def.target_table = target->id;
    TQL_ASSIGN_OR_RETURN(def.target_columns, TargetPositions(key.target_columns, *target));
  }
  return Status();
}

/// A table may refer to itself but not to another table that refers to it, directly or indirectly.
Status TableEditor::CheckCycle(plan::Id target, const std::string& constraint,
                               const dialect::SourceRange& range) const {
  if (target == table_.id) return Status();
  const std::vector<plan::TablePtr> path = catalog_.References(target, table_.id);
  if (path.empty()) return Status();
  std::vector<std::string> names = {table_.name};
  for (const plan::TablePtr& table : path) names.push_back(table->name);
  return At(errors::ClosesCycle(constraint, names), range);
}

Status TableEditor::AddRelationship(const std::string& name,
                                    const dialect::Relationship& relationship,
                                    const dialect::SourceRange& range) {
  TQL_ASSIGN_OR_RETURN(plan::TablePtr target, Target(relationship.target));
  const plan::Id target_id = target == nullptr ? table_.id : target->id;
  TQL_RETURN_IF_ERROR(CheckCycle(target_id, errors::ConstraintText(false, name), range));
  table_.relationships.push_back(
      {++last_id_, name, target_id, dialect::Print(relationship.condition)});
  new_relationships_[last_id_] = {std::move(target), &relationship.condition};
  return Status();
}

/// HASH(1) means replicated.
Status TableEditor::SetPartition(const dialect::Partition& written) {
  const std::int64_t shards = written.shards.value_or(kDefaultShards);
  if (shards < 1 || shards > std::numeric_limits<std::int32_t>::max()) {
    return At(errors::BadShardCount(), written.range);
  }
  plan::Partition partition{static_cast<std::int32_t>(shards), {}};
  TQL_ASSIGN_OR_RETURN(partition.key, Positions(written.keys));
  table_.partition.reset();
  if (shards > 1) table_.partition = std::move(partition);
  sharding_ = written.range;
  return Status();
}

}  // namespace tql::engine
