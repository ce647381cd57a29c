// Bounds the time that PostgreSQL's lexer takes: it is quadratic in runs of certain characters.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace tql::dialect::postgres {

/// Where a run of operator characters begins that would cost the lexer more than some 0.1 seconds,
/// together with those before it: `++++…` and `/*/*/*…`, which it reads again and again, some ten
/// thousand characters of them. Strings and comments count, too. Linear.
std::optional<std::size_t> FindCostlyRun(std::string_view text);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_SCAN_COST_H_
