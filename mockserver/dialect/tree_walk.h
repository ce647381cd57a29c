// A walk through the syntax tree of a statement.
#ifndef TQLKIT_MOCKSERVER_DIALECT_TREE_WALK_H_
#define TQLKIT_MOCKSERVER_DIALECT_TREE_WALK_H_

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// Visits the nodes of a tree from left to right, each before its parts. Derived has a method
/// Enter(const Node&) for each type of node, which a template for any type may be. Of the names in
/// a statement, those of tables are visited.
template <typename Derived>
class TreeWalk {
 public:
  template <typename... T>
  void Visit(const std::variant<T...>& node) {
    std::visit([this](const auto& alternative) { this->Visit(alternative); }, node);
  }
  template <typename T>
  void Visit(const std::optional<T>& part) {
    if (part) Visit(*part);
  }
  template <typename T>
  void Visit(const Indirect<T>& part) {
    if (part) Visit(*part);
  }
  template <typename T>
  void Visit(const std::vector<T>& parts) {
    for (const T& part : parts) Visit(part);
  }
  template <typename T>
  void Visit(const T& node) {
    static_cast<Derived*>(this)->Enter(node);
    Children(node);
  }

 private:
  template <typename T>
  void Children(const T& /*leaf*/) {}

  // ---- Expressions and queries ----

  void Children(const Expr& expr) { Visit(expr.node); }
  void Children(const UnaryExpr& unary) { Visit(unary.operand); }
  void Children(const OperatorExpr& chain) { Visit(chain.operands); }
  void Children(const FunctionCall& call) { Visit(call.args); }
  void Children(const CastExpr& cast) { Visit(cast.operand); }
  void Children(const CaseExpr& expr) {
    Visit(expr.operand);
    for (std::size_t i = 0; i < expr.conditions.size(); ++i) {
      Visit(expr.conditions[i]);
      Visit(expr.values[i]);
    }
    Visit(expr.otherwise);
  }
  void Children(const InExpr& in) {
    Visit(in.operand);
    Visit(in.list);
    Visit(in.query);
  }
  void Children(const BetweenExpr& between) {
    Visit(between.operand);
    Visit(between.low);
    Visit(between.high);
  }
  void Children(const LikeExpr& like) {
    Visit(like.operand);
    Visit(like.pattern);
    Visit(like.escape);
  }
  void Children(const IsNullExpr& test) { Visit(test.operand); }
  void Children(const ExistsExpr& exists) { Visit(exists.query); }
  void Children(const SubqueryExpr& subquery) { Visit(subquery.query); }
  void Children(const Query& query) {
    Visit(query.terms);
    Visit(query.order_by);
  }
  void Children(const QueryTerm& term) {
    Visit(term.select);
    Visit(term.query);
  }
  void Children(const SelectCore& core) {
    Visit(core.items);
    Visit(core.into);
    Visit(core.from);
    Visit(core.where);
    Visit(core.group_by);
    Visit(core.having);
  }
  void Children(const SelectItem& item) { Visit(item.expr); }
  void Children(const FromItem& item) {
    Visit(item.first);
    Visit(item.joins);
  }
  void Children(const TableRef& ref) {
    Visit(ref.table);
    Visit(ref.query);
  }
  void Children(const Join& join) {
    Visit(join.right);
    Visit(join.on);
  }
  void Children(const OrderItem& item) { Visit(item.expr); }

  // ---- Statements ----

  void Children(const ShowTable& show) { Visit(show.table); }
  void Children(const ShowView& show) { Visit(show.view); }
  void Children(const ShowStatistics& show) { VisitScope(show.scope, show.name); }
  void Children(const Script& script) { VisitScope(script.scope, script.name); }
  void Children(const CreateTable& create) {
    Visit(create.table);
    Visit(create.columns);
    Visit(create.constraints);
    Visit(create.partition);
  }
  void Children(const DropTable& drop) { Visit(drop.table); }
  void Children(const TruncateTable& truncate) { Visit(truncate.table); }
  void Children(const Compact& compact) { Visit(compact.table); }
  void Children(const AlterTable& alter) {
    Visit(alter.table);
    Visit(alter.actions);
  }
  void Children(const AlterAction& action) { Visit(action.node); }
  void Children(const AddColumn& add) { Visit(add.column); }
  void Children(const AddConstraint& add) { Visit(add.constraint); }
  void Children(const DropRelationship& drop) { Visit(drop.target); }
  void Children(const TableConstraint& constraint) { Visit(constraint.node); }
  void Children(const ForeignKey& key) { Visit(key.target); }
  void Children(const Relationship& relationship) {
    Visit(relationship.target);
    Visit(relationship.condition);
  }
  void Children(const Insert& insert) {
    Visit(insert.table);
    Visit(insert.rows);
    Visit(insert.query);
  }
  void Children(const ValueRows& rows) {
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      for (const ValueRows::Cell& cell : rows.row(i)) {
        if (!cell.is_literal()) Visit(rows.expr(cell));
      }
    }
  }
  void Children(const Update& update) {
    Visit(update.table);
    Visit(update.assignments);
    Visit(update.where);
  }
  void Children(const Assignment& assignment) { Visit(assignment.value); }
  void Children(const Delete& del) {
    Visit(del.table);
    Visit(del.where);
  }
  void Children(const Select& select) { Visit(select.query); }
  void VisitScope(Scope scope, const ObjectName& name) {
    if (scope == Scope::kTable) Visit(name);
  }
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_TREE_WALK_H_
