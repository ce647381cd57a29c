#include "mockserver/testdouble/table_glob.h"

#include <algorithm>
#include <array>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "mockserver/testdouble/checks.h"
#include "proto/base/text.h"

namespace tql::testdouble {
namespace {

constexpr std::size_t kMostParts = 3;

/// Whether `name` is matched by `lower`, in which * stands for any text. Backtracks to the last *
/// only, which suffices; takes at most the product of the lengths.
bool MatchesStars(std::string_view name, std::string_view lower) {
  std::size_t at = 0;
  std::size_t next = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (at < name.size()) {
    if (next < lower.size() && lower[next] == '*') {
      star = next++;
      resume = at;
    } else if (next < lower.size() && base::ToLower(name[at]) == lower[next]) {
      ++at;
      ++next;
    } else if (star != std::string_view::npos) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return lower.find_first_not_of('*', next) == std::string_view::npos;
}

}  // namespace

StatusOr<TableGlob> TableGlob::Compile(std::string_view pattern, std::string_view path) {
  constexpr std::string_view kExpected =
      "expected t, schema.t or database.schema.t, with names in quotes (\"a.b\") or *";
  if (Status status = CheckLength(pattern, path, 1024); !status.ok()) return status;
  TableGlob glob;
  glob.pattern_ = pattern;
  std::string_view rest = pattern;
  for (;;) {
    Part& part = glob.parts_.emplace_back();
    part.quoted = rest.starts_with('"');
    std::size_t end = std::min(rest.find('.'), rest.size());
    if (part.quoted) {
      end = 1;
      while (end < rest.size() && (rest[end] != '"' || rest.substr(end, 2) == "\"\"")) {
        end += rest[end] == '"' ? 2 : 1;
      }
      if (end++ >= rest.size()) return ErrorAt(path, "the quoted name has no closing \"");
    }
    const std::string_view text = rest.substr(0, end);
    part.lower = base::Lower(part.quoted ? dialect::Unquote(text) : std::string(text));
    rest.remove_prefix(end);
    if (part.lower.empty()) return ErrorAt(path, "found an empty name, " + std::string(kExpected));
    if (!part.quoted && text.find_first_of("\"' \t\n") != std::string_view::npos) {
      return ErrorAt(path, "found '" + std::string(text) + "', " + std::string(kExpected));
    }
    if (rest.empty()) break;
    if (rest.front() != '.' || glob.parts_.size() == kMostParts) {
      return ErrorAt(path, "found '" + std::string(pattern) + "', " + std::string(kExpected));
    }
    rest.remove_prefix(1);
  }
  std::reverse(glob.parts_.begin(), glob.parts_.end());
  return glob;
}

bool TableGlob::Part::Matches(std::string_view name) const {
  if (has_star()) return MatchesStars(name, lower);
  return base::EqualsIgnoreCase(name, lower);
}

bool TableGlob::Matches(const TableName& table) const {
  const std::array<const std::string*, kMostParts> names = {&table.table, &table.schema,
                                                            &table.database};
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].Matches(*names[i])) return false;
  }
  return true;
}

std::optional<std::uint64_t> TableGlob::table_key() const {
  if (parts_.front().has_star()) return std::nullopt;
  return TableKey(parts_.front().lower);
}

std::string LastParts(const TableName& table, std::size_t parts) {
  if (parts == 1) return table.table;
  if (parts == 2) return table.schema + "." + table.table;
  return table.ToString();
}

}  // namespace tql::testdouble
