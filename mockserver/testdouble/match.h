// Selects calls and statements: a Match message, checked and compiled.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/messages.h"
#include "tql/status.h"

namespace tql::testdouble {

/// Sets of calls and of kinds of statements. Each bit stands for what the functions ..._bit() of
/// Facts return it for.
struct CallsAndKinds {
  std::uint32_t calls = ~std::uint32_t{0};
  std::uint64_t kinds = ~std::uint64_t{0};
  bool Includes(const Facts& facts) const {
    constexpr std::uint64_t kAny = ~std::uint64_t{0};  // needs no look at the statement
    return (calls & facts.call_bit()) != 0 && (kinds == kAny || (kinds & facts.kind_bit()) != 0);
  }
};

/// A superset of what a Matcher matches, to pass by most rules of a plan.
struct MayMatch {
  CallsAndKinds calls_and_kinds;
  /// TableKey() of tables, one of which the statement has; empty: it may have any or none.
  std::vector<std::uint64_t> tables;
  /// TextKey() of the text.
  std::optional<std::uint64_t> text;
  bool Includes(const Facts& facts) const;
};

struct MatchDifference {
  std::vector<std::string> parts;  // "table: expected sale, found sales", one for each part
  std::size_t distance = 0;        // to rank near misses: 0 for a match; the smaller, the nearer
};

struct MatchPart;

/// Immutable, thus usable from any number of threads. A copy shares the compiled parts.
class Matcher {
 public:
  enum class Use : std::uint8_t {
    kRule,     // before the call: `outcome`, `error` and `rule` are errors
    kJournal,  // afterwards: `header` is an error, because the journal keeps no headers
  };
  /// INVALID_ARGUMENT with the path of the field, e.g. for the path "rule[3].match":
  ///   rule[3].match.like: line 1, column 8: found …
  /// Its regular expressions are counted in `regexes`.
  static StatusOr<Matcher> Compile(const mockpb::Match& match, std::string_view path, Use use,
                                   RegexBudget& regexes);

  /// Whether all parts match. Parts that look at the statement match calls without one never.
  bool Matches(const Facts& facts) const;

  using Difference = MatchDifference;
  Difference Differences(const Facts& facts) const;

  const MayMatch& may_match() const { return may_match_; }

 private:
  std::shared_ptr<const std::vector<MatchPart>> parts_;  // the cheap ones first
  MayMatch may_match_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_
