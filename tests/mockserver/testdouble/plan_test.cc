#include "mockserver/testdouble/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

mockpb::Plan PlanOf(const std::string& text) { return Message<mockpb::Plan>(text); }

std::string Take(Plan& plan, std::string_view text) {
  const auto rule = plan.Take(Query(text));
  return rule == nullptr ? "none" : rule->id();
}

std::vector<std::string> Ids(const Plan& plan) {
  std::vector<std::string> ids;
  for (const Plan::Use& use : plan.Uses()) ids.push_back(use.rule->id());
  return ids;
}

TEST(Plan, WithoutRules) {
  Plan plan;
  EXPECT_FALSE(plan.has_rules());
  EXPECT_EQ(Take(plan, "select 1"), "none");
  EXPECT_EQ(plan.Get().rule_size(), 0);
  EXPECT_EQ(plan.settings()->unmatched(), mockpb::Settings::RUN);
}

TEST(Plan, TakesTheFirstRuleThatMatchesAndIsNotUsedUp) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf(R"(
    rule {id: 'insert' match {kind: 'INSERT'} times: 2}
    rule {id: 'sales' match {table: 'sales'}}
    rule {id: 'rest' times: 0})")),
            Status());
  EXPECT_EQ(Take(plan, "insert into sales values (1)"), "insert");
  EXPECT_EQ(Take(plan, "insert into sales values (1)"), "insert");
  EXPECT_EQ(Take(plan, "insert into sales values (1)"), "sales");
  EXPECT_EQ(Take(plan, "insert into sales values (1)"), "rest");
  EXPECT_EQ(Take(plan, "selekt"), "rest");
  const mockpb::Plan now = plan.Get();
  const std::vector<std::pair<unsigned, unsigned>> expected = {{2, 2}, {1, 1}, {2, 2}};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(now.rule(i).seen(), expected[static_cast<std::size_t>(i)].first);
    EXPECT_EQ(now.rule(i).fired(), expected[static_cast<std::size_t>(i)].second);
  }
}

TEST(Plan, SkipsMatches) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("rule {id: 'a' skip: 2 times: 2} rule {id: 'b' times: 0}")),
            Status());
  std::vector<std::string> taken;
  for (int i = 0; i < 6; ++i) taken.push_back(Take(plan, "select 1"));
  EXPECT_THAT(taken, ElementsAre("b", "b", "a", "a", "b", "b"));
  EXPECT_EQ(plan.Get().rule(0).seen(), 4);
  EXPECT_EQ(plan.Get().rule(0).fired(), 2);
}

TEST(Plan, UsedUp) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("rule {match {index: 0} skip: 1} rule {times: 0} rule {times: 2}")),
            Status());
  const auto used_up = [&] {
    std::vector<bool> used;
    for (const Plan::Use& use : plan.Uses()) used.push_back(use.used_up());
    return used;
  };
  EXPECT_THAT(used_up(), ElementsAre(false, false, false));
  Take(plan, "select 1");
  EXPECT_THAT(used_up(), ElementsAre(false, true, false));
  Take(plan, "select 1");
  EXPECT_THAT(used_up(), ElementsAre(true, true, false));
}

TEST(Plan, AssignsIds) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("rule {} rule {id: 'x'} rule {} rule {id: 'r1'}")), Status());
  EXPECT_THAT(Ids(plan), ElementsAre("r2", "x", "r3", "r1"));
  ASSERT_EQ(plan.Append(PlanOf("rule {} rule {id: 'y'} rule {}")), Status());
  EXPECT_THAT(Ids(plan), ElementsAre("r2", "x", "r3", "r1", "r5", "y", "r7"));
  EXPECT_THAT(plan.Append(PlanOf("rule {} rule {id: 'r5'}")).message(),
              StartsWith("rule[1].id: another rule has the id 'r5'"));
  EXPECT_THAT(plan.Replace(PlanOf("rule {id: 'a'} rule {id: 'a'}")).message(),
              StartsWith("rule[1].id: "));
  EXPECT_EQ(Ids(plan).size(), 7) << "a plan with an error changes nothing";
}

TEST(Plan, APlanThatWasReadCanBeSet) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf(
                "settings {unordered_rows: REVERSED} rule {match {kind: 'SELECT'} times: 0}")),
            Status());
  Take(plan, "select 1");
  const mockpb::Plan read = plan.Clear();
  EXPECT_EQ(read.rule(0).fired(), 1);
  EXPECT_FALSE(plan.has_rules());
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::INSERTION);
  ASSERT_EQ(plan.Replace(read), Status());
  EXPECT_EQ(plan.Get().rule(0).id(), "r1");
  EXPECT_EQ(plan.Get().rule(0).fired(), 0);
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::REVERSED);
}

TEST(Plan, AppendKeepsCountersAndSettings) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("settings {seed: 7} rule {id: 'a'}")), Status());
  Take(plan, "select 1");
  ASSERT_EQ(plan.Append(PlanOf("rule {id: 'b'}")), Status());
  EXPECT_EQ(plan.Get().rule(0).fired(), 1);
  EXPECT_EQ(plan.settings()->seed(), 7);
  EXPECT_EQ(Take(plan, "select 1"), "b");
  ASSERT_EQ(plan.Append(PlanOf("settings {seed: 8}")), Status());
  EXPECT_EQ(plan.settings()->seed(), 8);
}

TEST(Plan, DefaultSettingsHoldUnlessSet) {
  Plan plan(Message<mockpb::Settings>("unordered_rows: REVERSED"));
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::REVERSED);
  ASSERT_EQ(plan.Replace(PlanOf("settings {seed: 1}")), Status());
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::REVERSED);
  ASSERT_EQ(plan.Replace(PlanOf("settings {unordered_rows: INSERTION}")), Status());
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::INSERTION);
  EXPECT_FALSE(plan.settings()->has_seed());
  ASSERT_EQ(plan.Replace(PlanOf("rule {}")), Status());
  EXPECT_EQ(plan.settings()->unordered_rows(), mockpb::Settings::REVERSED);
}

TEST(Plan, ForkHasFreshCounters) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("settings {seed: 7} rule {id: 'a'}")), Status());
  EXPECT_EQ(Take(plan, "select 1"), "a");
  const auto fork = plan.Fork();
  EXPECT_EQ(fork->settings()->seed(), 7);
  EXPECT_EQ(Take(*fork, "select 1"), "a");
  EXPECT_EQ(Take(*fork, "select 1"), "none");
  EXPECT_EQ(plan.Get().rule(0).seen(), 1);
  fork->Clear();
  EXPECT_TRUE(plan.has_rules());
}

TEST(Plan, ChecksAllOfAPlanBeforeAnyHolds) {
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf("rule {id: 'a' times: 0}")), Status());
  const Status status =
      plan.Replace(PlanOf("rule {} rule {} rule {} rule {match {like: 'select from t'}}"));
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), StartsWith("rule[3].match.like: line 1, column 8: "));
  EXPECT_EQ(Take(plan, "select 1"), "a");
  mockpb::Plan unknown;
  unknown.mutable_settings()->set_unordered_rows(static_cast<mockpb::Settings::Rows>(7));
  EXPECT_THAT(
      plan.Replace(unknown).message(),
      StartsWith(
          "settings.unordered_rows: found the number 7, expected INSERTION, REVERSED or SHUFFLED"));
}

TEST(Plan, IsBounded) {
  Plan plan;
  mockpb::Plan large;
  for (int i = 0; i < Plan::kMostRules; ++i) {
    large.add_rule()->mutable_match()->add_table("t" + std::to_string(i));
  }
  ASSERT_EQ(plan.Replace(large), Status());
  EXPECT_EQ(Take(plan, "select 1 from t9999"), "r10000");
  EXPECT_EQ(Take(plan, "select 1 from t10000"), "none");
  EXPECT_THAT(plan.Append(PlanOf("rule {}")).message(),
              StartsWith("rule: found 10001 rules, expected at most 10000"));
  large.add_rule();
  EXPECT_THAT(plan.Replace(large).message(), StartsWith("rule: found 10001 rules"));

  Plan other;
  mockpb::Plan heavy;
  heavy.add_rule()->add_do_()->mutable_answer()->set_error(std::string(6'000'000, 'x'));
  ASSERT_EQ(other.Replace(heavy), Status());
  EXPECT_THAT(other.Append(heavy).message(), HasSubstr("bytes, expected at most 10000000"));
}

TEST(Plan, BoundsTheMemoryOfItsRegularExpressionsTogether) {
  constexpr int kMost = 4096;  // of 64 KiB each
  mockpb::Plan simple;
  for (int i = 0; i < kMost; ++i) simple.add_rule()->mutable_match()->set_regex("a+");
  Plan plan;
  ASSERT_EQ(plan.Replace(simple), Status());
  const auto fork = plan.Fork();
  for (Plan* const full : {&plan, fork.get()}) {
    EXPECT_THAT(
        full->Append(PlanOf("rule {} rule {match {header {key: 'A' value: 'b'}}}")).message(),
        StartsWith("rule[1].match.header[\"A\"]: the regular expressions up to this one may "
                   "take 262208 KiB of memory, expected at most 262144 KiB together"));
  }
  simple.mutable_rule(7)->add_do_()->mutable_edit()->mutable_replace()->set_regex("b");
  EXPECT_THAT(plan.Replace(simple).message(), StartsWith("rule[4095].match.regex: "));
  EXPECT_EQ(plan.Replace(PlanOf("rule {match {regex: 'a+'}}")), Status());
}

TEST(Plan, EndsASearchForARuleWhenTheCallIsAbandoned) {
  constexpr int kRules = 1000;
  mockpb::Plan message;
  for (int i = 0; i < kRules; ++i) message.add_rule()->mutable_match()->set_regex("(a|b)*c");
  Plan plan;
  ASSERT_EQ(plan.Replace(message), Status());
  Facts facts;
  facts.call = mockpb::QUERY;
  const std::string text(1000, 'a');
  facts.text = text;
  int asked = 0;
  facts.abandoned = [&] { return ++asked > 2; };
  EXPECT_EQ(plan.Take(facts), nullptr);
  EXPECT_EQ(asked, 3);
}

// Every match is counted once, and a rule acts exactly `times` times.
TEST(Plan, ConcurrentCallsTakeEachUseOnce) {
  constexpr int kThreads = 64;
  Plan plan;
  ASSERT_EQ(plan.Replace(PlanOf(R"(
    rule {id: 'twice' match {kind: 'SELECT' table: 't'} times: 2}
    rule {id: 'later' match {like: 'select a from t where b = ?'} skip: 10 times: 5}
    rule {id: 'never' match {kind: 'INSERT'} times: 0}
    rule {id: 'rest' times: 0})")),
            Status());
  std::atomic<int> twice = 0;
  std::atomic<int> later = 0;
  std::atomic<int> rest = 0;
  std::atomic<bool> go = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      while (!go) std::this_thread::yield();
      const std::string id = Take(plan, "select a from t where b = 1");
      if (id == "twice") ++twice;
      if (id == "later") ++later;
      if (id == "rest") ++rest;
    });
  }
  go = true;
  threads.clear();
  EXPECT_EQ(twice, 2);
  EXPECT_EQ(later, 5);
  EXPECT_EQ(rest, kThreads - 7);
  EXPECT_EQ(plan.Get().rule(0).seen(), 2);
  EXPECT_EQ(plan.Get().rule(1).seen(), 15);
}

TEST(Plan, ChangesWhileCallsTakeRules) {
  Plan plan;
  const mockpb::Plan rules = PlanOf("rule {id: 'a' match {table: 't'} times: 0} rule {times: 3}");
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const std::string id = Take(plan, "select a from t");
        EXPECT_TRUE(id == "a" || id == "none") << id;
      }
    });
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(plan.Replace(rules), Status());
    EXPECT_EQ(plan.Append(PlanOf("settings {seed: 1}")), Status());
    plan.Fork();
    plan.Get();
    if (i % 3 == 0) plan.Clear();
  }
  stop = true;
}

}  // namespace
}  // namespace tql::testdouble
