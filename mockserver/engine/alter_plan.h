// The plan of an ALTER TABLE, computed from the catalog before any row changes.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_
#define TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_

#include <vector>

#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/plan/alteration.h"

namespace tql::engine {

struct AlterPlan {
  plan::Alteration alteration;
  /// The place of the action on each column of `alteration.after`; unused for other columns.
  std::vector<dialect::SourceRange> ranges;
  /// Other tables that must be adapted: the positions in their foreign keys and the column names in
  /// their relationships.
  std::vector<plan::TableDef> others;
  /// Constraints that become invalid: foreign keys whose columns no longer match the target's
  /// primary key, and relationships between columns that cannot be compared.
  std::vector<Dependent> broken;
  plan::Id last_id = 0;
};

/// Errors have places. New columns and constraints get ids after the catalog's last one.
StatusOr<AlterPlan> PlanAlter(const CatalogState& catalog, const Engine::Request& request,
                              GuidSource& guids, const dialect::AlterTable& node);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ALTER_PLAN_H_
