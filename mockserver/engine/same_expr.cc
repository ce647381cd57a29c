// SameExpr(): compares expressions and the queries in them node by node.
#include <algorithm>
#include <cmath>
#include <map>

#include "mockserver/engine/plan_walk.h"

namespace tql::engine {
namespace {

using plan::ExprPtr;

/// Compares two trees. Relations have different ids in each, so relations at the same position are
/// paired.
class Comparison {
 public:
  bool Same(const plan::Expr& a, const plan::Expr& b) {
    return a.type.kind == b.type.kind && SameVariant(a.node, b.node);
  }

 private:
  template <typename... Nodes>
  bool SameVariant(const std::variant<Nodes...>& a, const std::variant<Nodes...>& b) {
    if (a.index() != b.index()) return false;
    return std::visit(
        [&](const auto& node) { return SameNode(node, std::get<std::decay_t<decltype(node)>>(b)); },
        a);
  }
  template <typename T>
  bool Same(const std::unique_ptr<T>& a, const std::unique_ptr<T>& b) {
    return a && b ? Same(*a, *b) : !a && !b;
  }
  template <typename T>
  bool Same(const std::vector<T>& a, const std::vector<T>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [this](const T& x, const T& y) { return Same(x, y); });
  }

  // Expressions.
  bool SameNode(const plan::Literal& a, const plan::Literal& b) {
    const auto* x = std::get_if<double>(&a.value);
    const auto* y = std::get_if<double>(&b.value);
    if (x != nullptr && y != nullptr && std::signbit(*x) != std::signbit(*y)) return false;  // -0.0
    return a.value == b.value;
  }
  bool SameNode(const plan::ColumnRef& a, const plan::ColumnRef& b) {
    const auto pair = relations_.find(a.relation);
    const plan::RelationId relation = pair == relations_.end() ? a.relation : pair->second;
    return relation == b.relation && a.column == b.column;
  }
  bool SameNode(const plan::ItemRef& a, const plan::ItemRef& b) { return a.item == b.item; }
  bool SameNode(const plan::Unary& a, const plan::Unary& b) {
    return a.op == b.op && Same(a.operand, b.operand);
  }
  bool SameNode(const plan::Binary& a, const plan::Binary& b) {
    return a.op == b.op && Same(a.left, b.left) && Same(a.right, b.right);
  }
  bool SameNode(const plan::Logical& a, const plan::Logical& b) {
    return a.conjunction == b.conjunction && Same(a.operands, b.operands);
  }
  bool SameNode(const plan::Like& a, const plan::Like& b) {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.pattern, b.pattern) &&
           Same(a.escape, b.escape);
  }
  bool SameNode(const plan::Between& a, const plan::Between& b) {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.low, b.low) &&
           Same(a.high, b.high);
  }
  bool SameNode(const plan::InList& a, const plan::InList& b) {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.list, b.list);
  }
  bool SameNode(const plan::InQuery& a, const plan::InQuery& b) {
    return a.negated == b.negated && Same(a.value, b.value) && Same(a.query, b.query);
  }
  bool SameNode(const plan::Exists& a, const plan::Exists& b) { return Same(a.query, b.query); }
  bool SameNode(const plan::ScalarQuery& a, const plan::ScalarQuery& b) {
    return Same(a.query, b.query);
  }
  bool SameNode(const plan::Case& a, const plan::Case& b) {
    return Same(a.operand, b.operand) && Same(a.arms, b.arms) && Same(a.otherwise, b.otherwise);
  }
  bool Same(const plan::Case::Arm& a, const plan::Case::Arm& b) {
    return Same(a.when, b.when) && Same(a.then, b.then);
  }
  bool SameNode(const plan::Cast& a, const plan::Cast& b) {
    return a.hint == b.hint && Same(a.operand, b.operand);
  }
  bool SameNode(const plan::Widen& a, const plan::Widen& b) { return Same(a.operand, b.operand); }
  bool SameNode(const plan::Call& a, const plan::Call& b) {
    return a.function == b.function && Same(a.arguments, b.arguments);
  }
  bool SameNode(const plan::Aggregate& a, const plan::Aggregate& b) {
    return a.function == b.function && a.distinct == b.distinct && Same(a.argument, b.argument);
  }

  // Queries. FROM is compared first, because it pairs the relations.
  bool Same(const plan::Query& a, const plan::Query& b) {
    return a.limit == b.limit && a.offset == b.offset && SameVariant(a.body, b.body) &&
           Same(a.order_by, b.order_by);
  }
  bool SameNode(const plan::Select& a, const plan::Select& b) {
    return a.distinct == b.distinct && Same(a.from, b.from) && Same(a.items, b.items) &&
           Same(a.where, b.where) && Same(a.group_by, b.group_by) && Same(a.having, b.having);
  }
  bool Same(const plan::SelectItem& a, const plan::SelectItem& b) { return Same(a.expr, b.expr); }
  bool Same(const plan::OrderItem& a, const plan::OrderItem& b) {
    return a.descending == b.descending && Same(a.expr, b.expr);
  }
  bool SameNode(const plan::SetOperation& a, const plan::SetOperation& b) {
    return a.op == b.op && Same(a.left, b.left) && Same(a.right, b.right);
  }
  bool SameNode(const plan::Values& a, const plan::Values& b) { return Same(a.rows, b.rows); }
  bool Same(const plan::Relation& a, const plan::Relation& b) {
    return SameVariant(a.node, b.node);
  }
  bool SameNode(const plan::BaseTable& a, const plan::BaseTable& b) {
    relations_[a.id] = b.id;
    return a.table->id == b.table->id;
  }
  bool SameNode(const plan::DerivedTable& a, const plan::DerivedTable& b) {
    relations_[a.id] = b.id;
    return Same(a.query, b.query);
  }
  bool SameNode(const plan::Join& a, const plan::Join& b) {
    return a.kind == b.kind && Same(a.left, b.left) && Same(a.right, b.right) && Same(a.on, b.on);
  }

  std::map<plan::RelationId, plan::RelationId>
      relations_;  // From relations of `a` to those of `b`.
};

}  // namespace

bool SameExpr(const plan::Expr& a, const plan::Expr& b) { return Comparison().Same(a, b); }

}  // namespace tql::engine
