// What the rules of a plan cost for a statement that none of them matches.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>

#include "mockserver/dialect/parser.h"
#include "mockserver/testdouble/plan.h"

namespace tql::testdouble {
namespace {

constexpr const char* kText = "select a, b from sales where region = 'north' and amount > 7";

enum Rules : int { kNone, kOtherKind, kOtherTable, kOtherStatement, kOtherText };

void AddMatch(int rules, int number, mockpb::Match* match) {
  const std::string name = "table" + std::to_string(number);
  if (rules == kOtherKind) match->add_kind("INSERT");
  if (rules == kOtherTable) match->add_table(name);
  if (rules == kOtherStatement) match->set_like("select a, b from " + name + " where region = ?");
  if (rules == kOtherText) match->set_regex("from " + name);
}

/// The time of Take() with 100 rules of one sort, per statement that was parsed already.
void TakeOfHundred(benchmark::State& state) {
  mockpb::Plan message;
  for (int i = 0; i < 100 && state.range(0) != kNone; ++i) {
    AddMatch(static_cast<int>(state.range(0)), i, message.add_rule()->mutable_match());
  }
  Plan plan;
  const auto statement = dialect::ParseStatement(kText);
  if (!plan.Replace(message).ok() || !statement.ok()) std::abort();
  for (auto _ : state) {
    Facts facts;
    facts.call = mockpb::QUERY;
    facts.text = kText;
    facts.database = "shop";
    facts.statement = &*statement;
    if (plan.Take(facts) != nullptr) std::abort();
  }
}
BENCHMARK(TakeOfHundred)
    ->Arg(kNone)
    ->Arg(kOtherKind)
    ->Arg(kOtherTable)
    ->Arg(kOtherStatement)
    ->Arg(kOtherText);

/// For scale: the time to parse the statement.
void Parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(dialect::ParseStatement(kText));
}
BENCHMARK(Parse);

}  // namespace
}  // namespace tql::testdouble
