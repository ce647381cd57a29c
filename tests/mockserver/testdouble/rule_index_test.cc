#include "mockserver/testdouble/rule_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RuleIndexTest : public ::testing::Test {
 protected:
  void SetMatches(const std::vector<std::string>& matches) {
    matchers_.clear();
    for (const std::string& match : matches) {
      auto matcher =
          Matcher::Compile(Message<mockpb::Match>(match), "match", Matcher::Use::kRule, Regexes());
      ASSERT_TRUE(matcher.ok()) << matcher.status();
      matchers_.push_back(*std::move(matcher));
    }
    std::vector<const MayMatch*> may_match;
    for (const Matcher& matcher : matchers_) may_match.push_back(&matcher.may_match());
    index_ = RuleIndex(may_match);
  }
  std::vector<std::size_t> Visited(const Facts& facts) const {
    std::vector<std::size_t> visited;
    index_.Visit(facts, [&](std::size_t rule) {
      visited.push_back(rule);
      return true;
    });
    return visited;
  }

  std::vector<Matcher> matchers_;
  RuleIndex index_;
};

TEST_F(RuleIndexTest, VisitsWhatMayMatchInItsOrder) {
  SetMatches({"table: 'a'", "regex: 'x'", "table: ['b', 's.A']", "exact: 'select 1 from a'",
              "kind: 'INSERT'", "table: 'a*'", "like: 'select ? from a'", "call: LOGIN", ""});
  EXPECT_THAT(Visited(Query("select 1 from a")), ElementsAre(0, 1, 2, 3, 5, 6, 8));
  EXPECT_THAT(Visited(Query("select 2 from B, A")), ElementsAre(0, 1, 2, 5, 6, 8));
  EXPECT_THAT(Visited(Query("insert into b values (1)")), ElementsAre(1, 2, 4, 5, 8));
  EXPECT_THAT(Visited(Query("select 1")), ElementsAre(1, 5, 8));
  EXPECT_THAT(Visited(Query("selekt")), ElementsAre(1, 5, 8));
  Facts login;
  login.call = mockpb::LOGIN;
  EXPECT_THAT(Visited(login), ElementsAre(7, 8));
}

TEST_F(RuleIndexTest, EndsWhenTheVisitorEndsIt) {
  SetMatches({"", "table: 'a'", ""});
  std::vector<std::size_t> visited;
  index_.Visit(Query("select 1 from a"), [&](std::size_t rule) {
    visited.push_back(rule);
    return rule < 1;
  });
  EXPECT_THAT(visited, ElementsAre(0, 1));
}

TEST_F(RuleIndexTest, WithoutRules) {
  EXPECT_THAT(Visited(Query("select 1")), IsEmpty());
  SetMatches({});
  EXPECT_THAT(Visited(Query("select 1")), IsEmpty());
}

// Random rules against statements: every rule that matches is visited.
TEST_F(RuleIndexTest, VisitsEveryRuleThatMatches) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in each run
  const auto any = [&](const std::vector<std::string>& texts) {
    return texts[random() % texts.size()];
  };
  const std::vector<std::string> parts = {
      "table: 'a' ",   "table: 'B' table: 'c' ", "table: '*' ",
      "table: 's.a' ", "kind: 'SELECT' ",        "kind: 'DELETE' kind: '' ",
      "call: QUERY ",  "call: SCRIPT ",          "index: 0 ",
      "user: 'x' ",    "database: 'shop' "};
  const std::vector<std::string> texts = {"",
                                          "exact: 'delete from a' ",
                                          "exact: '; select 1' ",
                                          "like: 'select * from a where b = ?' ",
                                          "like: 'select 1' ",
                                          "regex: 'from' ",
                                          "like: 'select * from c, a' "};
  const std::vector<std::string> statements = {"delete from a",
                                               "delete from s.a;",
                                               "select 1",
                                               "select * from a where b = 7",
                                               "select * from C, A",
                                               "; select 1",
                                               "select * from b where x in (select y from s.\"A\")",
                                               "drop table c",
                                               ""};
  int matched = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> matches;
    for (int i = 0; i < 20; ++i) {
      const std::string first = any(parts);
      const std::string second = any(parts);
      matches.push_back(first + any(texts));
      if (first.substr(0, 4) != second.substr(0, 4)) matches.back() += second;
    }
    SetMatches(matches);
    for (const std::string& statement : statements) {
      const Facts facts = Query(statement);
      const std::vector<std::size_t> visited = Visited(facts);
      for (std::size_t i = 0; i < matchers_.size(); ++i) {
        if (!matchers_[i].Matches(facts)) continue;
        ++matched;
        EXPECT_TRUE(std::ranges::binary_search(visited, i)) << matches[i] << " | " << statement;
      }
    }
  }
  EXPECT_GT(matched, 1'000);
}

}  // namespace
}  // namespace tql::testdouble
