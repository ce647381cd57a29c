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
  void operator()(plan::Widen& n) const { One(n.operand); }
  void operator()(plan::Call& n) const { All(n.arguments); }
  void operator()(plan::Aggregate& n) const { One(n.argument); }
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

const plan::Expr& Unwidened(const plan::Expr& expr) {
  const plan::Expr* found = &expr;
  while (const auto* widen = std::get_if<plan::Widen>(&found->node)) found = widen->operand.get();
  return *found;
}

const plan::Expr& AsWritten(const plan::Expr& expr) {
  const plan::Expr* found = &expr;
  for (;;) {
    const auto* widen = std::get_if<plan::Widen>(&found->node);
    const auto* cast = std::get_if<plan::Cast>(&found->node);
    // An implicit conversion has no source text.
    if (widen == nullptr && (cast == nullptr || !found->source.text.empty())) return *found;
    found = widen != nullptr ? widen->operand.get() : cast->operand.get();
  }
}

const plan::Expr* FirstItem(const plan::Query& query, std::size_t column) {
  const plan::Query* first = &query;
  while (const auto* set = std::get_if<plan::SetOperation>(&first->body)) first = set->left.get();
  const auto* select = std::get_if<plan::Select>(&first->body);
  return select != nullptr ? select->items[column].expr.get() : nullptr;
}

bool IsConstant(const plan::Expr& expr) { return std::holds_alternative<plan::Literal>(expr.node); }

plan::Literal LiteralOf(const values::Datum& value) {
  switch (value.kind()) {
    case values::Datum::Kind::kInteger:
      return {value.integer()};
    case values::Datum::Kind::kReal:
      return {value.real()};
    case values::Datum::Kind::kText:
      return {std::string(value.text())};
    case values::Datum::Kind::kNull:
      break;
  }
  return {};
}

plan::ExprPtr MakeExpr(plan::Expr::Node node, values::Type type) {
  return std::make_unique<plan::Expr>(std::move(node), type);
}

}  // namespace tql::engine
