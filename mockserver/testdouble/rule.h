// One rule of a plan, checked and compiled.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/match.h"
#include "mockserver/testdouble/messages.h"
#include "tql/status.h"

namespace tql::testdouble {

/// An action with what its message only describes.
struct RuleAction {
  mockpb::Action message;
  std::chrono::nanoseconds duration{0};  // of `delay`, and of `drip.every`
  Regex regex;                           // of `edit.replace`
  /// Of `status`: both forms, the one that the message leaves out being derived.
  int http = 0;
  StatusCode code = StatusCode::kOk;
};

/// INVALID_ARGUMENT with the path of the field, e.g. "rule[0].do[1].cut.at: …".
StatusOr<RuleAction> CompileAction(const mockpb::Action& action, const std::string& path,
                                   RegexBudget& regexes);

/// Immutable: the plan counts its matches.
class Rule {
 public:
  /// `path` is that of the rule, e.g. "rule[3]". The message has an id. The regular expressions
  /// are counted in `regexes`.
  static StatusOr<Rule> Compile(const mockpb::Rule& message, const std::string& path,
                                RegexBudget& regexes);

  const std::string& id() const { return message_.id(); }
  const Matcher& matcher() const { return matcher_; }
  /// In the order in which they are carried out.
  const std::vector<RuleAction>& actions() const { return actions_; }
  /// Whether the statement runs.
  bool runs() const { return runs_; }
  /// The number of matches that pass before the rule acts.
  std::uint64_t skip() const { return message_.skip(); }
  /// The number of matches that it acts on; 0: all.
  std::uint64_t times() const { return message_.has_times() ? message_.times() : 1; }
  bool may_stay_unused() const { return message_.may_stay_unused(); }
  /// As in the request, with the id, without `seen` and `fired`.
  const mockpb::Rule& message() const { return message_; }

 private:
  mockpb::Rule message_;
  Matcher matcher_;
  std::vector<RuleAction> actions_;
  bool runs_ = true;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_RULE_H_
