// The binder translates a statement's syntax tree into a plan: it resolves all names, types all
// expressions and adds all implicit conversions.
#ifndef TQLKIT_MOCKSERVER_ENGINE_BINDER_H_
#define TQLKIT_MOCKSERVER_ENGINE_BINDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/scope.h"
#include "mockserver/plan/plan.h"
#include "tql/status.h"

namespace tql::engine {

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

/// Binds one statement. The catalog must not change during binding; the plan does not refer to it.
class Binder {
 public:
  /// `text` is the text that the source ranges of the tree refer to.
  Binder(const CatalogState& catalog, const Context& context, std::string_view text)
      : catalog_(catalog), context_(context), text_(text) {}

  StatusOr<plan::Query> BindQuery(const dialect::Query& query) { return Bind(query, nullptr); }
  /// Texts of the plan are views of the tree.
  StatusOr<plan::Insert> BindInsert(const dialect::Insert& insert);
  StatusOr<plan::Update> BindUpdate(const dialect::Update& update);
  StatusOr<plan::Delete> BindDelete(const dialect::Delete& del);
  /// Checks the names, the types and the form of a relationship's condition.
  Status CheckRelationship(const dialect::Expr& condition, const RelationshipTables& tables,
                           const ScopeNames& names);
  struct MovedRelationship {
    dialect::Expr condition;
    plan::Id dropped_column = 0;  // A column of the condition that was dropped; 0 if none.
  };
  /// Rewrites a condition bound to `before` so that it means the same for `after`, whose columns
  /// may have been renamed or added. Columns are identified by their ids.
  StatusOr<MovedRelationship> MoveRelationship(dialect::Expr condition,
                                               const RelationshipTables& before,
                                               const RelationshipTables& after,
                                               const ScopeNames& names);

 private:
  /// The clause of a statement that an expression belongs to.
  struct Clause {
    const Scope* scope = nullptr;
    std::string_view name;
    bool aggregates = false;  // Whether aggregates are allowed.
    bool in_aggregate = false;
    bool saw_aggregate = false;  // Set while binding.
    /// Select items whose aliases may be used where there is no column of that name.
    const std::vector<dialect::SelectItem>* aliases = nullptr;
  };
  using ExprResult = StatusOr<plan::ExprPtr>;
  /// The select-list entry of each item of a plan::Select; a star yields several items.
  using ItemOrigins = std::vector<const dialect::SelectItem*>;

  Status At(const Status& reason, const dialect::SourceRange& range) const;
  Status At(const Status& reason, const plan::SourceText& source) const;
  plan::SourceText SourceAt(const dialect::SourceRange& range) const;

  // bind_query.cc
  StatusOr<plan::Query> Bind(const dialect::Query& query, const Scope* outer);
  StatusOr<plan::Query> BindTerm(const dialect::QueryTerm& term, const Scope* outer);
  StatusOr<plan::Query> BindCore(const dialect::SelectCore& core,
                                 const std::vector<dialect::OrderItem>& order_by,
                                 const Scope* outer);
  /// The place of a column of the query at `range`: that of the item in its first select list.
  std::size_t ItemPlace(const plan::Query& query, std::size_t column,
                        const dialect::SourceRange& range) const;
  /// The common types of the columns of both sides of a set operation.
  StatusOr<std::vector<values::Type>> CommonTypes(const plan::Query& left, const plan::Query& right,
                                                  const dialect::SourceRange& range) const;
  StatusOr<plan::Query> BindSetOperations(const dialect::Query& query, const Scope* outer);
  plan::Query Wrap(plan::Query inner);
  Status OrderByColumns(const std::vector<dialect::OrderItem>& order_by, plan::Query& query);
  StatusOr<ItemOrigins> BindItems(const dialect::SelectCore& core, Clause& clause,
                                  plan::Select& select);
  Status ExpandStar(const dialect::SelectItem& item, const Scope& scope, plan::Select& select);
  std::string HeaderName(const dialect::SelectItem& item, const Scope& scope) const;
  StatusOr<std::int32_t> Position(const dialect::Expr& expr, std::string_view clause,
                                  std::size_t items) const;

  // bind_from.cc
  StatusOr<plan::RelationPtr> BindFrom(const std::vector<dialect::FromItem>& from, Scope& scope);
  StatusOr<plan::RelationPtr> BindTable(const dialect::TableRef& ref, Scope& scope);
  StatusOr<plan::RelationPtr> BindJoin(plan::RelationPtr left, const dialect::Join& join,
                                       Scope& scope);
  ScopeRelation& AddTable(const plan::TablePtr& table, const dialect::Name* alias, Scope& scope);

  // bind_relationship.cc
  Scope RelationshipScope(const RelationshipTables& tables, const ScopeNames& names);

  // bind_grouping.cc
  Status BindGroupBy(const dialect::SelectCore& core, const ItemOrigins& origins,
                     const Scope& scope, plan::Select& select);
  Status BindOrderBy(const std::vector<dialect::OrderItem>& order_by, const ItemOrigins& origins,
                     Clause& clause, plan::Select& select, plan::Query& query);
  Status CheckGrouping(const dialect::SelectCore& core, const Scope& scope, plan::Select& select,
                       plan::Query& query);

  // bind_expr.cc
  ExprResult BindExpr(const dialect::Expr& expr, Clause& clause);
  ExprResult BindCondition(const dialect::Expr& expr, Clause& clause);
  ExprResult BindText(const dialect::Expr& expr, Clause& clause);
  ExprResult BindNode(const dialect::Literal& node, Clause& clause);
  ExprResult BindNode(const dialect::ColumnRef& node, Clause& clause);
  ExprResult BindNode(const dialect::UnaryExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::OperatorExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::FunctionCall& node, Clause& clause);
  ExprResult BindNode(const dialect::CastExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::CaseExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::InExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::BetweenExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::LikeExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::IsNullExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::ExistsExpr& node, Clause& clause);
  ExprResult BindNode(const dialect::SubqueryExpr& node, Clause& clause);
  ExprResult BindLogical(const dialect::OperatorExpr& node, bool conjunction, Clause& clause);
  ExprResult BindArithmetic(const dialect::OperatorExpr& node, Clause& clause);
  StatusOr<plan::QueryPtr> BindValueQuery(const dialect::Query& query, Clause& clause);

  // bind_function.cc
  ExprResult BindAggregate(const dialect::FunctionCall& node, plan::AggregateFunction function,
                           Clause& clause);
  ExprResult BindCoalesce(const dialect::FunctionCall& node, Clause& clause);
  ExprResult BindScalar(const dialect::FunctionCall& node, plan::Function function, Clause& clause);

  // bind_types.cc
  ExprResult MakeArithmetic(plan::BinaryOp op, plan::ExprPtr left, plan::ExprPtr right);
  /// Converts `expr` to type `to`: a constant at once, anything else by a Widen if its value is
  /// kept, else by a Cast. `hint` is the parsing hint of the column that receives the value.
  ExprResult Convert(plan::ExprPtr expr, values::Type to, std::string_view hint = {});
  ExprResult AsCondition(plan::ExprPtr expr);
  /// Converts `expr` to a value of the column that it is assigned to.
  ExprResult Assign(plan::ExprPtr expr, const plan::ColumnDef& column);
  /// Converts a set of values to their common type.
  Status Unify(const std::vector<plan::ExprPtr*>& values);
  /// Converts the columns of the query's result to `types`.
  Status ConvertColumns(plan::Query& query, const std::vector<values::Type>& types);
  /// Converts one column within the select lists of the query.
  Status ConvertWithin(plan::Query& query, std::size_t column, const values::Type& to);

  // bind_comparison.cc
  /// The second operand of a comparison, converted to the type of the comparison.
  struct Compared {
    plan::ExprPtr other;
    values::Type type;
    std::string_view hint;  // The hint for reading the first operand if it is a constant.
  };
  StatusOr<Compared> CompareWith(const plan::Expr& value, plan::ExprPtr other, bool equality);
  /// `beside` is the value that a constant is compared with; an error refers to it.
  ExprResult ConvertCompared(plan::ExprPtr expr, const values::Type& to, std::string_view hint,
                             const plan::Expr* beside);
  Status UnreadableConstant(const plan::Expr& constant, const plan::Expr& beside,
                            const Status& reason) const;
  ExprResult MakeComparison(plan::BinaryOp op, plan::ExprPtr left, plan::ExprPtr right);
  ExprResult BindInList(const dialect::InExpr& node, plan::ExprPtr value, Clause& clause);
  /// `all` has the operand, the bound WHENs and the values, which have one type.
  ExprResult MakeOperandCase(const dialect::CaseExpr& node, plan::Case all, Clause& clause);
  /// Binds an operand again, for a comparison at another type.
  ExprResult BindCopy(const dialect::Expr& expr, Clause& clause);
  std::string_view HintOf(const plan::Expr& expr) const;

  // bind_dml.cc
  StatusOr<std::vector<std::int32_t>> InsertColumns(const dialect::Insert& insert,
                                                    const plan::TableDef& table);
  Status BindLiteralRows(const dialect::Insert& insert, plan::Insert& bound);
  Status BindComputedRows(const dialect::Insert& insert, plan::Insert& bound);
  Status BindInsertQuery(const dialect::Insert& insert, plan::Insert& bound);
  Status AssignItem(plan::Query& query, std::size_t index, const plan::ColumnDef& column);
  StatusOr<plan::TablePtr> Table(const dialect::ObjectName& name);

  const CatalogState& catalog_;
  const Context& context_;
  std::string_view text_;
  /// The table of each RelationId; nullptr for derived tables.
  std::vector<plan::TablePtr> tables_;
  int copy_depth_ = 0;  // Nesting of BindCopy().
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_BINDER_H_
