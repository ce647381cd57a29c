// Translates plans into SQLite's SQL. Names are made from ids and constants are parameters: no text
// of a user becomes part of the SQL, and statements that differ in constants only have the same
// SQL.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/absent_tables.h"
#include "mockserver/storage/sqlite/checked_expr.h"
#include "mockserver/storage/sqlite/table_versions.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// A statement and the values of its parameters ?1, ?2, …; texts are views of the plan.
struct PrintedSql {
  std::string text;
  std::vector<values::Datum> parameters;
  std::vector<TableVersion> tables;  // The tables it reads, in the versions known to the plan.
  AbsentTables absent;               // Those of them that it treats as empty.
  std::vector<CheckedExpr> checked;  // The expressions that errors of its functions refer to.
};

/// An UPDATE as one statement. If `through_scratch`, it is instead a statement that writes the
/// rowid and all columns of the changed rows to the scratch table, because an UPDATE in place would
/// read rows that it has changed already.
struct PrintedUpdate {
  PrintedSql sql;
  bool through_scratch = false;
};

// Return INVALID_ARGUMENT for a plan nested deeper than SQLite can parse, INTERNAL for a plan with
// invalid references.
StatusOr<PrintedSql> PrintQuery(const plan::Query& query, const AbsentTables& absent);
StatusOr<PrintedSql> PrintCount(const plan::Query& query, const AbsentTables& absent);
/// For literal rows, inserts one row: its cells are the first parameters, defaults the others.
StatusOr<PrintedSql> PrintInsert(const plan::Insert& insert, const AbsentTables& absent);
StatusOr<PrintedUpdate> PrintUpdate(const plan::Update& update, const AbsentTables& absent);
StatusOr<PrintedSql> PrintDelete(const plan::Delete& del, const AbsentTables& absent);

/// The type that a value computed as `type` may actually have: floats and ints are computed in 64
/// bits.
constexpr values::TypeKind Computed(values::TypeKind type) {
  return type == values::TypeKind::kFloat ? values::TypeKind::kDouble
         : type == values::TypeKind::kInt ? values::TypeKind::kBigInt
                                          : type;
}

/// The printer of one statement. Each method appends to the text; the first error is kept.
class SqlPrinter {
 public:
  /// How tightly an expression binds, in the order of SQLite's precedence.
  enum class Level : std::uint8_t {
    kAny,
    kOr,
    kAnd,
    kNot,
    kEquality,
    kComparison,
    kSum,
    kProduct,
    kConcat,
    kUnary,
    kPrimary,
  };
  enum class RowOrder : std::uint8_t { kFree, kAsInserted };

  explicit SqlPrinter(const AbsentTables& absent) { sql_.absent = absent; }

  void Query(const plan::Query& query, RowOrder order);
  void InsertRow(const plan::Insert& insert);
  void InsertQuery(const plan::Insert& insert, const plan::Query& source);
  /// Returns whether the statement fills the scratch table; see PrintedUpdate.
  bool Update(const plan::Update& update);
  void Delete(const plan::Delete& del);

  void Raw(std::string_view text) { sql_.text += text; }
  /// Returns the statement and leaves the printer empty.
  StatusOr<PrintedSql> Take();

 private:
  // Queries.
  void Body(const plan::Query& query);
  void SelectBody(const plan::Select& select);
  void SetOperationBody(const plan::Query& query);
  void Operand(const plan::Query& query);
  void ValuesBody(const plan::Values& values);
  void SortKey(const plan::Expr& expr);
  void OrderBy(const std::vector<plan::OrderItem>& items);
  void Limit(const plan::Query& query);
  // FROM.
  void Introduce(const plan::Relation& relation);
  void FromClause(const plan::Relation& from);
  void From(const plan::Relation& relation);
  void Table(const plan::TableDef& table);
  void JoinedWith(const plan::Join& join);
  void JoinCondition(const plan::Expr& condition, const plan::Relation& right);
  void RowOf(const plan::Relation& relation);

  // Expressions. `checked`: an enclosing tql_integer() already detects an integer overflow in it.
  void Expr(const plan::Expr& expr, Level at_least, bool checked = false);
  void Node(const plan::Literal& literal, const plan::Expr&, bool);
  void Node(const plan::ColumnRef& column, const plan::Expr&, bool);
  void Node(const plan::ItemRef& item, const plan::Expr&, bool);
  void Node(const plan::Unary& unary, const plan::Expr&, bool checked);
  void Node(const plan::Binary& binary, const plan::Expr&, bool checked);
  void Node(const plan::Logical& logical, const plan::Expr&, bool);
  void Node(const plan::Like& like, const plan::Expr&, bool);
  void Node(const plan::Between& between, const plan::Expr&, bool);
  void Node(const plan::InList& in, const plan::Expr&, bool);
  void Node(const plan::InQuery& in, const plan::Expr&, bool);
  void Node(const plan::Exists& exists, const plan::Expr&, bool);
  void Node(const plan::ScalarQuery& scalar, const plan::Expr&, bool);
  void Node(const plan::Case& choice, const plan::Expr&, bool);
  void Node(const plan::Cast& cast, const plan::Expr& expr, bool checked);
  void Node(const plan::Widen& widen, const plan::Expr&, bool checked);
  void Node(const plan::Call& call, const plan::Expr& expr, bool);
  void Node(const plan::Aggregate& aggregate, const plan::Expr&, bool);
  Level LevelOf(const plan::Expr& expr) const;
  void Concatenation(const plan::Binary& last);
  void Concatenated(std::span<const plan::Expr* const> operands);  // Two or more.
  void Operands(const plan::Logical& logical, std::size_t begin, std::size_t end);
  void List(const std::vector<plan::ExprPtr>& list);
  void ConstantList(const std::vector<plan::ExprPtr>& list);  // Of IN and VALUES.
  void SubQuery(const plan::QueryPtr& query);
  /// An upper bound of the bits needed for the absolute value of an integer expression.
  int BitsOf(const plan::Expr& expr, int depth = 0) const;
  bool NeedsCheck(const plan::Expr& expr) const;
  /// Whether the expression's value can be stored unchanged in a column of that type.
  bool Fits(const plan::Expr& expr, values::TypeKind column) const;
  void Stored(const plan::Expr& expr, const plan::ColumnDef& column);
  /// ConvertBegin() and ConvertEnd() enclose a value to be converted; `hint` is as in plan::Cast.
  void ConvertBegin(values::TypeKind from, values::TypeKind to);
  void ConvertEnd(values::TypeKind from, values::TypeKind to, CheckedExpr checked,
                  std::string_view hint);
  /// How errors name the value of the expression, or `column`, if not empty, which receives it.
  CheckedExpr Described(const plan::Expr& expr, std::string_view column = {}) const;
  void CheckNumber(CheckedExpr checked);  // Appends its number in the statement.

  /// SQLite's limit for the depth of expressions. A nested query counts as kQueryDepth levels.
  static constexpr int kDeepest = 1000;
  static constexpr int kQueryDepth = 20;
  void FailDepth() { Fail(InvalidArgumentError("the statement is nested too deeply")); }

  // Pieces.
  void Number(std::int64_t number) { sql_.text += std::to_string(number); }
  void Parameter(const values::Datum& value);
  void Inline(const values::Datum& value);
  void ColumnName(const plan::TableDef& table, std::int32_t column);
  void InsertHead(const plan::Insert& insert, const std::vector<std::int32_t>& defaults);
  void Fail(Status status) {
    if (status_.ok()) status_ = std::move(status);
  }

  PrintedSql sql_;
  Status status_;
  int depth_ = 0;
  bool has_aggregate_ = false;  // Whether the SELECT being printed has an aggregate.
  bool has_query_ = false;      // Whether a sub-query was printed.
  bool in_list_ = false;        // Whether a ConstantList is being printed.
  /// The relations of the FROM being printed, if it has a RIGHT or FULL JOIN; otherwise empty.
  std::set<plan::RelationId> from_;
  /// While a term of a join condition is printed: the relations of its FROM, and whether the term
  /// refers to a column of one of them.
  std::set<plan::RelationId> watched_;
  bool reads_row_ = false;
  bool apart_ = false;  // Whether SQLite must not flatten queries in the FROM being printed.
  std::map<std::string, int> known_;                                       // Parameters by value.
  std::unordered_map<plan::RelationId, const plan::TableDef*> relations_;  // Null: derived table.
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
