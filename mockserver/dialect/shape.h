// Statements without their constants, to compare and to group statements.
#ifndef TQLKIT_MOCKSERVER_DIALECT_SHAPE_H_
#define TQLKIT_MOCKSERVER_DIALECT_SHAPE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

inline constexpr std::size_t kMaxShapeBytes = std::size_t{256} << 10U;

struct Shape {
  /// The statement as Print() writes it, with ? for each constant and with names in lower case, in
  /// quotes only where necessary: `SELECT a FROM t WHERE b = ? LIMIT ?`. Two statements that differ
  /// only in constants have equal texts, because names are found without regard to case and quotes.
  std::string text;
  /// The constants in the order of the ?s: literals, and numbers such as that of LIMIT.
  std::vector<Literal> literals;
  /// The text was cut to kMaxShapeBytes.
  bool truncated = false;
};

Shape ShapeOf(const Statement& statement);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_SHAPE_H_
