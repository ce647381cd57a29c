// Limits the depth of PostgreSQL's parse tree before it is built, because the functions of
// libpg_query that build and print it are recursive and do not check the stack.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_

#include <cstddef>
#include <optional>
#include <string>

#include "mockserver/dialect/postgres/tokens.h"

namespace tql::dialect::postgres {

/// The longest chain of operators. PostgreSQL nests chains: `a + b + c` is (a + b) + c, and chains
/// of UNION and JOIN nest likewise. A tree of this depth needs less than 1 MiB of stack.
inline constexpr std::size_t kMaxChain = 5000;

struct DepthExcess {
  std::string message;
  std::size_t offset = 0;
};

/// Finds where brackets nest deeper than `max_brackets`, or where operators, joins and set
/// operations may make the tree deeper than kMaxChain. Commas, AND and OR form lists and do not
/// nest. Every other token counts as an operator: the limit may be too strict but is never too lax.
/// Linear.
std::optional<DepthExcess> FindDepthExcess(const Tokens& tokens, int max_brackets);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_DEPTH_H_
