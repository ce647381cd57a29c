// The binder translates a statement's syntax tree into a plan: it resolves all names, types all
// expressions and adds all implicit conversions.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BINDER_H_
#define TQLKIT_MOCKSERVER_ENGINE_BINDER_H_

#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/plan/plan.h"
#include "tql/status.h"

namespace tql::engine {

/// What the names in a statement refer to, and its text. The catalog must not change during
/// binding; the plan does not refer to it.
struct BindInput {
  const CatalogState& catalog;
  const Context& context;
  std::string_view text;  // The text that the source ranges of the tree refer to.
};

/// Adds the tables that the query reads to `tables`, unless that is null; one may occur repeatedly.
StatusOr<plan::Query> BindQuery(const BindInput& input, const dialect::Query& query,
                                std::vector<plan::Id>* tables = nullptr);
/// Texts of the plan are views of the tree, or of the rows.
StatusOr<plan::Insert> BindInsert(const BindInput& input, const dialect::Insert& insert);
/// The two parts of BindInsert for an INSERT of literals: its table and columns, and its rows,
/// which replace those of an earlier call.
StatusOr<plan::Insert> BindInsertTarget(const BindInput& input, const dialect::Insert& insert);
Status BindInsertRows(const BindInput& input, const dialect::ValueRows& rows, plan::Insert& bound);
StatusOr<plan::Update> BindUpdate(const BindInput& input, const dialect::Update& update);
StatusOr<plan::Delete> BindDelete(const BindInput& input, const dialect::Delete& del);

/// The schema and the database of a table.
struct ScopeNames {
  std::string_view schema;
  std::string_view database;
};

/// The two ends of a relationship, which may be the same table. `from` may not be in the catalog
/// yet, so the names of its schema and database are passed separately.
struct RelationshipTables {
  plan::TablePtr from;
  plan::TablePtr to;
};

/// Checks the names, the types and the form of a relationship's condition.
Status CheckRelationship(const BindInput& input, const dialect::Expr& condition,
                         const RelationshipTables& tables, const ScopeNames& names);

struct MovedRelationship {
  dialect::Expr condition;
  plan::Id dropped_column = 0;  // A column of the condition that was dropped; 0 if none.
};
/// Rewrites a condition bound to `before` so that it means the same for `after`, whose columns may
/// have been renamed or added. Columns are identified by their ids.
StatusOr<MovedRelationship> MoveRelationship(const BindInput& input, dialect::Expr condition,
                                             const RelationshipTables& before,
                                             const RelationshipTables& after,
                                             const ScopeNames& names);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BINDER_H_
