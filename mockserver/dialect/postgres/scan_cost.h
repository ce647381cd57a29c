// Limits the time of PostgreSQL's lexer, which is quadratic in runs of operator characters.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tql::dialect::postgres {

/// Returns the beginning of the first run of operator characters after which the lexer would have
/// spent more than about 0.1 seconds on runs; nullopt if the text costs less. The lexer rereads
/// runs such as `++++…` and `/*/*/*…` for each token, so ten thousand characters suffice. Also
/// counts characters in strings and comments. Linear.
std::optional<std::size_t> FindCostlyRun(std::string_view text);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
