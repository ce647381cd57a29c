// Limits the time of PostgreSQL's lexer, which is quadratic in runs of operator characters.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tql::dialect::postgres {

/// Returns where the run of operator characters begins with which the text would cost the lexer
/// more than some 0.1 seconds. It rereads runs such as `++++…` and `/*/*/*…` for each token; some
/// ten thousand characters suffice. Counts strings and comments as well. Linear.
std::optional<std::size_t> FindCostlyRun(std::string_view text);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
