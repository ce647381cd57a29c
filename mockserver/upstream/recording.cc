#include "mockserver/upstream/recording.h"

#include <algorithm>
#include <utility>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/plan.h"
#include "mockserver/upstream/forwarded_statement.h"
#include "proto/base/request_options.h"
#include "proto/base/text.h"
#include "proto/document/document.h"

namespace tql::upstream {
namespace {

// What is left below the limits of a plan file covers its head.
constexpr std::size_t kMostBytes = testdouble::Plan::kMaxBytes - 4096;
constexpr std::size_t kRuleBytes = 64;  // of a rule without its match and its answer
constexpr std::size_t kRuleNodes = 20;
constexpr std::size_t kMostNodes = document::Limits().max_nodes - 100;

/// Whether the answer depends on the option. NULL is recorded for every null_string; use_jit and
/// skip_cache only choose how a statement is executed.
bool ShapesAnswer(const testdouble::OptionValue& option) {
  const auto* const row = std::ranges::find_if(
      base::kRequestOptions,
      [&](const base::RequestOption& known) { return known.path() == option.path; });
  if (row == base::kRequestOptions.end()) return true;
  return !row->test.empty() && row->name != "null_string" && row->name != "use_jit" &&
         row->name != "skip_cache" && row->name != "continue_execution_on_error" &&
         row->name != "progress_wrapper_timeout_sec";
}

bool HasNul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

}  // namespace

std::string Recording::MatchOf(const Statement& statement, std::size_t* conditions) {
  std::string match = "{call: [" + mockpb::Call_Name(statement.call) + "], exact: ";
  AppendYamlString(statement.text, &match);
  *conditions = 0;
  if (!statement.database.empty()) {
    match += ", database: ";
    AppendYamlString(statement.database, &match);
    ++*conditions;
  }
  std::string options;
  for (const testdouble::OptionValue& option : statement.options) {
    if (!ShapesAnswer(option)) continue;
    options += options.empty() ? ", option: {" : ", ";
    AppendYamlString(option.path, &options);
    options += ": ";
    AppendYamlString(option.value, &options);
    ++*conditions;
  }
  if (!options.empty()) match += options + "}";
  return match + "}";
}

bool Recording::Reserve(std::size_t bytes, std::size_t nodes) {
  const bool fits = bytes_ + bytes <= kMostBytes && nodes_ + nodes <= kMostNodes &&
                    counts_.rules < testdouble::Plan::kMostRules;
  if (!fits) return false;
  bytes_ += bytes;
  nodes_ += nodes;
  ++counts_.rules;
  return true;
}

void Recording::Add(const Statement& statement, const AnswerCapture& answer) {
  std::size_t conditions = 0;
  const std::string match = MatchOf(statement, &conditions);
  YamlAnswer yaml = answer.is_whole()
                        ? AnswerToYaml(answer.result(), NullMarker())
                        : ErrorToYaml("The recorded answer has " + std::to_string(answer.bytes()) +
                                      " bytes, more than the " + std::to_string(kMostAnswerBytes) +
                                      " that a recording keeps.\n");
  const base::MutexLock lock(mutex_);
  if (!answer.is_whole()) ++counts_.too_large;
  const bool fits_rule = statement.text.size() <= testdouble::kMaxPatternBytes;
  if (!fits_rule || HasNul(match) || HasNul(yaml.text)) {
    ++counts_.left_out;
    return;
  }
  const auto found = by_match_.find(match);
  Recorded* recorded = found == by_match_.end() ? nullptr : &recorded_[found->second];
  if (recorded != nullptr && recorded->runs.back().answer == yaml.text) {
    ++recorded->runs.back().times;
    ++counts_.statements;
    return;
  }
  if (!Reserve(match.size() + yaml.text.size() + kRuleBytes, yaml.nodes + kRuleNodes)) {
    ++counts_.left_out;
    return;
  }
  ++counts_.statements;
  if (recorded == nullptr) {
    const std::string key = std::to_string(statement.call) + statement.text;
    const std::size_t group = groups_.try_emplace(key, groups_.size()).first->second;
    by_match_.emplace(match, recorded_.size());
    recorded_.push_back({.group = group, .conditions = conditions, .match = match, .runs = {}});
    recorded = &recorded_.back();
  }
  recorded->runs.push_back({.answer = std::move(yaml.text), .times = 1});
}

Recording::Counts Recording::counts() const {
  const base::MutexLock lock(mutex_);
  return counts_;
}

std::string Recording::ToYaml() const {
  const base::MutexLock lock(mutex_);
  // The first rule that matches acts: one with more conditions comes before the others of its text.
  std::vector<const Recorded*> order;
  for (const Recorded& recorded : recorded_) order.push_back(&recorded);
  std::ranges::stable_sort(order, [](const Recorded* a, const Recorded* b) {
    return std::pair(a->group, b->conditions) < std::pair(b->group, a->conditions);
  });
  std::string yaml = "# Recorded by tqlmockd from " + origin_ +
                     "; replay it with: tqlmockd --plan THIS_FILE\n"
                     "settings: {unmatched: FAIL}\n";
  yaml += order.empty() ? "rule: []\n" : "rule:\n";
  for (const Recorded* recorded : order) {
    for (const Run& run : recorded->runs) {
      const bool last = &run == &recorded->runs.back();
      yaml += "- match: " + recorded->match + "\n";
      if (last || run.times > 1) yaml += "  times: " + std::to_string(last ? 0 : run.times) + "\n";
      yaml += "  do:\n" + run.answer;
    }
  }
  return yaml;
}

}  // namespace tql::upstream
