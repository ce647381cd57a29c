#include "mockserver/testdouble/rule.h"

#include <optional>
#include <utility>

#include "proto/base/status_macros.h"

namespace tql::testdouble {
namespace {

using mockpb::Action;

constexpr int kMostActions = 100;

/// Whether the statement runs: as the actions say that set `run`, else as is usual for them.
StatusOr<bool> Runs(const std::vector<RuleAction>& actions, const std::string& path) {
  std::optional<bool> chosen;
  std::string chosen_at;
  bool answered = false;  // by an action, instead of by the statement
  bool ended = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Action& action = actions[i].message;
    const std::string at = Element(path, static_cast<int>(i));
    ended |= action.has_cut() || action.has_session();
    if (action.has_answer() || action.has_status()) {
      if (answered) return ErrorAt(at, "a rule has at most one `answer` or `status`");
      answered = true;
    }
    if (action.run() == Action::DEFAULT) continue;
    const bool first = action.run() == Action::FIRST;
    if (chosen && *chosen != first) {
      return ErrorAt(at + ".run", "differs from the `run` of another action of the rule");
    }
    chosen = first;
    chosen_at = at + ".run";
  }
  if (chosen && !*chosen && !answered && !ended) {
    return ErrorAt(chosen_at, "NOT needs an `answer`, a `status` or a `cut`");
  }
  return chosen.value_or(!answered);
}

}  // namespace

StatusOr<Rule> Rule::Compile(const mockpb::Rule& message, const std::string& path,
                             RegexBudget& regexes) {
  TQL_RETURN_IF_ERROR(CheckLength(message.id(), path + ".id", 200));
  if (message.do__size() > kMostActions) {
    return ErrorAt(path + ".do", "found " + std::to_string(message.do__size()) +
                                     " actions, expected at most " + std::to_string(kMostActions));
  }
  Rule rule;
  TQL_ASSIGN_OR_RETURN(rule.matcher_, Matcher::Compile(message.match(), path + ".match",
                                                       Matcher::Use::kRule, regexes));
  for (int i = 0; i < message.do__size(); ++i) {
    TQL_ASSIGN_OR_RETURN(RuleAction action,
                         CompileAction(message.do_(i), Element(path + ".do", i), regexes));
    rule.actions_.push_back(std::move(action));
  }
  TQL_ASSIGN_OR_RETURN(rule.runs_, Runs(rule.actions_, path + ".do"));
  rule.message_ = message;
  rule.message_.clear_seen();
  rule.message_.clear_fired();
  return rule;
}

}  // namespace tql::testdouble
