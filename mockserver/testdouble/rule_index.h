// Finds the rules of a plan that may match a call without a look at each of them.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_INDEX_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/match.h"

namespace tql::testdouble {

/// The rules by what they require: those that require one text, those that require one of some
/// tables, and the others. Rules of other tables cost a statement one look-up, however many there
/// are. Immutable.
class RuleIndex {
 public:
  RuleIndex() = default;
  /// Of the rules that have these supersets of what they match.
  explicit RuleIndex(std::span<const MayMatch* const> rules);

  /// Calls `visit` with the positions of the rules that may match, in increasing order, until it
  /// returns false.
  void Visit(const Facts& facts, const std::function<bool(std::size_t rule)>& visit) const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t rule = 0;
    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  /// Some of the rules, and what any of them may match.
  struct Group {
    CallsAndKinds any{.calls = 0, .kinds = 0};
    std::vector<Entry> entries;  // sorted
    void Add(std::uint64_t key, std::size_t rule, const CallsAndKinds& may_match);
    std::span<const Entry> Find(std::uint64_t key) const;
  };

  std::vector<CallsAndKinds> rules_;
  Group by_text_;
  Group by_table_;
  Group others_;  // with the key 0
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_INDEX_H_
