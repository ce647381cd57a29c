// What the rules of a plan cost a statement that none of them matches.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "mockserver/dialect/parser.h"
#include "mockserver/testdouble/patterns.h"
#include "mockserver/testdouble/plan.h"

namespace tql::testdouble {
namespace {

constexpr const char* kText = "select a, b from sales where region = 'north' and amount > 7";

enum Rules : int { kNone, kOtherKind, kOtherTable, kOtherStatement, kOtherText, kOtherRegex };

void AddMatch(int rules, int number, mockpb::Match* match) {
  const std::string name = "table" + std::to_string(number);
  if (rules == kOtherKind) match->add_kind("INSERT");
  if (rules == kOtherTable) match->add_table(name);
  if (rules == kOtherStatement) match->set_like("select a, b from " + name + " where region = ?");
  if (rules == kOtherText) match->set_exact("select a, b from " + name);
  if (rules == kOtherRegex) match->set_regex("from " + name);
}

void SetRules(int rules, Plan& plan) {
  mockpb::Plan message;
  for (int i = 0; i < 100 && rules != kNone; ++i) {
    AddMatch(rules, i, message.add_rule()->mutable_match());
  }
  if (!plan.Replace(message).ok()) std::abort();
}

Facts Query() {
  Facts facts;
  facts.call = mockpb::QUERY;
  facts.text = kText;
  facts.database = "shop";
  return facts;
}

/// The time of Take() with 100 rules of one sort, for a statement that runs by a compiled plan.
void TakeOfHundred(benchmark::State& state) {
  Plan plan;
  SetRules(static_cast<int>(state.range(0)), plan);
  const auto statement = dialect::ParseStatement(kText);
  if (!statement.ok()) std::abort();
  for (auto _ : state) {
    Facts facts = Query();
    facts.pattern = &*statement;
    if (plan.Take(facts) != nullptr) std::abort();
  }
}
BENCHMARK(TakeOfHundred)->DenseRange(kNone, kOtherRegex);

/// The same for a statement whose result is kept.
void TakeOfHundredForAText(benchmark::State& state) {
  Plan plan;
  SetRules(static_cast<int>(state.range(0)), plan);
  Patterns patterns;
  for (auto _ : state) {
    Facts facts = Query();
    facts.patterns = &patterns;
    if (plan.Take(facts) != nullptr) std::abort();
  }
}
BENCHMARK(TakeOfHundredForAText)->DenseRange(kNone, kOtherText);

/// For scale: the time to parse the statement.
void Parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(dialect::ParseStatement(kText));
}
BENCHMARK(Parse);

}  // namespace
}  // namespace tql::testdouble
