#include "mockserver/testdouble/near_names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "proto/base/text.h"

namespace tql::testdouble {
namespace {

/// The textbook's recurrence over the whole table.
std::size_t FullDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
      } else {
        const std::size_t cost = base::ToLower(a[i - 1]) == base::ToLower(b[j - 1]) ? 0 : 1;
        table[i][j] =
            std::min({table[i - 1][j - 1] + cost, table[i - 1][j] + 1, table[i][j - 1] + 1});
      }
    }
  }
  return table[a.size()][b.size()];
}

TEST(EditDistance, KnownPairs) {
  EXPECT_EQ(EditDistance("kitten", "sitting", 10), 3);
  EXPECT_EQ(EditDistance("", "abc", 10), 3);
  EXPECT_EQ(EditDistance("SELECT", "select", 10), 0);
  EXPECT_EQ(EditDistance("abc", "xyz", 2), 2);
  EXPECT_EQ(EditDistance("", "", 1), 0);
  EXPECT_EQ(EditDistance("a", "a", 0), 0);
}

TEST(EditDistance, AgreesWithTheFullTable) {
  std::mt19937 random(7);
  for (int i = 0; i < 3'000; ++i) {
    const auto text = [&] {
      std::string out(random() % 12, ' ');
      for (char& c : out) c = "abA"[random() % 3];
      return out;
    };
    const std::string a = text();
    const std::string b = text();
    const std::size_t most = random() % 14;
    EXPECT_EQ(EditDistance(a, b, most), std::min(FullDistance(a, b), most))
        << a << " " << b << " " << most;
  }
}

TEST(NearNames, ListsTheNearestFirst) {
  const std::vector<std::string_view> names = {"SELECT", "SHOW TABLE", "SHOW TABLES", "INSERT"};
  EXPECT_EQ(NearNames("SELEC", names), "; near names: SELECT");
  EXPECT_EQ(NearNames("show table", names), "; near names: SHOW TABLE, SHOW TABLES");
  EXPECT_EQ(NearNames("x", names), "");
}

}  // namespace
}  // namespace tql::testdouble
