// Expressions and queries of the syntax tree.
//
// A chain of operators of one precedence (`a + b - c`, `p AND q AND r`) is one node, however long,
// and so are the terms of a UNION and the joins of a FROM. The depth of a tree is therefore the
// depth of its brackets, which the parser limits (ParseOptions::max_depth), and plain recursion
// over a parsed tree cannot overflow the stack.
#ifndef TQLKIT_MOCKSERVER_DIALECT_AST_EXPR_H_
#define TQLKIT_MOCKSERVER_DIALECT_AST_EXPR_H_

#include <variant>

#include "mockserver/dialect/ast_base.h"

namespace tql::dialect {

struct Expr;
struct Query;

/// A column: 1 to 4 parts, [[[db .] schema .] table .] column.
struct ColumnRef {
  ObjectName name;
  friend bool operator==(const ColumnRef&, const ColumnRef&) = default;
};

enum class UnaryOp : std::uint8_t { kNegate, kNot };

/// `-x` or `NOT x`. `-x` of a number is a Literal instead, see Negated(); `+x` is x.
struct UnaryExpr {
  UnaryOp op = UnaryOp::kNegate;
  Indirect<Expr> operand;
  friend bool operator==(const UnaryExpr&, const UnaryExpr&) = default;
};

enum class BinaryOp : std::uint8_t {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,  // <> and !=
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAdd,
  kSubtract,
  kConcat,  // || binds like + and -
  kMultiply,
  kDivide,
  kModulo,
};

/// The operator as the printer writes it, e.g. "<>", "AND".
std::string_view BinaryOpName(BinaryOp op);

/// operands[0] ops[0] operands[1] ops[1] operands[2] …, evaluated from the left. ops is not empty
/// and has one element less than operands. All operators are of one group: only OR; only AND;
/// exactly one comparison; a mix of + - ||; a mix of * / %.
struct OperatorExpr {
  std::vector<Expr> operands;
  std::vector<BinaryOp> ops;
  friend bool operator==(const OperatorExpr&, const OperatorExpr&) = default;
};

/// name(args), name(DISTINCT args), name(*); `COUNT DISTINCT x` is the same as COUNT(DISTINCT x).
/// The parser accepts any name; the binder resolves it.
struct FunctionCall {
  Name name;
  bool distinct = false;
  bool star = false;  // If set, args is empty.
  std::vector<Expr> args;
  friend bool operator==(const FunctionCall&, const FunctionCall&) = default;
};

/// CAST(operand AS type).
struct CastExpr {
  Indirect<Expr> operand;
  TypeName type;
  friend bool operator==(const CastExpr&, const CastExpr&) = default;
};

/// CASE [operand] {WHEN condition THEN value} [ELSE otherwise] END. conditions and values have the
/// same length, at least 1; operand and otherwise may be empty.
struct CaseExpr {
  Indirect<Expr> operand;
  std::vector<Expr> conditions;
  std::vector<Expr> values;
  Indirect<Expr> otherwise;
  friend bool operator==(const CaseExpr&, const CaseExpr&) = default;
};

/// operand [NOT] IN (list) or operand [NOT] IN (query). Exactly one of list and query is set.
struct InExpr {
  Indirect<Expr> operand;
  bool negated = false;
  std::vector<Expr> list;
  Indirect<Query> query;
  friend bool operator==(const InExpr&, const InExpr&) = default;
};

/// operand [NOT] BETWEEN low AND high.
struct BetweenExpr {
  Indirect<Expr> operand;
  bool negated = false;
  Indirect<Expr> low;
  Indirect<Expr> high;
  friend bool operator==(const BetweenExpr&, const BetweenExpr&) = default;
};

/// operand [NOT] LIKE pattern [ESCAPE escape].
struct LikeExpr {
  Indirect<Expr> operand;
  bool negated = false;
  Indirect<Expr> pattern;
  Indirect<Expr> escape;  // May be empty.
  friend bool operator==(const LikeExpr&, const LikeExpr&) = default;
};

/// operand IS [NOT] NULL.
struct IsNullExpr {
  Indirect<Expr> operand;
  bool negated = false;
  friend bool operator==(const IsNullExpr&, const IsNullExpr&) = default;
};

/// EXISTS (query). NOT EXISTS is a UnaryExpr around it.
struct ExistsExpr {
  Indirect<Query> query;
  friend bool operator==(const ExistsExpr&, const ExistsExpr&) = default;
};

/// (query) as a value.
struct SubqueryExpr {
  Indirect<Query> query;
  friend bool operator==(const SubqueryExpr&, const SubqueryExpr&) = default;
};

struct Expr {
  using Node =
      std::variant<Literal, ColumnRef, UnaryExpr, OperatorExpr, FunctionCall, CastExpr, CaseExpr,
                   InExpr, BetweenExpr, LikeExpr, IsNullExpr, ExistsExpr, SubqueryExpr>;
  Node node;
  SourceRange range;  // Excludes brackets around the expression.

  /// Returns the node as a T, or nullptr if it is of another kind.
  template <typename T>
  const T* as() const {
    return std::get_if<T>(&node);
  }
  template <typename T>
  T* as() {
    return std::get_if<T>(&node);
  }
  friend bool operator==(const Expr&, const Expr&) = default;
};

/// Returns -operand. The sign of a number is changed in its Literal.
Expr Negated(Expr operand);

/// One entry of a select list: an expression with or without an alias, or `*`, or `t.*`.
struct SelectItem {
  /// Empty for a star.
  std::optional<Expr> expr;
  std::optional<Name> alias;
  /// The qualifier before `.*`: 1 to 3 parts, empty for a plain `*`. Unused if expr is set.
  ObjectName star_qualifier;
  SourceRange range;
  bool is_star() const { return !expr.has_value(); }
  friend bool operator==(const SelectItem&, const SelectItem&) = default;
};

/// A table or a derived table, with or without an alias.
struct TableRef {
  ObjectName table;  // Empty when query is set.
  Indirect<Query> query;
  std::optional<Name> alias;
  SourceRange range;
  friend bool operator==(const TableRef&, const TableRef&) = default;
};

enum class JoinKind : std::uint8_t { kInner, kLeft, kRight, kFull, kCross };

struct Join {
  JoinKind kind = JoinKind::kInner;
  TableRef right;
  std::optional<Expr> on;  // Present exactly when kind is not kCross.
  SourceRange range;
  friend bool operator==(const Join&, const Join&) = default;
};

/// A table and the joins applied to it from left to right.
struct FromItem {
  TableRef first;
  std::vector<Join> joins;
  friend bool operator==(const FromItem&, const FromItem&) = default;
};

/// SELECT [TOP n] [DISTINCT] items [INTO …] [FROM …] [WHERE …] [GROUP BY …] [HAVING …].
struct SelectCore {
  std::optional<std::int64_t> top;  // Never negative.
  bool distinct = false;
  std::vector<SelectItem> items;
  std::vector<ObjectName> into;  // Only in the first SELECT of a statement.
  std::vector<FromItem> from;    // Empty: SELECT without FROM.
  std::optional<Expr> where;
  std::vector<Expr> group_by;
  std::optional<Expr> having;
  SourceRange range;
  friend bool operator==(const SelectCore&, const SelectCore&) = default;
};

enum class SetOp : std::uint8_t { kUnion, kUnionAll, kIntersect, kExcept };

/// One operand of a set operation: a SELECT, or a query in brackets. Exactly one is set.
struct QueryTerm {
  Indirect<SelectCore> select;
  Indirect<Query> query;
  friend bool operator==(const QueryTerm&, const QueryTerm&) = default;
};

struct OrderItem {
  Expr expr;
  bool descending = false;
  friend bool operator==(const OrderItem&, const OrderItem&) = default;
};

/// terms[0] ops[0] terms[1] …, evaluated from the left, then ORDER BY and LIMIT. INTERSECT binds
/// tighter: either all ops of a Query are kIntersect or none is. An INTERSECT among other
/// operations is a nested Query, as if in brackets. A plain SELECT has one term.
struct Query {
  std::vector<QueryTerm> terms;
  std::vector<SetOp> ops;
  std::vector<OrderItem> order_by;
  std::optional<std::int64_t> limit;  // Never negative.
  SourceRange range;

  /// Returns the SELECT of a query without set operations and outer brackets, else nullptr.
  const SelectCore* simple() const { return terms.size() == 1 ? terms[0].select.get() : nullptr; }
  friend bool operator==(const Query&, const Query&) = default;
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_AST_EXPR_H_
