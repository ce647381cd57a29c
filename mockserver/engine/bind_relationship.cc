// The condition of a relationship: its check, and its adaptation to an ALTER TABLE.
#include <functional>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_query.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using ColumnVisitor = std::function<Status(dialect::ColumnRef&)>;

/// Visits every column of an expression. Columns in sub-queries belong to another scope.
class ColumnWalk {
 public:
  explicit ColumnWalk(const ColumnVisitor& visit) : visit_(visit) {}

  Status Walk(dialect::Expr& expr) const {
    return std::visit([this](auto& node) { return Node(node); }, expr.node);
  }

 private:
  Status Walk(dialect::Indirect<dialect::Expr>& expr) const {
    return expr ? Walk(*expr) : Status();
  }
  Status Walk(std::vector<dialect::Expr>& list) const {
    for (dialect::Expr& expr : list) TQL_RETURN_IF_ERROR(Walk(expr));
    return Status();
  }
  template <typename... Parts>
  Status All(Parts&... parts) const {
    Status status;
    (void)((status = Walk(parts)).ok() && ...);
    return status;
  }

  Status Node(dialect::ColumnRef& node) const { return visit_(node); }
  Status Node(dialect::UnaryExpr& node) const { return Walk(node.operand); }
  Status Node(dialect::OperatorExpr& node) const { return Walk(node.operands); }
  Status Node(dialect::FunctionCall& node) const { return Walk(node.args); }
  Status Node(dialect::CastExpr& node) const { return Walk(node.operand); }
  Status Node(dialect::CaseExpr& node) const {
    return All(node.operand, node.conditions, node.values, node.otherwise);
  }
  Status Node(dialect::InExpr& node) const { return All(node.operand, node.list); }
  Status Node(dialect::BetweenExpr& node) const { return All(node.operand, node.low, node.high); }
  Status Node(dialect::LikeExpr& node) const {
    return All(node.operand, node.pattern, node.escape);
  }
  Status Node(dialect::IsNullExpr& node) const { return Walk(node.operand); }
  Status Node(dialect::Literal&) const { return Status(); }
  Status Node(dialect::ExistsExpr&) const { return Status(); }
  Status Node(dialect::SubqueryExpr&) const { return Status(); }

  const ColumnVisitor& visit_;
};

const plan::ColumnDef& ColumnOf(const Scope::Column& column) {
  return column.relation->table()->columns[static_cast<std::size_t>(column.column)];
}

/// The column of `scope` with that id; no relation if it does not exist.
Scope::Column FindById(const Scope& scope, plan::RelationId relation, plan::Id id) {
  const ScopeRelation* const found = scope.FindRelation(relation);
  const std::vector<plan::ColumnDef>& columns = found->table()->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].id == id) return {found, static_cast<std::int32_t>(i)};
  }
  return {};
}

/// Adds as many qualifiers to `name` as are needed for it to resolve to `column`.
void Qualify(const Scope& scope, const Scope::Column& column, dialect::ObjectName& name) {
  const std::vector<std::string>& qualifiers = column.relation->qualifiers();
  const dialect::Name last = name.last();
  for (std::size_t count = 0;; ++count) {
    const StatusOr<Scope::Column> meant = scope.Resolve(name);
    if (meant.ok() && meant->relation == column.relation && meant->column == column.column) return;
    if (count == qualifiers.size()) return;
    name.parts.clear();
    for (std::size_t i = count + 1; i > 0; --i) {
      name.parts.push_back({.text = qualifiers[i - 1], .quoted = true, .range = {}});
    }
    name.parts.push_back(last);
  }
}

/// A relationship of a table with itself has one relation.
Scope RelationshipScope(BindState& state, const RelationshipTables& tables,
                        const ScopeNames& names) {
  Scope scope;
  scope.relations.emplace_back(
      state.NewRelation(tables.from),
      std::vector<std::string>{tables.from->name, std::string(names.schema),
                               std::string(names.database)},
      tables.from);
  if (tables.from->id != tables.to->id) AddTable(state, tables.to, nullptr, scope);
  return scope;
}

}  // namespace

/// The condition must be an AND of conditions, at least one of which equates columns of both
/// tables, whose types need only be comparable.
Status CheckRelationship(const BindInput& input, const dialect::Expr& condition,
                         const RelationshipTables& tables, const ScopeNames& names) {
  BindState state{input};
  const Scope scope = RelationshipScope(state, tables, names);
  const plan::RelationId from_id = scope.relations.front().id();
  const plan::RelationId to_id = scope.relations.back().id();
  Clause clause{.scope = &scope, .name = "RELATIONSHIP"};
  TQL_ASSIGN_OR_RETURN(const plan::ExprPtr bound, BindCondition(state, condition, clause));
  std::vector<const plan::Expr*> parts = {bound.get()};
  if (const auto* logical = std::get_if<plan::Logical>(&bound->node)) {
    if (!logical->conjunction) return state.At(errors::RelationshipCondition(), condition.range);
    parts.clear();
    for (const plan::ExprPtr& operand : logical->operands) parts.push_back(operand.get());
  }
  for (const plan::Expr* part : parts) {
    const auto* equal = std::get_if<plan::Binary>(&part->node);
    if (equal == nullptr || equal->op != plan::BinaryOp::kEqual) continue;
    const auto* a = std::get_if<plan::ColumnRef>(&AsWritten(*equal->left).node);
    const auto* b = std::get_if<plan::ColumnRef>(&AsWritten(*equal->right).node);
    if (a == nullptr || b == nullptr) continue;
    if ((a->relation == from_id && b->relation == to_id) ||
        (a->relation == to_id && b->relation == from_id)) {
      return Status();
    }
  }
  return state.At(errors::RelationshipCondition(), condition.range);
}

StatusOr<MovedRelationship> MoveRelationship(const BindInput& input, dialect::Expr condition,
                                             const RelationshipTables& before,
                                             const RelationshipTables& after,
                                             const ScopeNames& names) {
  BindState old_state{input};
  BindState new_state{input};
  const Scope old_scope = RelationshipScope(old_state, before, names);
  const Scope new_scope = RelationshipScope(new_state, after, names);
  MovedRelationship moved;
  const ColumnVisitor visit = [&](dialect::ColumnRef& ref) -> Status {
    TQL_ASSIGN_OR_RETURN(const Scope::Column old, old_scope.Resolve(ref.name));
    const plan::ColumnDef& old_column = ColumnOf(old);
    const Scope::Column now = FindById(new_scope, old.relation->id(), old_column.id);
    if (now.relation == nullptr) {
      moved.dropped_column = old_column.id;
      return Status();
    }
    const plan::ColumnDef& new_column = ColumnOf(now);
    if (new_column.name != old_column.name) ref.name.parts.back().text = new_column.name;
    Qualify(new_scope, now, ref.name);
    return Status();
  };
  TQL_RETURN_IF_ERROR(ColumnWalk(visit).Walk(condition));
  moved.condition = std::move(condition);
  return moved;
}

}  // namespace tql::engine
