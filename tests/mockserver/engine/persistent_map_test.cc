#include "mockserver/engine/persistent_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tql::engine {
namespace {

using Map = PersistentMap<int, std::string>;

std::vector<std::pair<int, std::string>> EntriesOf(const Map& map) {
  std::vector<std::pair<int, std::string>> entries;
  for (const auto& [key, value] : map) entries.emplace_back(key, value);
  return entries;
}

TEST(PersistentMap, FindsWhatWasPut) {
  PersistentMap<std::string, int> map;
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.Find("a"), nullptr);
  map.Mutable("b") = 2;
  map.Mutable("a") = 1;
  ++map.Mutable("a");
  EXPECT_EQ(map.at(std::string_view("a")), 2);
  EXPECT_TRUE(map.contains("b"));
  EXPECT_THROW(map.at("c"), std::out_of_range);
  map.Erase("c");
  map.Erase("a");
  map.Erase("b");
  EXPECT_TRUE(map.empty());
}

/// Random changes of copies of copies, each held against a std::map.
TEST(PersistentMap, CopiesDoNotSeeEachOthersChanges) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    const auto below = [&](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
    struct Version {
      Map map;
      std::map<int, std::string> plain;
    };
    std::vector<Version> versions(1);
    for (int step = 0; step < 4000; ++step) {
      Version& version =
          versions[static_cast<std::size_t>(below(static_cast<int>(versions.size())))];
      const int key = below(300);
      switch (below(10)) {
        case 0:
          if (versions.size() < 20) {
            versions.push_back(Version(version));
          } else {
            version = Version(versions[0]);
          }
          break;
        case 1:
        case 2:
        case 3:
          version.map.Erase(key);
          version.plain.erase(key);
          break;
        default:
          version.map.Mutable(key) += std::to_string(step);
          version.plain[key] += std::to_string(step);
      }
      if (step % 100 != 99) continue;
      for (const Version& each : versions) {
        const std::vector<std::pair<int, std::string>> expected(each.plain.begin(),
                                                                each.plain.end());
        ASSERT_EQ(EntriesOf(each.map), expected) << "seed " << seed << ", step " << step;
        for (int k = 0; k < 300; ++k) {
          const std::string* const found = each.map.Find(k);
          ASSERT_EQ(found != nullptr, each.plain.contains(k));
          if (found != nullptr) {
            ASSERT_EQ(*found, each.plain.at(k));
          }
        }
      }
    }
  }
}

/// Keys in order are the worst case of a tree without balance: this would overflow the stack.
TEST(PersistentMap, StaysBalanced) {
  PersistentMap<int, int> map;
  for (int i = 0; i < 300'000; ++i) map.Mutable(i) = i;
  const PersistentMap<int, int> before = map;
  for (int i = 0; i < 299'999; ++i) map.Erase(i);
  EXPECT_EQ((*map.begin()).first, 299'999);
  int count = 0;
  for (const auto& [key, value] : before) count += key == value ? 1 : 0;
  EXPECT_EQ(count, 300'000);
}

}  // namespace
}  // namespace tql::engine
