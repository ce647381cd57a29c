#include "mockserver/dialect/table_names.h"

#include <variant>

namespace tql::dialect {
namespace {

/// Visits a tree from left to right. Nodes without tables take the overload for any node.
class Finder {
 public:
  std::vector<const ObjectName*> Take() { return std::move(found_); }

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
  void Visit(const T& /*other*/) {}

  void Visit(const ObjectName& table) {
    if (!table.empty()) found_.push_back(&table);
  }

  // ---- Expressions and queries ----

  void Visit(const Expr& expr) { Visit(expr.node); }
  void Visit(const UnaryExpr& unary) { Visit(unary.operand); }
  void Visit(const OperatorExpr& chain) { Visit(chain.operands); }
  void Visit(const FunctionCall& call) { Visit(call.args); }
  void Visit(const CastExpr& cast) { Visit(cast.operand); }
  void Visit(const CaseExpr& expr) {
    Visit(expr.operand);
    for (std::size_t i = 0; i < expr.conditions.size(); ++i) {
      Visit(expr.conditions[i]);
      Visit(expr.values[i]);
    }
    Visit(expr.otherwise);
  }
  void Visit(const InExpr& in) {
    Visit(in.operand);
    Visit(in.list);
    Visit(in.query);
  }
  void Visit(const BetweenExpr& between) {
    Visit(between.operand);
    Visit(between.low);
    Visit(between.high);
  }
  void Visit(const LikeExpr& like) {
    Visit(like.operand);
    Visit(like.pattern);
    Visit(like.escape);
  }
  void Visit(const IsNullExpr& test) { Visit(test.operand); }
  void Visit(const ExistsExpr& exists) { Visit(exists.query); }
  void Visit(const SubqueryExpr& subquery) { Visit(subquery.query); }
  void Visit(const Query& query) {
    Visit(query.terms);
    Visit(query.order_by);
  }
  void Visit(const QueryTerm& term) {
    Visit(term.select);
    Visit(term.query);
  }
  void Visit(const SelectCore& core) {
    Visit(core.items);
    Visit(core.into);
    Visit(core.from);
    Visit(core.where);
    Visit(core.group_by);
    Visit(core.having);
  }
  void Visit(const SelectItem& item) { Visit(item.expr); }
  void Visit(const FromItem& item) {
    Visit(item.first);
    Visit(item.joins);
  }
  void Visit(const TableRef& ref) {
    Visit(ref.table);
    Visit(ref.query);
  }
  void Visit(const Join& join) {
    Visit(join.right);
    Visit(join.on);
  }
  void Visit(const OrderItem& item) { Visit(item.expr); }

  // ---- Statements ----

  void Visit(const ShowTable& show) { Visit(show.table); }
  void Visit(const ShowView& show) { Visit(show.view); }
  void Visit(const ShowStatistics& show) { VisitScope(show.scope, show.name); }
  void Visit(const Script& script) { VisitScope(script.scope, script.name); }
  void Visit(const CreateTable& create) {
    Visit(create.table);
    Visit(create.constraints);
  }
  void Visit(const DropTable& drop) { Visit(drop.table); }
  void Visit(const TruncateTable& truncate) { Visit(truncate.table); }
  void Visit(const Compact& compact) { Visit(compact.table); }
  void Visit(const AlterTable& alter) {
    Visit(alter.table);
    Visit(alter.actions);
  }
  void Visit(const AlterAction& action) { Visit(action.node); }
  void Visit(const AddConstraint& add) { Visit(add.constraint); }
  void Visit(const DropRelationship& drop) { Visit(drop.target); }
  void Visit(const TableConstraint& constraint) { Visit(constraint.node); }
  void Visit(const ForeignKey& key) { Visit(key.target); }
  void Visit(const Relationship& relationship) {
    Visit(relationship.target);
    Visit(relationship.condition);
  }
  void Visit(const Insert& insert) {
    Visit(insert.table);
    Visit(insert.rows);
    Visit(insert.query);
  }
  void Visit(const ValueRows& rows) {
    for (std::size_t i = 0; i < rows.row_count(); ++i) {
      for (const ValueRows::Cell& cell : rows.row(i)) {
        if (!cell.is_literal()) Visit(rows.expr(cell));
      }
    }
  }
  void Visit(const Update& update) {
    Visit(update.table);
    Visit(update.assignments);
    Visit(update.where);
  }
  void Visit(const Assignment& assignment) { Visit(assignment.value); }
  void Visit(const Delete& del) {
    Visit(del.table);
    Visit(del.where);
  }
  void Visit(const Select& select) { Visit(select.query); }

 private:
  void VisitScope(Scope scope, const ObjectName& name) {
    if (scope == Scope::kTable) Visit(name);
  }

  std::vector<const ObjectName*> found_;
};

}  // namespace

std::vector<const ObjectName*> TableNamesIn(const Statement& statement) {
  Finder finder;
  finder.Visit(statement.node);
  return finder.Take();
}

}  // namespace tql::dialect
