// Bounds the depth of PostgreSQL's parse tree before there is one: the functions of libpg_query
// that build and print it are recursive and do not look at the stack.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_

#include <cstddef>
#include <optional>
#include <string>

#include "mockserver/dialect/postgres/tokens.h"

namespace tql::dialect::postgres {

/// Chains are nesting to PostgreSQL: `a + b + c` is (a + b) + c, and so are UNION and JOIN. A tree
/// of this depth needs less than 1 MiB of stack.
inline constexpr std::size_t kMaxChain = 5000;

struct DepthExcess {
  std::string message;
  std::size_t offset = 0;
};

/// Whether brackets nest more than `max_brackets` deep, or whether operators, joins and set
/// operations could make the tree deeper than that and kMaxChain. What only lists (commas, AND, OR)
/// is no nesting. Any token counts as an operator: it may be too strict, never too lax. Linear.
std::optional<DepthExcess> FindDepthExcess(const Tokens& tokens, int max_brackets);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_
