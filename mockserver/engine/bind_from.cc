// Binding of FROM: tables, derived tables, joins.
#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_query.h"
#include "mockserver/engine/errors.h"
#include "mockserver/storage/limits.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

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

StatusOr<plan::RelationPtr> BindTable(BindState& state, const dialect::TableRef& ref,
                                      Scope& scope) {
  if (scope.relations.size() >= storage::kMaxJoinedTables) {
    return state.At(errors::TooManyTables(storage::kMaxJoinedTables), ref.range);
  }
  const dialect::Name* alias = ref.alias ? &*ref.alias : nullptr;
  if (alias != nullptr) {
    for (const ScopeRelation& other : scope.relations) {
      if (other.name() == alias->text) {
        return state.At(errors::DuplicateAlias(alias->text), ref.range);
      }
    }
  }
  if (!ref.query) {
    TQL_ASSIGN_OR_RETURN(const plan::TablePtr table, ResolveTable(state, ref.table));
    const ScopeRelation& relation = AddTable(state, table, alias, scope);
    return MakeRelation(plan::BaseTable{relation.id(), table});
  }
  TQL_ASSIGN_OR_RETURN(plan::Query query, BindSubquery(state, *ref.query, scope.outer));
  const plan::RelationId id = state.NewRelation(nullptr);
  scope.relations.emplace_back(
      id, std::vector<std::string>{alias == nullptr ? std::string() : alias->text}, query.columns);
  return MakeRelation(plan::DerivedTable{id, std::make_unique<plan::Query>(std::move(query))});
}

StatusOr<plan::RelationPtr> BindJoin(BindState& state, plan::RelationPtr left,
                                     const dialect::Join& join, Scope& scope) {
  TQL_ASSIGN_OR_RETURN(plan::RelationPtr right, BindTable(state, join.right, scope));
  plan::Join bound{PlanKind(join.kind), std::move(left), std::move(right), nullptr};
  if (join.on) {
    Clause clause{.scope = &scope, .name = "ON"};
    TQL_ASSIGN_OR_RETURN(bound.on, BindCondition(state, *join.on, clause));
  }
  return MakeRelation(std::move(bound));
}

}  // namespace

StatusOr<plan::TablePtr> ResolveTable(const BindState& state, const dialect::ObjectName& name) {
  StatusOr<plan::TablePtr> table = state.input.catalog.ResolveTable(name, state.input.context);
  if (!table.ok()) return state.At(table.status(), name.range);
  return table;
}

ScopeRelation& AddTable(BindState& state, const plan::TablePtr& table, const dialect::Name* alias,
                        Scope& scope) {
  std::vector<std::string> qualifiers;
  if (alias != nullptr) {
    qualifiers = {alias->text};
  } else {
    const CatalogState::Schema* schema = state.input.catalog.FindSchema(table->schema_id);
    const CatalogState::Database& database =
        state.input.catalog.databases().at(schema->def.database_id);
    qualifiers = {table->name, schema->def.name, database.def.name};
  }
  return scope.relations.emplace_back(state.NewRelation(table), std::move(qualifiers), table);
}

StatusOr<plan::RelationPtr> BindFrom(BindState& state, const std::vector<dialect::FromItem>& from,
                                     Scope& scope) {
  plan::RelationPtr all;
  for (const dialect::FromItem& item : from) {
    scope.first_visible = scope.relations.size();
    TQL_ASSIGN_OR_RETURN(plan::RelationPtr relation, BindTable(state, item.first, scope));
    for (const dialect::Join& join : item.joins) {
      TQL_ASSIGN_OR_RETURN(relation, BindJoin(state, std::move(relation), join, scope));
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
