#include "mockserver/testdouble/rule_index.h"

#include <algorithm>

namespace tql::testdouble {

void RuleIndex::Group::Add(std::uint64_t key, std::size_t rule, const CallsAndKinds& may_match) {
  any.calls |= may_match.calls;
  any.kinds |= may_match.kinds;
  entries.push_back({key, static_cast<std::uint32_t>(rule)});
}

std::span<const RuleIndex::Entry> RuleIndex::Group::Find(std::uint64_t key) const {
  const auto less = [](const auto& a, const auto& b) { return a.key < b.key; };
  const auto found = std::equal_range(entries.begin(), entries.end(), Entry{.key = key}, less);
  return {found.first, found.second};
}

RuleIndex::RuleIndex(std::span<const MayMatch* const> rules) {
  rules_.reserve(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const MayMatch& rule = *rules[i];
    rules_.push_back(rule.calls_and_kinds);
    if (rule.text) {
      by_text_.Add(*rule.text, i, rule.calls_and_kinds);
    } else if (!rule.tables.empty()) {
      for (const std::uint64_t table : rule.tables) by_table_.Add(table, i, rule.calls_and_kinds);
    } else {
      others_.Add(0, i, rule.calls_and_kinds);
    }
  }
  for (Group* const group : {&by_text_, &by_table_}) std::ranges::sort(group->entries);
}

// The facts are asked only for what rules of the kind of the call look at.
void RuleIndex::Visit(const Facts& facts,
                      const std::function<bool(std::size_t rule)>& visit) const {
  std::vector<std::span<const Entry>> found;
  const auto add = [&](std::span<const Entry> entries) {
    if (!entries.empty()) found.push_back(entries);
  };
  if (others_.any.Includes(facts)) add(others_.entries);
  if (by_text_.any.Includes(facts)) add(by_text_.Find(facts.text_key()));
  if (by_table_.any.Includes(facts)) {
    for (const std::uint64_t table : facts.table_keys()) add(by_table_.Find(table));
  }
  while (!found.empty()) {
    std::uint32_t next = found.front().front().rule;
    for (const auto& entries : found) next = std::min(next, entries.front().rule);
    if (rules_[next].Includes(facts) && !visit(next)) return;
    for (auto& entries : found) {
      while (!entries.empty() && entries.front().rule == next) entries = entries.subspan(1);
    }
    std::erase_if(found, [](const auto& entries) { return entries.empty(); });
  }
}

}  // namespace tql::testdouble
