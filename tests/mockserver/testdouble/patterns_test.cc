#include "mockserver/testdouble/patterns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "mockserver/dialect/printer.h"

namespace tql::testdouble {
namespace {

TEST(Patterns, OneStatementStandsForThoseThatDifferInLiterals) {
  Patterns patterns;
  const auto first = patterns.Find("select a from t where b = 'x' and c > 1.5");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(dialect::Print(*first), "SELECT a FROM t WHERE b = 'x' AND c > 1.5");
  EXPECT_EQ(patterns.Find("select a from t where b = 'y;''' and c > .75"), first);
  for (const char* other :
       {"select a from u where b = 'x' and c > 1.5", "select a from t where b = 3 and c > 1.5",
        "select a from t where b = 'x' and c > 1.5 limit 1",
        "select \"a\" from t where b = 'x' and c > 1.5"}) {
    const auto found = patterns.Find(other);
    ASSERT_NE(found, nullptr) << other;
    EXPECT_NE(found, first) << other;
  }
}

TEST(Patterns, NoneForATextThatIsNotAStatementOrIsLong) {
  Patterns patterns;
  for (const std::string& text :
       {std::string("selekt 1"), std::string(), std::string("select 1 -- why"),
        std::string("select a::int from t"),
        "select '" + std::string(Patterns::kMostText, 'x') + "'"}) {
    EXPECT_EQ(patterns.Find(text), nullptr) << text.substr(0, 30);
  }
}

TEST(Patterns, AreBounded) {
  Patterns patterns;
  std::vector<std::weak_ptr<const dialect::Statement>> found;
  for (std::size_t i = 0; i < 10 * Patterns::kMost; ++i) {
    found.push_back(patterns.Find("select a from t" + std::to_string(i)));
  }
  const auto kept = std::ranges::count_if(found, [](const auto& one) { return !one.expired(); });
  EXPECT_LE(kept, static_cast<std::ptrdiff_t>(Patterns::kMost));
  EXPECT_GT(kept, 0);
}

TEST(Patterns, ManyThreads) {
  Patterns patterns;
  const auto search = [&] {
    for (int i = 0; i < 2'000; ++i) {
      const std::string from = " FROM t" + std::to_string(i % 400) + " WHERE b = 1";
      const auto found = patterns.Find("select a" + from);
      ASSERT_NE(found, nullptr);
      EXPECT_EQ(dialect::Print(*found), "SELECT a" + from);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(search);
}

}  // namespace
}  // namespace tql::testdouble
