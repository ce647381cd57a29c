// The plan of a namespace: rules that are matched and counted, and settings.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_PLAN_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_PLAN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/messages.h"
#include "mockserver/testdouble/rule.h"
#include "mockserver/testdouble/rule_index.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::testdouble {

/// The seed of guids and session tokens; nullopt: random ones.
inline std::optional<std::uint64_t> SeedOf(const mockpb::Settings& settings) {
  return settings.has_seed() ? std::optional(settings.seed()) : std::nullopt;
}

/// Strict mode, which a requirement of evidence turns on.
inline mockpb::Settings::Strict StrictOf(const mockpb::Settings& settings) {
  if (settings.has_strict()) return settings.strict();
  return settings.evidence() == mockpb::Settings::INFERRED ? mockpb::Settings::OFF
                                                           : mockpb::Settings::WARN;
}

/// Thread safety: every method may be called from any number of threads. A change takes effect as a
/// whole: Take() sees the plan before it or after it.
class Plan {
 public:
  static constexpr int kMostRules = 10'000;
  static constexpr std::size_t kMaxBytes = 10'000'000;

  /// `defaults` are the settings that no plan has set.
  explicit Plan(mockpb::Settings defaults = {});
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Checks the whole plan before any of it holds. INVALID_ARGUMENT with the path of the field,
  /// e.g. "rule[3].match.like: line 1, column 8: …". Rules without an id get r1, r2, …, by their
  /// position, or the next free number.
  Status Replace(const mockpb::Plan& plan);
  /// Adds the rules after the existing ones. Settings that are set replace the existing ones.
  Status Append(const mockpb::Plan& plan);
  /// Removes the rules and restores the default settings. Returns what Get() would have returned.
  mockpb::Plan Clear();
  /// With ids, `seen` and `fired`.
  mockpb::Plan Get() const;

  struct Use {
    std::shared_ptr<const Rule> rule;
    std::uint64_t seen = 0;   // matches while it was not used up, including the skipped ones
    std::uint64_t fired = 0;  // times that it acted
    /// Whether it acted as often as it may; a rule without a limit, at least once.
    bool used_up() const { return fired >= (rule->times() == 0 ? 1 : rule->times()); }
  };
  std::vector<Use> Uses() const;

  /// The first rule that matches and is not used up, counted as used; nullptr if none. A rule that
  /// skips this match is counted, and the rules after it are tried. Each match of a rule is counted
  /// once, whatever the number of threads. The search ends early when the facts are abandoned.
  /// Without rules it costs one relaxed load.
  std::shared_ptr<const Rule> Take(const Facts& facts) {
    return has_rules_.load(std::memory_order_relaxed) ? TakeFrom(*Current(), facts) : nullptr;
  }
  /// Whether Take() can return a rule.
  bool has_rules() const { return has_rules_.load(std::memory_order_relaxed); }
  /// Never null.
  std::shared_ptr<const mockpb::Settings> settings() const;
  /// Whether a statement that no rule matches fails.
  bool requires_rules() const { return requires_rules_.load(std::memory_order_relaxed); }
  /// Whether rows without an order have another one than that of their insertion.
  bool reorders_rows() const { return reorders_rows_.load(std::memory_order_relaxed); }
  /// Whether there is a strict mode.
  bool is_strict() const { return is_strict_.load(std::memory_order_relaxed); }
  /// Whether the plan has this rule object: a plan that replaces it has others.
  bool Has(const Rule& rule) const;
  /// Increases with each change.
  std::uint64_t version() const { return version_.load(std::memory_order_relaxed); }

  /// The same rules with fresh counters, and the same settings.
  std::unique_ptr<Plan> Fork() const;

 private:
  struct Counted {
    explicit Counted(std::shared_ptr<const Rule> of) : rule(std::move(of)) {}
    std::shared_ptr<const Rule> rule;
    std::atomic<std::uint64_t> seen = 0;
    std::uint64_t fired() const;
    bool UsedUp(std::uint64_t count) const;
    /// Counts a match. Returns whether the rule acts on it.
    bool Take();
  };
  /// Immutable but for the counters, which states share.
  struct State {
    std::shared_ptr<const mockpb::Settings> settings;
    std::vector<std::shared_ptr<Counted>> rules;
    std::shared_ptr<const RuleIndex> index;  // of `rules`; null without rules
    std::size_t bytes = 0;                   // of the messages
    RegexBudget regexes;                     // of the rules
  };
  using StatePtr = std::shared_ptr<const State>;

  static std::shared_ptr<const Rule> TakeFrom(const State& state, const Facts& facts);
  static mockpb::Plan MessageOf(const State& state);
  /// Adds the rules and settings of `plan` to `base`, or returns an error.
  static StatusOr<StatePtr> Compile(const mockpb::Plan& plan, const State& base);
  StatePtr Empty() const;
  StatePtr Current() const;
  void Set(StatePtr state) TQL_REQUIRES(changing_);

  const std::shared_ptr<const mockpb::Settings> defaults_;
  base::Mutex changing_;  // held by a change from its beginning to its end
  mutable base::Mutex mutex_;
  StatePtr state_ TQL_GUARDED_BY(mutex_);  // never null
  std::atomic<bool> has_rules_ = false;
  std::atomic<bool> requires_rules_ = false;
  std::atomic<bool> reorders_rows_ = false;
  std::atomic<bool> is_strict_ = false;
  std::atomic<std::uint64_t> version_ = 0;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_PLAN_H_
