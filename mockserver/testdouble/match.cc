#include "mockserver/testdouble/match.h"

#include <algorithm>
#include <utility>

#include "mockserver/testdouble/match_compiler.h"
#include "mockserver/testdouble/near_names.h"
#include "proto/base/status_macros.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {

void AddDifference(std::string_view part, std::string_view expected, std::string_view found,
                   MatchDifference* out) {
  constexpr std::size_t kPart = 100;  // A part counts more than the distance of texts.
  out->parts.push_back(Copy(part) + ": expected " + base::Excerpt(expected, 3 * kExcerpt) +
                       ", found " + Alternatives({Copy(found)}));
  out->distance +=
      kPart + EditDistance(expected.substr(0, kExcerpt), found.substr(0, kExcerpt), kPart / 2);
}

StatusOr<Matcher> Matcher::Compile(const mockpb::Match& match, std::string_view path, Use use,
                                   RegexBudget& regexes) {
  TQL_ASSIGN_OR_RETURN(MatchCompiler::Result compiled,
                       MatchCompiler(match, path, use, regexes).Compile());
  Matcher matcher;
  matcher.parts_ = std::make_shared<const std::vector<MatchPart>>(std::move(compiled.parts));
  matcher.may_match_ = std::move(compiled.may_match);
  return matcher;
}

bool MayMatch::Includes(const Facts& facts) const {
  if (!calls_and_kinds.Includes(facts) || (text && *text != facts.text_key())) return false;
  return tables.empty() || std::ranges::any_of(facts.table_keys(), [this](std::uint64_t table) {
           return std::ranges::find(tables, table) != tables.end();
         });
}

bool Matcher::Matches(const Facts& facts) const {
  return std::all_of(parts_->begin(), parts_->end(), [&](const MatchPart& part) {
    return (facts.is_statement() || !part.of_statement) && part.matches(facts);
  });
}

MatchDifference Matcher::Differences(const Facts& facts) const {
  MatchDifference difference;
  for (const MatchPart& part : *parts_) {
    if (part.of_statement && !facts.is_statement()) {
      AddDifference(part.name, part.expected, "a call without a statement", &difference);
    } else if (!part.matches(facts)) {
      if (part.explain) {
        part.explain(facts, &difference);
      } else {
        AddDifference(part.name, part.expected, part.found(facts), &difference);
      }
    }
  }
  return difference;
}

}  // namespace tql::testdouble
