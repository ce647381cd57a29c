#include "mockserver/testdouble/journal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace tql::testdouble {
namespace {

using std::chrono::steady_clock;

std::unique_ptr<Record> Of(std::string text) {
  auto record = std::make_unique<Record>();
  record->text = std::move(text);
  return record;
}

std::vector<std::uint64_t> Numbers(const Journal::Part& part) {
  std::vector<std::uint64_t> numbers;
  for (const RecordPtr& record : part.records) numbers.push_back(record->seq);
  return numbers;
}

TEST(JournalTest, NumbersRecordsFromOne) {
  JournalBudget budget;
  Journal journal({}, budget);
  EXPECT_EQ(journal.After(0).last, 0U);
  for (int i = 0; i < 3; ++i) journal.Add(Of("a"));
  EXPECT_EQ(Numbers(journal.After(0)), std::vector<std::uint64_t>({1, 2, 3}));
  EXPECT_EQ(Numbers(journal.After(2)), std::vector<std::uint64_t>({3}));
  EXPECT_TRUE(journal.After(3).records.empty());
  EXPECT_TRUE(journal.After(1'000).records.empty());
  EXPECT_EQ(journal.After(3).last, 3U);
}

TEST(JournalTest, DropsTheOldestAndCountsThem) {
  JournalBudget budget;
  Journal journal({.records = 3}, budget);
  for (int i = 0; i < 10; ++i) journal.Add(Of("a"));
  EXPECT_EQ(Numbers(journal.After(0)), std::vector<std::uint64_t>({8, 9, 10}));
  EXPECT_EQ(journal.After(0).dropped, 7U);
  EXPECT_EQ(journal.After(6).dropped, 1U);
  EXPECT_EQ(journal.After(7).dropped, 0U);
}

TEST(JournalTest, BoundsItsBytes) {
  JournalBudget budget;
  Journal journal({.records = 10'000, .bytes = 100'000}, budget);
  for (int i = 0; i < 1'000; ++i) journal.Add(Of(std::string(4'000, 'x')));
  const Journal::Part part = journal.After(0);
  EXPECT_GE(part.records.size(), 20U);
  EXPECT_LE(part.records.size(), 25U);
  EXPECT_EQ(part.dropped + part.records.size(), 1'000U);
}

TEST(JournalTest, SharesABudgetWithOthers) {
  JournalBudget budget;
  std::vector<std::unique_ptr<Journal>> journals;
  for (int i = 0; i < 40; ++i) {
    journals.push_back(std::make_unique<Journal>(Journal::Limits{}, budget));
    for (int j = 0; j < 1'000; ++j) journals.back()->Add(Of(std::string(4'000, 'x')));
  }
  std::size_t bytes = 0;
  for (const auto& journal : journals) bytes += journal->bytes();
  EXPECT_LE(bytes, JournalBudget::kMost);
  journals.clear();
  Journal one({}, budget);  // what the others held is free again
  for (int j = 0; j < 900; ++j) one.Add(Of(std::string(4'000, 'x')));
  EXPECT_EQ(one.After(0).dropped, 0U);
}

TEST(JournalTest, LargeJournalsDoNotTakeTheRecordsOfASmallOne) {
  JournalBudget budget(100'000);
  Journal small({}, budget);
  Journal late({}, budget);
  for (int i = 0; i < 10; ++i) small.Add(Of("small"));
  std::vector<std::unique_ptr<Journal>> large;
  for (int i = 0; i < 4; ++i) {
    large.push_back(std::make_unique<Journal>(Journal::Limits{}, budget));
    for (int j = 0; j < 1'000; ++j) large.back()->Add(Of(std::string(1'000, 'x')));
  }
  for (int i = 0; i < 10; ++i) late.Add(Of("late"));
  EXPECT_EQ(small.After(0).records.size(), 10U);
  EXPECT_EQ(late.After(0).records.size(), 10U);
  std::size_t bytes = small.bytes() + late.bytes();
  for (const auto& journal : large) bytes += journal->bytes();
  EXPECT_LE(bytes, 100'000U);
}

TEST(JournalTest, ThreadsWriteReadAndDestroyJournalsOfOneBudget) {
  JournalBudget budget(200'000);
  Journal shared({}, budget);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([&, i] {
      Journal own({}, budget);
      for (int j = 0; j < 100; ++j) {
        shared.Add(Of(std::string(500, 'x')));
        own.Add(Of("own"));
        const Journal::Part part = shared.After(0);
        ASSERT_EQ(part.dropped + part.records.size(), part.last) << i;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(shared.After(0).last, 6'400U);
  EXPECT_LE(shared.bytes(), 200'000U);
}

TEST(JournalTest, ClearKeepsTheNumbers) {
  JournalBudget budget;
  Journal journal({}, budget);
  for (int i = 0; i < 3; ++i) journal.Add(Of("a"));
  journal.Clear();
  EXPECT_TRUE(journal.After(0).records.empty());
  EXPECT_EQ(journal.After(0).dropped, 0U) << "what was cleared is not missing";
  journal.Add(Of("b"));
  EXPECT_EQ(Numbers(journal.After(0)), std::vector<std::uint64_t>({4}));
}

TEST(JournalTest, KeepsNothingWhenItIsOff) {
  JournalBudget budget;
  Journal journal({.records = 0}, budget);
  journal.Add(Of("a"));
  EXPECT_FALSE(journal.enabled());
  EXPECT_EQ(journal.After(0).last, 0U);
}

TEST(JournalTest, WaitsForARecord) {
  JournalBudget budget;
  Journal journal({}, budget);
  EXPECT_FALSE(journal.WaitFor(0, steady_clock::now(), {}));
  std::jthread writer([&] { journal.Add(Of("a")); });
  EXPECT_TRUE(journal.WaitFor(0, steady_clock::now() + std::chrono::minutes(1), {}));
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(journal.WaitFor(1, steady_clock::now() + std::chrono::minutes(1), stop.get_token()));
}

TEST(JournalTest, TakesRecordsOfManyThreads) {
  JournalBudget budget;
  Journal journal({.records = 500}, budget);
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
      writers.emplace_back([&] {
        for (int j = 0; j < 1'000; ++j) journal.Add(Of("a"));
      });
    }
    for (int i = 0; i < 100; ++i) {
      const Journal::Part part = journal.After(0);
      EXPECT_EQ(part.dropped + part.records.size(), part.last);
    }
  }
  EXPECT_EQ(journal.After(0).last, 8'000U);
  EXPECT_EQ(journal.After(0).dropped, 7'500U);
}

}  // namespace
}  // namespace tql::testdouble
