#include "mockserver/space/identifiers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "proto/base/random.h"

namespace tql::space {
namespace {

using ::testing::MatchesRegex;

constexpr const char* kGuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

// The numbers of the reference implementation of SplitMix64 for this seed.
TEST(SplitMix64, GivesTheNumbersOfTheReference) {
  const std::uint64_t expected[] = {6457827717110365317U, 3203168211198807973U,
                                    9817491932198370423U, 4593380528125082431U,
                                    16408922859458223821U};
  for (std::uint64_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ(base::SplitMix64(1234567, i), expected[i]);
  }
}

TEST(Identifiers, AreRandomWithoutASeed) {
  Identifiers one("main");
  Identifiers other("main");
  EXPECT_EQ(one.seed(), std::nullopt);
  EXPECT_THAT(one.NewGuid(1), MatchesRegex(kGuid));
  EXPECT_NE(one.NewGuid(1), one.NewGuid(1));
  EXPECT_NE(one.NewGuid(1), other.NewGuid(1));
  EXPECT_EQ(one.TokenOf(1), std::nullopt);
}

TEST(Identifiers, AreDeterminedByASeed) {
  Identifiers one("main", 7);
  Identifiers again("main", 7);
  std::set<std::string> guids;
  std::set<std::string> tokens;
  for (int i = 1; i <= 1000; ++i) {
    EXPECT_THAT(one.NewGuid(i), MatchesRegex(kGuid));
    EXPECT_EQ(one.NewGuid(i), again.NewGuid(i));
    guids.insert(one.NewGuid(i));
    const auto token = one.TokenOf(static_cast<std::uint32_t>(i));
    ASSERT_TRUE(token);
    EXPECT_THAT(*token, MatchesRegex("[0-9a-f]{64}"));
    EXPECT_EQ(token, again.TokenOf(static_cast<std::uint32_t>(i)));
    tokens.insert(*token);
  }
  EXPECT_EQ(guids.size(), 1000U);
  EXPECT_EQ(tokens.size(), 1000U);
}

TEST(Identifiers, DifferBySeed) {
  Identifiers one("main", 7);
  Identifiers other("main", 8);
  EXPECT_NE(one.NewGuid(1), other.NewGuid(1));
  EXPECT_NE(one.TokenOf(1), other.TokenOf(1));
  one.SetSeed(8);
  EXPECT_EQ(one.NewGuid(1), other.NewGuid(1));
  one.SetSeed(std::nullopt);
  EXPECT_NE(one.NewGuid(1), other.NewGuid(1));
}

// An object has the same guid in each fork, but a token must not open two namespaces.
TEST(Identifiers, OnlyTokensDifferByNamespace) {
  Identifiers one("t1", 7);
  Identifiers other("t2", 7);
  EXPECT_EQ(one.NewGuid(1), other.NewGuid(1));
  EXPECT_NE(one.TokenOf(1), other.TokenOf(1));
}

TEST(Identifiers, SessionsAreNumberedFromOne) {
  Identifiers one("t1");
  EXPECT_EQ(one.NewSessionNumber(), 1U);
  EXPECT_EQ(one.NewSessionNumber(), 2U);
  Identifiers next("t1");
  next.ContinueAfter(one);
  EXPECT_EQ(next.NewSessionNumber(), 3U);
  next.SetSeed(7);
  EXPECT_EQ(next.NewSessionNumber(), 1U);
  next.SetSeed(7);
  EXPECT_EQ(next.NewSessionNumber(), 2U);
  next.SetSeed(8);
  EXPECT_EQ(next.NewSessionNumber(), 1U);
  next.SetSeed(std::nullopt);
  EXPECT_EQ(next.NewSessionNumber(), 2U);
}

}  // namespace
}  // namespace tql::space
