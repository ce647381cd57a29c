#include "mockserver/engine/plan_walk.h"

#include <type_traits>

namespace tql::engine {
namespace {

using plan::ExprPtr;

void VisitRelation(plan::Relation& relation, const ExprVisitor& visit) {
  if (auto* derived = std::get_if<plan::DerivedTable>(&relation.node)) {
    VisitExpressions(*derived->query, visit);
  } else if (auto* join = std::get_if<plan::Join>(&relation.node)) {
    VisitRelation(*join->left, visit);
    VisitRelation(*join->right, visit);
    if (join->on) visit(join->on);
  }
}

struct ChildVisitor {
  const ExprVisitor& visit;

  void One(ExprPtr& e) const {
    if (e) visit(e);
  }
  void All(std::vector<ExprPtr>& list) const {
    for (ExprPtr& e : list) One(e);
  }
  void operator()(plan::Literal&) const {}
  void operator()(plan::ColumnRef&) const {}
  void operator()(plan::ItemRef&) const {}
  void operator()(plan::Unary& n) const { One(n.operand); }
  void operator()(plan::Binary& n) const {
    One(n.left);
    One(n.right);
  }
  void operator()(plan::Logical& n) const { All(n.operands); }
  void operator()(plan::Like& n) const {
    One(n.value);
    One(n.pattern);
    One(n.escape);
  }
  void operator()(plan::Between& n) const {
    One(n.value);
    One(n.low);
    One(n.high);
  }
  void operator()(plan::InList& n) const {
    One(n.value);
    All(n.list);
  }
  void operator()(plan::InQuery& n) const {
    One(n.value);
    VisitExpressions(*n.query, visit);
  }
  void operator()(plan::Exists& n) const { VisitExpressions(*n.query, visit); }
  void operator()(plan::ScalarQuery& n) const { VisitExpressions(*n.query, visit); }
  void operator()(plan::Case& n) const {
    One(n.operand);
    for (plan::Case::Arm& arm : n.arms) {
      One(arm.when);
      One(arm.then);
    }
    One(n.otherwise);
  }
  void operator()(plan::Cast& n) const { One(n.operand); }
  void operator()(plan::Call& n) const { All(n.arguments); }
  void operator()(plan::Aggregate& n) const { One(n.argument); }
};

bool Same(const ExprPtr& a, const ExprPtr& b) { return a && b ? SameExpr(*a, *b) : !a && !b; }

bool SameList(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!Same(a[i], b[i])) return false;
  }
  return true;
}

struct SameNode {
  template <typename A, typename B>
  bool operator()(const A&, const B&) const {
    return false;  // different kinds, and kinds with sub-queries
  }
  bool operator()(const plan::Literal& a, const plan::Literal& b) const {
    return a.value == b.value;
  }
  bool operator()(const plan::ColumnRef& a, const plan::ColumnRef& b) const {
    return a.relation == b.relation && a.column == b.column;
  }
  bool operator()(const plan::ItemRef& a, const plan::ItemRef& b) const { return a.item == b.item; }
  bool operator()(const plan::Unary& a, const plan::Unary& b) const {
    return a.op == b.op && Same(a.operand, b.operand);
  }
  bool operator()(const plan::Binary& a, const plan::Binary& b) const {
    return a.op == b.op && Same(a.left, b.left) && Same(a.right, b.right);
  }
  bool operator()(const plan::Logical& a, const plan::Logical& b) const {
    return a.conjunction == b.conjunction && SameList(a.operands, b.operands);
  }
  bool operator()(const plan::Like& a, const plan::Like& b) const {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.pattern, b.pattern) &&
           Same(a.escape, b.escape);
  }
  bool operator()(const plan::Between& a, const plan::Between& b) const {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.low, b.low) &&
           Same(a.high, b.high);
  }
  bool operator()(const plan::InList& a, const plan::InList& b) const {
    return a.negated == b.negated && Same(a.value, b.value) && SameList(a.list, b.list);
  }
  bool operator()(const plan::Case& a, const plan::Case& b) const {
    if (a.arms.size() != b.arms.size()) return false;
    for (std::size_t i = 0; i < a.arms.size(); ++i) {
      if (!Same(a.arms[i].when, b.arms[i].when) || !Same(a.arms[i].then, b.arms[i].then)) {
        return false;
      }
    }
    return Same(a.operand, b.operand) && Same(a.otherwise, b.otherwise);
  }
  bool operator()(const plan::Cast& a, const plan::Cast& b) const {
    return Same(a.operand, b.operand);
  }
  bool operator()(const plan::Call& a, const plan::Call& b) const {
    return a.function == b.function && SameList(a.arguments, b.arguments);
  }
  bool operator()(const plan::Aggregate& a, const plan::Aggregate& b) const {
    return a.function == b.function && a.distinct == b.distinct && Same(a.argument, b.argument);
  }
};

}  // namespace

void VisitChildren(plan::Expr& expr, const ExprVisitor& visit) {
  std::visit(ChildVisitor{visit}, expr.node);
}

void VisitExpressions(plan::Query& query, const ExprVisitor& visit) {
  if (auto* select = std::get_if<plan::Select>(&query.body)) {
    for (plan::SelectItem& item : select->items) visit(item.expr);
    if (select->from) VisitRelation(*select->from, visit);
    if (select->where) visit(select->where);
    for (plan::ExprPtr& e : select->group_by) visit(e);
    if (select->having) visit(select->having);
  } else if (auto* set = std::get_if<plan::SetOperation>(&query.body)) {
    VisitExpressions(*set->left, visit);
    VisitExpressions(*set->right, visit);
  } else {
    for (auto& row : std::get<plan::Values>(query.body).rows) {
      for (plan::ExprPtr& e : row) visit(e);
    }
  }
  for (plan::OrderItem& item : query.order_by) visit(item.expr);
}

bool SameExpr(const plan::Expr& a, const plan::Expr& b) {
  // A column that is widened where it stands is the same column.
  const bool columns = std::holds_alternative<plan::ColumnRef>(a.node);
  return (columns || a.type.kind == b.type.kind) && std::visit(SameNode{}, a.node, b.node);
}

plan::ExprPtr MakeExpr(decltype(plan::Expr::node) node, plan::Type type) {
  auto expr = std::make_unique<plan::Expr>();
  expr->node = std::move(node);
  expr->type = type;
  return expr;
}

}  // namespace tql::engine
