#include "mockserver/testdouble/plan.h"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>

#include "proto/base/status_macros.h"

namespace tql::testdouble {
namespace {

Status CheckSettings(const mockpb::Settings& settings) {
  const struct {
    int value;
    const google::protobuf::EnumDescriptor* type;
    const char* path;
  } enums[] = {
      {settings.unmatched(), mockpb::Settings::Unmatched_descriptor(), "settings.unmatched"},
      {settings.unordered_rows(), mockpb::Settings::Rows_descriptor(), "settings.unordered_rows"},
      {settings.strict(), mockpb::Settings::Strict_descriptor(), "settings.strict"},
      {settings.evidence(), mockpb::Settings::Evidence_descriptor(), "settings.evidence"},
  };
  for (const auto& e : enums) TQL_RETURN_IF_ERROR(CheckEnum(e.value, *e.type, e.path));
  return Status();
}

/// Gives ids to the rules without one. `ids` are those of the rules before.
Status AssignIds(std::unordered_set<std::string> ids,
                 google::protobuf::RepeatedPtrField<mockpb::Rule>* rules) {
  std::size_t number = ids.size();
  for (int i = 0; i < rules->size(); ++i) {
    const std::string& id = (*rules)[i].id();
    if (!id.empty() && !ids.insert(id).second) {
      return ErrorAt(Element("rule", i) + ".id", "another rule has the id '" + id + "'");
    }
  }
  for (mockpb::Rule& rule : *rules) {
    ++number;
    if (!rule.id().empty()) continue;
    std::size_t free = number;
    while (!ids.insert("r" + std::to_string(free)).second) ++free;
    rule.set_id("r" + std::to_string(free));
  }
  return Status();
}

std::uint32_t Clamped(std::uint64_t count) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(count, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::uint64_t Plan::Counted::fired() const {
  const std::uint64_t matches = seen.load(std::memory_order_relaxed);
  return matches > rule->skip() ? matches - rule->skip() : 0;
}

bool Plan::Counted::UsedUp(std::uint64_t count) const {
  return rule->times() != 0 && count >= rule->skip() + rule->times();
}

bool Plan::Counted::Take() {
  std::uint64_t count = seen.load(std::memory_order_relaxed);
  do {
    if (UsedUp(count)) return false;
  } while (!seen.compare_exchange_weak(count, count + 1, std::memory_order_relaxed));
  return count >= rule->skip();
}

Plan::Plan(mockpb::Settings defaults)
    : defaults_(std::make_shared<const mockpb::Settings>(std::move(defaults))), state_(Empty()) {
  Set(state_);
}

Plan::StatePtr Plan::Empty() const {
  auto state = std::make_shared<State>();
  state->settings = defaults_;
  return state;
}

Plan::StatePtr Plan::Current() const {
  const base::MutexLock lock(mutex_);
  return state_;
}

void Plan::Set(StatePtr state) {
  const bool has_rules = !state->rules.empty();
  const bool requires_rules = state->settings->unmatched() == mockpb::Settings::FAIL;
  const bool reorders_rows = state->settings->unordered_rows() != mockpb::Settings::INSERTION;
  const bool is_strict = StrictOf(*state->settings) != mockpb::Settings::OFF;
  const base::MutexLock lock(mutex_);
  state_.swap(state);
  has_rules_.store(has_rules, std::memory_order_relaxed);
  requires_rules_.store(requires_rules, std::memory_order_relaxed);
  reorders_rows_.store(reorders_rows, std::memory_order_relaxed);
  is_strict_.store(is_strict, std::memory_order_relaxed);
  version_.fetch_add(1, std::memory_order_relaxed);
}

StatusOr<Plan::StatePtr> Plan::Compile(const mockpb::Plan& plan, const State& base) {
  const std::size_t count = base.rules.size() + static_cast<std::size_t>(plan.rule_size());
  if (count > kMostRules) {
    return ErrorAt("rule", "found " + std::to_string(count) + " rules, expected at most " +
                               std::to_string(kMostRules));
  }
  if (const std::size_t bytes = base.bytes + plan.ByteSizeLong(); bytes > kMaxBytes) {
    return ErrorAt("rule", "found a plan of " + std::to_string(bytes) +
                               " bytes, expected at most " + std::to_string(kMaxBytes));
  }
  TQL_RETURN_IF_ERROR(CheckSettings(plan.settings()));
  auto rules = plan.rule();
  std::unordered_set<std::string> ids;
  for (const auto& rule : base.rules) ids.insert(rule->rule->id());
  TQL_RETURN_IF_ERROR(AssignIds(std::move(ids), &rules));
  auto state = std::make_shared<State>(base);
  if (plan.has_settings()) {
    auto settings = std::make_shared<mockpb::Settings>(*base.settings);
    settings->MergeFrom(plan.settings());
    state->settings = std::move(settings);
  }
  for (int i = 0; i < rules.size(); ++i) {
    TQL_ASSIGN_OR_RETURN(Rule rule, Rule::Compile(rules[i], Element("rule", i), state->regexes));
    state->bytes += rule.message().ByteSizeLong();
    state->rules.push_back(
        std::make_shared<Counted>(std::make_shared<const Rule>(std::move(rule))));
  }
  std::vector<const MayMatch*> may_match;
  for (const auto& rule : state->rules) may_match.push_back(&rule->rule->matcher().may_match());
  state->index = std::make_shared<const RuleIndex>(may_match);
  return StatePtr(std::move(state));
}

Status Plan::Replace(const mockpb::Plan& plan) {
  const base::MutexLock lock(changing_);
  TQL_ASSIGN_OR_RETURN(StatePtr state, Compile(plan, *Empty()));
  Set(std::move(state));
  return Status();
}

Status Plan::Append(const mockpb::Plan& plan) {
  const base::MutexLock lock(changing_);
  TQL_ASSIGN_OR_RETURN(StatePtr state, Compile(plan, *Current()));
  Set(std::move(state));
  return Status();
}

mockpb::Plan Plan::Clear() {
  const base::MutexLock lock(changing_);
  const StatePtr before = Current();
  Set(Empty());
  return MessageOf(*before);
}

mockpb::Plan Plan::Get() const { return MessageOf(*Current()); }

mockpb::Plan Plan::MessageOf(const State& state) {
  mockpb::Plan plan;
  *plan.mutable_settings() = *state.settings;
  for (const auto& counted : state.rules) {
    mockpb::Rule& rule = *plan.add_rule();
    rule = counted->rule->message();
    rule.set_seen(Clamped(counted->seen.load(std::memory_order_relaxed)));
    rule.set_fired(Clamped(counted->fired()));
  }
  return plan;
}

bool Plan::Has(const Rule& rule) const {
  const StatePtr state = Current();
  return std::ranges::any_of(state->rules,
                             [&](const auto& counted) { return counted->rule.get() == &rule; });
}

std::vector<Plan::Use> Plan::Uses() const {
  const StatePtr state = Current();
  std::vector<Use> uses;
  uses.reserve(state->rules.size());
  for (const auto& counted : state->rules) {
    uses.push_back({.rule = counted->rule,
                    .seen = counted->seen.load(std::memory_order_relaxed),
                    .fired = counted->fired()});
  }
  return uses;
}

// What the rules look at is computed once for the statement, when the first rule asks for it.
std::shared_ptr<const Rule> Plan::TakeFrom(const State& state, const Facts& facts) {
  constexpr std::size_t kPeriod = 16;  // an expensive rule takes milliseconds for a long text
  if (!state.index) return nullptr;
  std::shared_ptr<const Rule> taken;
  std::size_t compared = 0;
  state.index->Visit(facts, [&](std::size_t i) {
    Counted& counted = *state.rules[i];
    if (counted.UsedUp(counted.seen.load(std::memory_order_relaxed))) return true;
    if (counted.rule->matcher().Matches(facts) && counted.Take()) {
      taken = counted.rule;
      return false;
    }
    return ++compared % kPeriod != 0 || !facts.abandoned || !facts.abandoned();
  });
  return taken;
}

std::shared_ptr<const mockpb::Settings> Plan::settings() const { return Current()->settings; }

std::unique_ptr<Plan> Plan::Fork() const {
  auto fork = std::make_unique<Plan>(*defaults_);
  const StatePtr current = Current();
  auto state = std::make_shared<State>();
  state->settings = current->settings;
  state->index = current->index;
  state->bytes = current->bytes;
  state->regexes = current->regexes;
  for (const auto& counted : current->rules) {
    state->rules.push_back(std::make_shared<Counted>(counted->rule));
  }
  const base::MutexLock lock(fork->changing_);
  fork->Set(std::move(state));
  return fork;
}

}  // namespace tql::testdouble
