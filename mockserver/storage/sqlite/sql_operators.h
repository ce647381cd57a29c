// SQLite's operators: their texts and their precedence.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OPERATORS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OPERATORS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mockserver/plan/plan.h"

namespace tql::storage::sqlite {

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

constexpr Level Above(Level level) { return static_cast<Level>(static_cast<int>(level) + 1); }

/// The most conditions that SQLite's planner may see, whose time is quadratic in their number.
/// Larger ones are hidden behind a unary plus.
inline constexpr std::size_t kMaxPlanned = 256;

std::string_view TextOf(plan::BinaryOp op);  // With spaces around it.
Level LevelOf(plan::BinaryOp op);
/// The level of the expression as AppendExpr() prints it.
Level LevelOf(const plan::Expr& expr);

/// A negation that is printed as a multiplication by -1.0.
bool IsRealNegation(const plan::Unary& unary);
/// A remainder that is printed as a call of mod().
bool IsRealModulo(const plan::Binary& binary);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_OPERATORS_H_
