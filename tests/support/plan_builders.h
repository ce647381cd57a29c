// Shorthands for plans in tests.
#ifndef TQLKIT_TESTS_SUPPORT_PLAN_BUILDERS_H_
#define TQLKIT_TESTS_SUPPORT_PLAN_BUILDERS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/plan/plan.h"

namespace tql::testing {

inline plan::ExprPtr MakeExpr(plan::Expr::Node node, values::TypeKind kind) {
  return std::make_unique<plan::Expr>(std::move(node), values::Type{kind, 0});
}
inline plan::ExprPtr Int(std::int64_t value, values::TypeKind kind = values::TypeKind::kBigInt) {
  return MakeExpr(plan::Literal{value}, kind);
}
inline plan::ExprPtr Real(double value) {
  return MakeExpr(plan::Literal{value}, values::TypeKind::kDouble);
}
inline plan::ExprPtr Text(std::string value) {
  return MakeExpr(plan::Literal{std::move(value)}, values::TypeKind::kVarchar);
}
inline plan::ExprPtr Null() { return MakeExpr(plan::Literal{}, values::TypeKind::kNull); }
inline plan::ExprPtr Column(plan::RelationId relation, std::int32_t column, values::TypeKind kind) {
  return MakeExpr(plan::ColumnRef{relation, column}, kind);
}
inline plan::ExprPtr Op(plan::BinaryOp op, plan::ExprPtr left, plan::ExprPtr right,
                        values::TypeKind kind) {
  return MakeExpr(plan::Binary{op, std::move(left), std::move(right)}, kind);
}
inline plan::ExprPtr Equal(plan::ExprPtr left, plan::ExprPtr right) {
  return Op(plan::BinaryOp::kEqual, std::move(left), std::move(right), values::TypeKind::kBool);
}
inline plan::ExprPtr CastTo(plan::ExprPtr operand, values::TypeKind kind) {
  return MakeExpr(plan::Cast{std::move(operand)}, kind);
}

inline plan::RelationPtr From(plan::RelationId id, plan::TablePtr table) {
  auto relation = std::make_unique<plan::Relation>();
  relation->node = plan::BaseTable{id, std::move(table)};
  return relation;
}

/// SELECT items FROM from WHERE where.
inline plan::Query MakeQuery(std::vector<plan::ExprPtr> items, plan::RelationPtr from = nullptr,
                             plan::ExprPtr where = nullptr) {
  plan::Query query;
  plan::Select select;
  for (plan::ExprPtr& item : items) {
    const values::Type type = item->type;
    const std::string name = "column" + std::to_string(select.items.size());
    query.columns.push_back({name, type});
    select.items.push_back({std::move(item), name});
  }
  select.from = std::move(from);
  select.where = std::move(where);
  query.body = std::move(select);
  return query;
}

/// A vector of objects that can only be moved.
template <typename... T>
std::vector<plan::ExprPtr> List(T... items) {
  std::vector<plan::ExprPtr> list;
  (list.push_back(std::move(items)), ...);
  return list;
}

/// A table with these columns; ids follow `id`.
inline plan::TableDef MakeTable(plan::Id id,
                                std::vector<std::pair<std::string, values::TypeKind>> columns,
                                std::vector<std::int32_t> primary_key = {}) {
  plan::TableDef table;
  table.id = id;
  table.name = "table" + std::to_string(id);
  for (auto& [name, kind] : columns) {
    plan::ColumnDef column;
    column.id = id * 100 + static_cast<plan::Id>(table.columns.size());
    column.name = name;
    column.type = {kind, 0};
    table.columns.push_back(std::move(column));
  }
  table.primary_key = std::move(primary_key);
  return table;
}

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_PLAN_BUILDERS_H_
