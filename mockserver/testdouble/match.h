// Selects calls and statements: a Match message, checked and compiled.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/messages.h"
#include "tql/status.h"

namespace tql::testdouble {

/// Immutable, thus usable from any number of threads. A copy shares the compiled parts.
class Matcher {
 public:
  enum class Use : std::uint8_t {
    kRule,     // before the call: `outcome`, `error` and `rule` are errors
    kJournal,  // afterwards: `header` is an error, because the journal keeps no headers
  };
  /// INVALID_ARGUMENT with the path of the field, e.g. for the path "rule[3].match":
  ///   rule[3].match.like: line 1, column 8: found …
  static StatusOr<Matcher> Compile(const mockpb::Match& match, std::string_view path, Use use);

  /// Whether all parts match. Parts that look at the statement match calls without one never.
  bool Matches(const Facts& facts) const;

  struct Difference {
    std::vector<std::string> parts;  // "table: expected sale, found sales", one for each part
    std::size_t distance = 0;        // to rank near misses: 0 for a match; the smaller, the nearer
  };
  Difference Differences(const Facts& facts) const;

  /// The calls and kinds of a superset of what matches, for an index of rules. One test of both
  /// costs almost nothing: see Facts::call_bit() and Facts::kind_bit().
  std::uint32_t calls() const { return calls_; }
  std::uint64_t kinds() const { return kinds_; }

 private:
  /// One condition.
  struct Part {
    std::string name;           // as in the message, e.g. "kind"
    std::string expected = {};  // for messages
    std::function<bool(const Facts&)> matches;
    std::function<std::string(const Facts&)> found = nullptr;
    bool of_statement = false;
    /// Instead of `expected` and `found`. May be null.
    std::function<void(const Facts&, Difference*)> explain = nullptr;
  };
  class Compiler;

  std::shared_ptr<const std::vector<Part>> parts_;  // the cheap ones first
  std::uint32_t calls_ = ~std::uint32_t{0};
  std::uint64_t kinds_ = ~std::uint64_t{0};
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_MATCH_H_
