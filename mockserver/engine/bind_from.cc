// Binding of FROM: tables, derived tables, joins.
#include "mockserver/engine/binder.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/status_macros.h"
#include "mockserver/storage/limits.h"

namespace tql::engine {
namespace {

/// The most tables that a storage must be able to join.

plan::RelationPtr MakeRelation(decltype(plan::Relation::node) node) {
  auto relation = std::make_unique<plan::Relation>();
  relation->node = std::move(node);
  return relation;
}

plan::JoinKind PlanKind(dialect::JoinKind kind) {
  switch (kind) {
    case dialect::JoinKind::kInner:
      return plan::JoinKind::kInner;
    case dialect::JoinKind::kLeft:
      return plan::JoinKind::kLeft;
    case dialect::JoinKind::kRight:
      return plan::JoinKind::kRight;
    case dialect::JoinKind::kFull:
      return plan::JoinKind::kFull;
    case dialect::JoinKind::kCross:
      break;
  }
  return plan::JoinKind::kCross;
}

}  // namespace

StatusOr<plan::TablePtr> Binder::Table(const dialect::ObjectName& name) {
  StatusOr<plan::TablePtr> table = catalog_.ResolveTable(name, context_);
  if (!table.ok()) return At(table.status(), name.range);
  return table;
}

ScopeRelation& Binder::AddTable(const plan::TablePtr& table, const dialect::Name* alias,
                                Scope& scope) {
  const auto id = static_cast<plan::RelationId>(tables_.size());
  tables_.push_back(table);
  std::vector<std::string> qualifiers;
  if (alias != nullptr) {
    qualifiers = {alias->text};
  } else {
    const CatalogState::Schema* schema = catalog_.FindSchema(table->schema_id);
    const CatalogState::Database& database = catalog_.databases().at(schema->def.database_id);
    qualifiers = {table->name, schema->def.name, database.def.name};
  }
  return scope.relations.emplace_back(id, std::move(qualifiers), table);
}

StatusOr<plan::RelationPtr> Binder::BindTable(const dialect::TableRef& ref, Scope& scope) {
  if (scope.relations.size() >= storage::kMaxJoinedTables) {
    return At(errors::TooManyTables(storage::kMaxJoinedTables), ref.range);
  }
  const dialect::Name* alias = ref.alias ? &*ref.alias : nullptr;
  if (alias != nullptr) {
    for (const ScopeRelation& other : scope.relations) {
      if (other.name() == alias->text) return At(errors::DuplicateAlias(alias->text), ref.range);
    }
  }
  if (!ref.query) {
    TQL_ASSIGN_OR_RETURN(const plan::TablePtr table, Table(ref.table));
    const ScopeRelation& relation = AddTable(table, alias, scope);
    return MakeRelation(plan::BaseTable{relation.id(), table});
  }
  TQL_ASSIGN_OR_RETURN(plan::Query query, Bind(*ref.query, scope.outer));
  const auto id = static_cast<plan::RelationId>(tables_.size());
  tables_.push_back(nullptr);
  scope.relations.emplace_back(
      id, std::vector<std::string>{alias == nullptr ? std::string() : alias->text}, query.columns);
  return MakeRelation(plan::DerivedTable{id, std::make_unique<plan::Query>(std::move(query))});
}

StatusOr<plan::RelationPtr> Binder::BindJoin(plan::RelationPtr left, const dialect::Join& join,
                                             Scope& scope) {
  TQL_ASSIGN_OR_RETURN(plan::RelationPtr right, BindTable(join.right, scope));
  plan::Join bound{PlanKind(join.kind), std::move(left), std::move(right), nullptr};
  if (join.on) {
    Clause clause{.scope = &scope, .name = "ON"};
    TQL_ASSIGN_OR_RETURN(bound.on, BindCondition(*join.on, clause));
  }
  return MakeRelation(std::move(bound));
}

StatusOr<plan::RelationPtr> Binder::BindFrom(const std::vector<dialect::FromItem>& from,
                                             Scope& scope) {
  plan::RelationPtr all;
  for (const dialect::FromItem& item : from) {
    scope.first_visible = scope.relations.size();
    TQL_ASSIGN_OR_RETURN(plan::RelationPtr relation, BindTable(item.first, scope));
    for (const dialect::Join& join : item.joins) {
      TQL_ASSIGN_OR_RETURN(relation, BindJoin(std::move(relation), join, scope));
    }
    if (all == nullptr) {
      all = std::move(relation);
    } else {
      all = MakeRelation(
          plan::Join{plan::JoinKind::kCross, std::move(all), std::move(relation), nullptr});
    }
  }
  scope.first_visible = 0;
  return all;
}

}  // namespace tql::engine
