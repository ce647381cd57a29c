#include "mockserver/dialect/postgres/scan_cost.h"

#include <algorithm>

namespace tql::dialect::postgres {
namespace {

constexpr std::string_view kOperatorCharacters = "~!@#^&|`?+-*/%<>=";
constexpr std::size_t kMaxCost = 100'000'000;  // Characters examined.

// The most tokens that the lexer may make of a run. For each, it reads the rest of the run and then
// puts back the trailing sign, or everything from the beginning of a comment on.
std::size_t TokensOf(std::string_view run) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const bool comment = run[i] == '/' && i + 1 < run.size() && run[i + 1] == '*';
    if (run[i] == '+' || run[i] == '-' || comment) ++count;
  }
  return count;
}

}  // namespace

std::optional<std::size_t> FindCostlyRun(std::string_view text) {
  std::size_t cost = 0;
  for (std::size_t end = 0;;) {
    const std::size_t begin = text.find_first_of(kOperatorCharacters, end);
    if (begin == std::string_view::npos) return std::nullopt;
    end = std::min(text.find_first_not_of(kOperatorCharacters, begin), text.size());
    const std::string_view run = text.substr(begin, end - begin);
    cost += TokensOf(run) * run.size();
    if (cost > kMaxCost) return begin;
  }
}

}  // namespace tql::dialect::postgres
