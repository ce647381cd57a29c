// Random syntax trees of all statements and expressions that the parser can produce.
#ifndef TQLKIT_TESTS_MOCKSERVER_DIALECT_RANDOM_AST_H_
#define TQLKIT_TESTS_MOCKSERVER_DIALECT_RANDOM_AST_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// The same seed yields the same trees on every machine. Omits trees that the parser never
/// produces: a negated non-negative number, and a bracketed query within brackets as a value.
class RandomAst {
 public:
  explicit RandomAst(std::uint32_t seed) : random_(seed) {}

  /// `depth` is the maximum nesting of expressions and queries.
  Statement MakeStatement(StatementKind kind, int depth);
  Expr MakeExpr(int depth);

 private:
  /// A number below `count`, and an event with probability 1 / `count`.
  std::size_t Below(std::size_t count) { return random_() % count; }
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  template <typename T, std::size_t N>
  T Pick(const T (&items)[N]) {
    return items[Below(N)];
  }
  /// `least` to `least` + 2 elements, each created by `make`.
  template <typename Make>
  auto Some(std::size_t least, Make make) {
    std::vector<decltype(make())> items;
    for (std::size_t count = least + Below(3); items.size() < count;) items.push_back(make());
    return items;
  }
  template <typename Make>
  auto Maybe(Make make) {
    std::optional<decltype(make())> made;
    if (OneIn(2)) made = make();
    return made;
  }

  // Leaves.
  Name MakeName();
  std::vector<Name> MakeNames(std::size_t least = 1);
  ObjectName MakeObject(std::size_t max_parts);
  TypeName MakeType();
  Literal MakeLiteral();
  std::int64_t MakeCount();

  // Expressions and queries.
  Expr MakeLeaf();
  Expr MakeOperators(int depth);
  Expr MakeUnary(int depth);
  Expr MakeCall(int depth);
  Expr MakeCase(int depth);
  Expr MakeIn(int depth);
  Expr MakeTest(int depth);
  /// `alone`: whether the query may consist of a bracketed query only.
  Query MakeQuery(int depth, bool into_allowed, bool alone);
  SelectCore MakeCore(int depth, bool into_allowed);
  SelectItem MakeItem(int depth);
  TableRef MakeTableRef(int depth);
  FromItem MakeFrom(int depth);

  // Statements.
  Statement::Node MakeLook(StatementKind kind);
  Statement::Node MakeDdl(StatementKind kind, int depth);
  Statement::Node MakeRows(StatementKind kind, int depth);
  Insert MakeInsert(int depth);
  ColumnDef MakeColumn();
  TableConstraint MakeConstraint(int depth);
  Partition MakePartition();
  AlterAction MakeAction(int depth);

  std::mt19937 random_;
};

}  // namespace tql::dialect

#endif  // TQLKIT_TESTS_MOCKSERVER_DIALECT_RANDOM_AST_H_
