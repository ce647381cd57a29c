// Bound statements: every name resolved, every expression typed. The engine's binder makes them, a
// storage prints them as its own SQL. Nothing here knows TQL's spelling or SQLite's.
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

#include "mockserver/plan/datum.h"
#include "mockserver/plan/schema.h"
#include "mockserver/plan/type.h"

namespace tql::plan {

struct Expr;
struct Query;
using ExprPtr = std::unique_ptr<Expr>;
using QueryPtr = std::unique_ptr<Query>;
using TablePtr = std::shared_ptr<const TableDef>;

/// A relation's place in its statement: each table, derived table and sub-query in a FROM has its
/// own number, unique within the whole statement.
using RelationId = std::int32_t;

// ---- Expressions -------------------------------------------------------------------------------

/// A constant in its native form (dates already epoch seconds, booleans 0 and 1).
struct Literal {
  std::variant<std::monostate, std::int64_t, double, std::string> value;
};
/// Column `column` of relation `relation`: a position in TableDef::columns or in the items of a
/// derived table.
struct ColumnRef {
  RelationId relation = 0;
  std::int32_t column = 0;
};
/// An item of the select list by position; only in ORDER BY and GROUP BY.
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
/// Operands of a comparison have one type; of an arithmetic operation too, its type is the
/// expression's. Integer arithmetic that leaves 64 bits anywhere on its way is OUT_OF_RANGE, never
/// a real; it may leave the 32 bits of an int, but not be stored in such a column. A quotient of
/// integers is cut towards zero when the expression's type is an integer, exact when it is a real.
/// Division by zero and the remainder of it are NULL.
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};
/// AND / OR over any number of operands: chains are flat, however long.
struct Logical {
  bool conjunction;  // true: AND
  std::vector<ExprPtr> operands;
};
/// % stands for any text, _ for one character; case counts. The escape is one character.
struct Like {
  ExprPtr value;
  ExprPtr pattern;
  ExprPtr escape;  // null: none
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
  ExprPtr operand;  // null: CASE WHEN condition
  struct Arm {
    ExprPtr when;
    ExprPtr then;
  };
  std::vector<Arm> arms;
  ExprPtr otherwise;  // null: NULL
};
/// Conversion of the operand to Expr::type, as plan::ConvertValue defines it. A number that does
/// not fit is OUT_OF_RANGE, any other value that cannot be converted INVALID_ARGUMENT.
struct Cast {
  ExprPtr operand;
  std::string hint = {};    // the parsing hint of the column that the value is for
  std::string column = {};  // the name of that column; empty: the value is for none
};
/// The operand's value, unchanged, as a value of Expr::type: the operand's type keeps its values
/// (plan::KeepsValues), is the type of NULL, or differs in the length alone.
struct Widen {
  ExprPtr operand;
};

enum class Function : std::uint8_t {
  kCoalesce,    // of two or more of one type: the first that is not NULL
  kAbs,
  kAbsDay,      // whole days since 1970-01-01
  kAbsMonth,    // year*12 + month-1
  kAbsQuarter,  // year*4 + quarter-1
  kAbsYear,     // the year
  kDate,        // the date part
  kTime,        // the time of day
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
  kStddev,    // of a sample: n-1
  kVariance,  // of a sample: n-1
};
struct Aggregate {
  AggregateFunction function;
  bool distinct = false;
  ExprPtr argument;  // null for kCountRows
};

/// Where an expression was written, for errors: its text, borrowed from the statement's, and its
/// place there. Empty: nowhere.
struct SourceText {
  std::string_view text;
  std::size_t offset = 0;
};

/// The type is fixed when the expression is made, because it decides what a node computes (the
/// target of a Cast, the quotient of integers): a value of another type is another node, a Cast or
/// a Widen, around this one.
struct Expr {
  using Node =
      std::variant<Literal, ColumnRef, ItemRef, Unary, Binary, Logical, Like, Between, InList,
                   InQuery, Exists, ScalarQuery, Case, Cast, Widen, Call, Aggregate>;

  Expr(Node node_value, const Type& its_type) : node(std::move(node_value)), type(its_type) {}

  Node node;
  const Type type;
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
  ExprPtr on;  // null for kCross
};
struct Relation {
  std::variant<BaseTable, DerivedTable, Join> node;
};

struct SelectItem {
  ExprPtr expr;
  std::string name;  // the header
};
/// NULLs come first, with `descending` last.
struct OrderItem {
  ExprPtr expr;  // often an ItemRef
  bool descending = false;
};

struct Select {
  bool distinct = false;
  std::vector<SelectItem> items;
  RelationPtr from;  // null: one row without columns
  ExprPtr where;     // null: none
  std::vector<ExprPtr> group_by;
  ExprPtr having;  // null: none
};
enum class SetOperator : std::uint8_t { kUnion, kUnionAll, kIntersect, kExcept };
struct SetOperation {
  SetOperator op;
  QueryPtr left;
  QueryPtr right;
};
/// Rows of expressions without columns; what an INSERT … VALUES with computed values reads.
struct Values {
  std::vector<std::vector<ExprPtr>> rows;
};

/// Rows, in order, from `offset`, at most `limit` of them. Without `order_by`, a SELECT from one
/// table without grouping gives the rows in the order of their insertion.
struct Query {
  std::variant<Select, SetOperation, Values> body;
  std::vector<OrderItem> order_by;  // of the whole; over a SetOperation only ItemRefs
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
  /// The columns of the result.
  struct Column {
    std::string name;
    Type type;
  };
  std::vector<Column> columns;
};

// ---- Changes of rows ---------------------------------------------------------------------------

/// Literal rows, row by row; texts are borrowed from the statement's text or from `owned`.
struct LiteralRows {
  std::vector<Datum> cells;  // rows × columns
  std::vector<std::unique_ptr<std::string>> owned;
};
/// Rows into `columns` (positions) of `table`; columns not named become their default or NULL. A
/// row whose primary key is there already (NULLs are equal) replaces the one that has it, at its
/// place. Each row of the source counts as inserted. What a query computes becomes a value of the
/// column as by a Cast with the column's parsing hint, after all that the query does with it.
struct Insert {
  TablePtr table;
  std::vector<std::int32_t> columns;
  std::variant<LiteralRows, QueryPtr> source;
};
/// Assignments see the row as it was. `relation` is the table's number in the expressions.
struct Update {
  TablePtr table;
  RelationId relation = 0;
  struct Assignment {
    std::int32_t column = 0;
    ExprPtr value;
  };
  std::vector<Assignment> assignments;
  ExprPtr where;  // null: every row
};
struct Delete {
  TablePtr table;
  RelationId relation = 0;
  ExprPtr where;  // null: every row
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_PLAN_H_
