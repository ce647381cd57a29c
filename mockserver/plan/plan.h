// Bound statements: all names are resolved and all expressions typed. The engine's binder makes
// them; a storage translates them into its own SQL. Independent of the syntax of TQL and SQLite.
#ifndef TQLKIT_MOCKSERVER_PLAN_PLAN_H_
#define TQLKIT_MOCKSERVER_PLAN_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mockserver/plan/schema.h"
#include "mockserver/values/datum.h"
#include "mockserver/values/type.h"

namespace tql::plan {

struct Expr;
struct Query;
using ExprPtr = std::unique_ptr<Expr>;
using QueryPtr = std::unique_ptr<Query>;
using TablePtr = std::shared_ptr<const TableDef>;

/// Identifies a relation: each table, derived table and sub-query in a FROM has its own number,
/// which is unique in the statement.
using RelationId = std::int32_t;

// ---- Expressions -------------------------------------------------------------------------------

/// A constant in its native form: dates in epoch seconds, booleans as 0 and 1. monostate is NULL.
struct Literal {
  std::variant<std::monostate, std::int64_t, double, std::string> value;
  /// Where the statement's text has the literal, if the plan is the same for each other literal of
  /// its kind: an integer of 32 bits, a decimal, or a string.
  std::optional<std::size_t> varies_at = std::nullopt;
};
/// Column `column` of relation `relation`: a position in TableDef::columns or in the items of a
/// derived table.
struct ColumnRef {
  RelationId relation = 0;
  std::int32_t column = 0;
};
/// An item of the select list, by position. Only in ORDER BY and GROUP BY.
struct ItemRef {
  std::int32_t item = 0;
};

enum class UnaryOp : std::uint8_t { kNot, kNegate, kIsNull, kIsNotNull };
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kConcat,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};
/// The operands of a comparison have the same type. The operands of an arithmetic operation have
/// the type of the expression. Integer arithmetic that exceeds 64 bits at any step fails with
/// OUT_OF_RANGE and never yields a real. A result that exceeds 32 bits is valid, but cannot be
/// stored in an int column. The quotient of integers is truncated if the expression's type is an
/// integer, and exact if it is a real. Division and remainder by zero are NULL.
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};
/// AND or OR of any number of operands. Chains are flat.
struct Logical {
  bool conjunction;  // Whether it is AND.
  std::vector<ExprPtr> operands;
};
/// % matches any text, _ one character; case-sensitive. The escape is one character.
struct Like {
  ExprPtr value;
  ExprPtr pattern;
  ExprPtr escape;  // Null: no escape character.
  bool negated = false;
};
struct Between {
  ExprPtr value;
  ExprPtr low;
  ExprPtr high;
  bool negated = false;
};
struct InList {
  ExprPtr value;
  std::vector<ExprPtr> list;
  bool negated = false;
};
struct InQuery {
  ExprPtr value;
  QueryPtr query;
  bool negated = false;
};
struct Exists {
  QueryPtr query;
};
/// The value of the first row; NULL without rows.
struct ScalarQuery {
  QueryPtr query;
};
struct Case {
  ExprPtr operand;  // Null: each `when` is a condition.
  struct Arm {
    ExprPtr when;
    ExprPtr then;
  };
  std::vector<Arm> arms;
  ExprPtr otherwise;  // Null: the value is NULL.
};
/// Converts the operand to Expr::type as values::ConvertValue() does. Fails with OUT_OF_RANGE for a
/// number that does not fit, with INVALID_ARGUMENT for other values that cannot be converted.
struct Cast {
  ExprPtr operand;
  std::string hint = {};    // The parsing hint of the column that receives the value.
  std::string column = {};  // The name of that column; empty without such a column.
};
/// The operand's value, unchanged, as a value of Expr::type. The operand's type keeps its values
/// (values::KeepsValues), is that of NULL, or differs in the length only.
struct Widen {
  ExprPtr operand;
};

enum class Function : std::uint8_t {
  kCoalesce,  // The first of two or more arguments of one type that is not NULL.
  kAbs,
  kAbsDay,      // Days since 1970-01-01.
  kAbsMonth,    // year*12 + month-1
  kAbsQuarter,  // year*4 + quarter-1
  kAbsYear,     // The year.
  kDate,        // The date part.
  kTime,        // The time of day.
};
struct Call {
  Function function;
  std::vector<ExprPtr> arguments;
};

enum class AggregateFunction : std::uint8_t {
  kCountRows,  // COUNT(*)
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kStddev,    // Of a sample: divided by n-1.
  kVariance,  // Of a sample: divided by n-1.
};
struct Aggregate {
  AggregateFunction function;
  bool distinct = false;
  ExprPtr argument;  // Null for kCountRows.
};

/// The source of an expression, for errors: a view of its text in the statement and its offset
/// there. Empty if the expression has no source.
struct SourceText {
  std::string_view text;
  std::size_t offset = 0;
};

/// The type is fixed at construction because it determines what a node computes (the target of a
/// Cast, the quotient of integers). To change the type of a value, wrap it in a Cast or Widen.
struct Expr {
  using Node =
      std::variant<Literal, ColumnRef, ItemRef, Unary, Binary, Logical, Like, Between, InList,
                   InQuery, Exists, ScalarQuery, Case, Cast, Widen, Call, Aggregate>;

  Expr(Node node_value, const values::Type& its_type)
      : node(std::move(node_value)), type(its_type) {}

  Node node;
  const values::Type type;
  SourceText source = {};
};

// ---- Queries -----------------------------------------------------------------------------------

struct Relation;
using RelationPtr = std::unique_ptr<Relation>;

struct BaseTable {
  RelationId id = 0;
  TablePtr table;
};
struct DerivedTable {
  RelationId id = 0;
  QueryPtr query;
};
enum class JoinKind : std::uint8_t { kInner, kLeft, kRight, kFull, kCross };
struct Join {
  JoinKind kind;
  RelationPtr left;
  RelationPtr right;
  ExprPtr on;  // Null for kCross.
};
struct Relation {
  std::variant<BaseTable, DerivedTable, Join> node;
};

struct SelectItem {
  ExprPtr expr;
  std::string name;  // The column header.
};
/// NULLs come first; with `descending`, last.
struct OrderItem {
  ExprPtr expr;  // Often an ItemRef.
  bool descending = false;
};

struct Select {
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;  // Null: one row without columns.
  ExprPtr where;     // Null: every row.
  std::vector<ExprPtr> group_by;
  ExprPtr having;  // Null: every group.
};
enum class SetOperator : std::uint8_t { kUnion, kUnionAll, kIntersect, kExcept };
struct SetOperation {
  SetOperator op;
  QueryPtr left;
  QueryPtr right;
};
/// Rows of expressions that refer to no columns: the source of INSERT … VALUES with computed
/// values.
struct Values {
  std::vector<std::vector<ExprPtr>> rows;
};

/// Sorts the rows, skips `offset` and returns at most `limit`. Without `order_by`, a SELECT from
/// one table without grouping returns rows in insertion order.
struct Query {
  std::variant<Select, SetOperation, Values> body;
  std::vector<OrderItem> order_by;  // For a SetOperation, ItemRefs only.
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
  /// The columns of the result.
  struct Column {
    std::string name;
    values::Type type;
  };
  std::vector<Column> columns;
};

// ---- Changes of rows ---------------------------------------------------------------------------

/// Literal rows, stored row by row. Texts are views of the statement's text or of `owned`.
struct LiteralRows {
  std::vector<values::Datum> cells;  // rows × columns values.
  std::vector<std::unique_ptr<std::string>> owned;
};
/// Inserts rows into `columns` (positions) of `table`; other columns get their default or NULL. A
/// row whose primary key exists already (NULLs are equal) replaces that row and keeps its position.
/// Each row of the source counts as inserted. A value computed by a query is converted as by a Cast
/// with the column's parsing hint, after the query's own DISTINCT, ORDER BY and the like.
struct Insert {
  TablePtr table;
  std::vector<std::int32_t> columns;
  std::variant<LiteralRows, QueryPtr> source;
};
/// Assignments read the values that the row had before the statement. `relation` denotes the table
/// in the expressions.
struct Update {
  TablePtr table;
  RelationId relation = 0;
  struct Assignment {
    std::int32_t column = 0;
    ExprPtr value;
  };
  std::vector<Assignment> assignments;
  ExprPtr where;  // Null: every row.
};
struct Delete {
  TablePtr table;
  RelationId relation = 0;
  ExprPtr where;  // Null: every row.
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_PLAN_H_
