// TableEditor: changes of existing parts of a table.
#include <algorithm>

#include "mockserver/engine/column_conversion.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/table_editor.h"
#include "mockserver/plan/default_value.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using errors::Thing;

/// The DEFAULT of a column converted to its new type.
StatusOr<std::string> ConvertDefault(const plan::ColumnDef& column,
                                     const values::ColumnConversion& conversion) {
  TQL_ASSIGN_OR_RETURN(const values::Datum old, plan::DefaultOf(column));
  if (old.is_null()) return DefaultText(old, conversion.to);
  values::ValueConverter converter(conversion);
  const std::optional<values::Datum> value = converter.Convert(old);
  if (!value) return errors::CannotConvert(*column.default_text, conversion.to);
  return DefaultText(*value, conversion.to);
}

}  // namespace

Status TableEditor::Claim(const dialect::Name& name) {
  if (claimed_.insert(base::Lower(name.text)).second) return Status();
  return At(errors::SeveralActions(name.text), name.range);
}

Status TableEditor::ClaimNew(const dialect::Name& name) {
  TQL_RETURN_IF_ERROR(Claim(name));
  const auto found = column_names_.Find(name.text);
  if (found.value == nullptr && !found.ambiguous) return Status();
  return At(errors::Exists(Thing::kColumn, name.text), name.range);
}

Status TableEditor::DropColumn(const dialect::Name& name) {
  TQL_RETURN_IF_ERROR(Claim(name));
  TQL_ASSIGN_OR_RETURN(const std::int32_t position, Find(name));
  Column& column = columns_[static_cast<std::size_t>(position)];
  column_names_.Remove(column.def.name);
  column.dropped = true;
  column.range = name.range;
  --live_columns_;
  columns_changed_ = true;
  return Status();
}

Status TableEditor::RenameColumn(const dialect::RenameColumn& node) {
  TQL_RETURN_IF_ERROR(Claim(node.from));
  TQL_ASSIGN_OR_RETURN(const std::int32_t position, Find(node.from));
  if (node.to.text.empty()) return At(errors::EmptyName(Thing::kColumn), node.to.range);
  Column& column = columns_[static_cast<std::size_t>(position)];
  column_names_.Remove(column.def.name);
  // A rename that changes only the case does not conflict with the old name.
  if (!base::EqualsIgnoreCase(node.from.text, node.to.text)) {
    TQL_RETURN_IF_ERROR(ClaimNew(node.to));
  } else if (column_names_.Find(node.to.text).value != nullptr) {
    return At(errors::Exists(Thing::kColumn, node.to.text), node.to.range);
  }
  column.def.name = node.to.text;
  column_names_.Add(column.def.name, position);
  column.range = node.from.range;
  columns_changed_ = true;
  return Status();
}

Status TableEditor::ModifyColumn(const dialect::ModifyColumn& node) {
  TQL_RETURN_IF_ERROR(Claim(node.column));
  TQL_ASSIGN_OR_RETURN(const std::int32_t position, Find(node.column));
  Column& column = columns_[static_cast<std::size_t>(position)];
  StatusOr<values::Type> type = ToPlanType(node.type);
  if (!type.ok()) return At(type.status(), node.type.range);
  const std::string* const hint = node.hint ? &node.hint->text : nullptr;
  StatusOr<ModifiedColumn> modified = ModifyType(column.def, type->kind, hint);
  if (!modified.ok()) {
    return At(modified.status(), node.hint ? node.hint->range : node.type.range);
  }
  if (modified->conversion && column.def.default_text) {
    StatusOr<std::string> text = ConvertDefault(column.def, *modified->conversion);
    if (text.ok()) {
      column.def.default_text = *std::move(text);
    } else if (request_.options.allow_unsafe) {
      column.def.default_text = "null";
    } else {
      return At(errors::BadDefault(column.def.name, text.status()), node.column.range);
    }
  }
  column.def.type = *type;
  column.def.parsing_hint = modified->parsing_hint;
  if (modified->conversion) column.def.shows_default_hint = true;
  column.conversion = modified->conversion;
  column.range = node.column.range;
  columns_changed_ = true;
  return Status();
}

Status TableEditor::DropPrimaryKey() {
  if (table_.primary_key.empty()) return errors::NoPrimaryKey(table_.name);
  table_.primary_key.clear();
  return Status();
}

void TableEditor::RemoveForeignKey(plan::Id id) {
  std::erase_if(table_.foreign_keys, [&](const plan::ForeignKeyDef& key) {
    if (key.id == id && !key.name.empty()) constraint_names_.Remove(key.name);
    return key.id == id;
  });
}

void TableEditor::RemoveRelationship(plan::Id id) {
  std::erase_if(table_.relationships, [&](const plan::RelationshipDef& relationship) {
    if (relationship.id != id) return false;
    if (!relationship.name.empty()) constraint_names_.Remove(relationship.name);
    return true;
  });
}

Status TableEditor::DropConstraint(const dialect::Name& name) {
  const auto found = constraint_names_.Find(name.text);
  if (found.ambiguous) return At(errors::Ambiguous(Thing::kConstraint, name.text), name.range);
  if (found.value == nullptr) {
    return At(errors::NotFound(Thing::kConstraint, name.text), name.range);
  }
  const plan::Id id = *found.value;
  RemoveForeignKey(id);
  RemoveRelationship(id);
  return Status();
}

/// The name is that of a foreign key or else of the table it refers to; without a name, drops all.
Status TableEditor::DropForeignKeys(const std::optional<dialect::Name>& name) {
  const auto& keys = table_.foreign_keys;
  if (!name) {
    if (keys.empty()) return errors::NoForeignKeys(table_.name);
    while (!keys.empty()) RemoveForeignKey(keys.back().id);
    return Status();
  }
  const auto found = constraint_names_.Find(name->text);
  const bool is_key =
      found.ambiguous ||
      (found.value != nullptr && std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
         return key.id == *found.value;
       }));
  if (is_key) return DropConstraint(*name);
  NameIndex<plan::Id> targets;
  std::unordered_set<plan::Id> known;
  for (const plan::ForeignKeyDef& key : keys) {
    if (!known.insert(key.target_table).second) continue;
    const plan::TablePtr target = catalog_.FindTable(key.target_table);
    targets.Add(target ? target->name : table_.name, key.target_table);
  }
  const auto target = targets.Find(name->text);
  if (target.ambiguous) return At(errors::Ambiguous(Thing::kTable, name->text), name->range);
  if (target.value == nullptr) {
    return At(errors::NotFound(Thing::kConstraint, name->text), name->range);
  }
  std::vector<plan::Id> dropped;
  for (const plan::ForeignKeyDef& key : keys) {
    if (key.target_table == *target.value) dropped.push_back(key.id);
  }
  for (const plan::Id id : dropped) RemoveForeignKey(id);
  return Status();
}

Status TableEditor::DropRelationships(const dialect::DropRelationship& node) {
  std::vector<plan::Id> dropped;
  if (node.name) {
    const auto found = constraint_names_.Find(node.name->text);
    for (const plan::RelationshipDef& relationship : table_.relationships) {
      if (found.value != nullptr && relationship.id == *found.value) {
        dropped.push_back(*found.value);
      }
    }
    if (dropped.empty()) {
      return At(errors::NotFound(Thing::kConstraint, node.name->text), node.name->range);
    }
  } else if (node.target) {
    TQL_ASSIGN_OR_RETURN(const plan::TablePtr target, Target(*node.target));
    const plan::Id target_id = target == nullptr ? table_.id : target->id;
    for (const plan::RelationshipDef& relationship : table_.relationships) {
      if (relationship.target_table == target_id) dropped.push_back(relationship.id);
    }
    if (dropped.empty()) {
      const std::string& name = node.target->last().text;
      return At(errors::NoRelationshipsWith(table_.name, name), node.target->range);
    }
  } else {
    if (table_.relationships.empty()) return errors::NoRelationships(table_.name);
    for (const auto& relationship : table_.relationships) dropped.push_back(relationship.id);
  }
  for (const plan::Id id : dropped) RemoveRelationship(id);
  return Status();
}

/// A dimension table is replicated, not sharded.
void TableEditor::SetDimension() {
  table_.kind = plan::TableKind::kDimension;
  table_.partition.reset();
}

Status TableEditor::SetLoadPriority(std::int64_t priority) {
  if (priority < 1 || priority > 100) return errors::BadLoadPriority();
  table_.load_priority = static_cast<std::int32_t>(priority);
  return Status();
}

}  // namespace tql::engine
