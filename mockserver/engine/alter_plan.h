// An ALTER TABLE as it will be carried out, computed from the catalog before anything runs.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_
#define TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_

#include <vector>

#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/plan/alteration.h"

namespace tql::engine {

struct AlterPlan {
  plan::Alteration alteration;
  /// Where the action on each column of `alteration.after` stands; meaningless for the others.
  std::vector<dialect::SourceRange> ranges;
  /// Other tables that change with it: positions in their foreign keys, columns' names in their
  /// relationships.
  std::vector<plan::TableDef> others;
  /// What goes because it does not hold any more: foreign keys whose columns or whose target's
  /// primary key are others now, relationships between columns that cannot be compared.
  std::vector<Dependent> broken;
  plan::Id last_id = 0;
};

/// Errors carry their places. New columns and constraints get ids behind the catalog's last one.
StatusOr<AlterPlan> PlanAlter(const CatalogState& catalog, const Engine::Request& request,
                              GuidSource& guids, const dialect::AlterTable& node);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_
