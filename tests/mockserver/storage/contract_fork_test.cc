// What every storage guarantees about forks.
#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/mockserver/storage/contract_test_base.h"

namespace tql::storage {
namespace {

class ForkContract : public StorageContract {};
TQLKIT_FOR_EVERY_STORAGE(ForkContract);

TEST_P(ForkContract, ForkHasRowsAndRecords) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 7), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 3), Status());
  auto fork = storage_->Fork({});
  ASSERT_TRUE(fork.ok()) << fork.status();
  EXPECT_EQ(fork->schema_version, 7);
  EXPECT_EQ(*Read(*fork->storage, table), (Values{0, 1, 2}));
  const auto records = fork->storage->Load();
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->schema_version, 7);
  ASSERT_EQ(records->tables.size(), 1U);
  EXPECT_EQ(records->tables[0].id, 1);
}

TEST_P(ForkContract, ForkAndOriginAreIndependent) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  auto fork = storage_->Fork({});
  ASSERT_TRUE(fork.ok()) << fork.status();
  const plan::TablePtr there = Numbers(2);
  const plan::TablePtr here = Numbers(2);
  ASSERT_EQ(Insert(*storage_, table, 10, 11), Status());
  ASSERT_EQ(Create(*storage_, here, 2), Status());
  ASSERT_EQ(Insert(*fork->storage, table, 20, 22), Status());
  ASSERT_EQ(Create(*fork->storage, there, 2), Status());
  ASSERT_EQ(Insert(*fork->storage, there, 5, 6), Status());
  EXPECT_EQ(*Read(*storage_, table), (Values{0, 1, 10}));
  EXPECT_EQ(*Read(*storage_, here), Values{});
  EXPECT_EQ(*Read(*fork->storage, table), (Values{0, 1, 20, 21}));
  EXPECT_EQ(*Read(*fork->storage, there), Values{5});
}

TEST_P(ForkContract, ForkAndOriginOutliveEachOther) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  auto first = storage_->Fork({});
  auto second = first->storage->Fork({});  // A fork of an unused fork.
  ASSERT_TRUE(second.ok()) << second.status();
  first->storage.reset();
  EXPECT_EQ(*Read(*storage_, table), (Values{0, 1}));
  storage_.reset();
  EXPECT_EQ(*Read(*second->storage, table), (Values{0, 1}));
  ASSERT_EQ(Insert(*second->storage, table, 2, 3), Status());
  EXPECT_EQ(*Read(*second->storage, table), (Values{0, 1, 2}));
}

TEST_P(ForkContract, ForkDuringReadHasCommittedRows) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2'000, std::string(100, 'x')), Status());
  auto cursor = storage_->Open(All(table), {});
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  ASSERT_TRUE(*(*cursor)->Next());
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(Insert(*storage_, table, 2'000 + i * 40, 2'040 + i * 40, "later"), Status());
  }
  auto fork = storage_->Fork({});
  ASSERT_TRUE(fork.ok()) << fork.status();
  auto again = fork->storage->Fork({});
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(Insert(*storage_, table, 9'000, 9'001), Status());
  EXPECT_EQ(Count(*fork->storage, table), 4'000);
  EXPECT_EQ(Count(*again->storage, table), 4'000);
  EXPECT_EQ(Count(*storage_, table), 4'001);
  std::int64_t seen = 1;
  while (*(*cursor)->Next()) ++seen;
  EXPECT_EQ(seen, 2'000);  // The read keeps its snapshot.
}

TEST_P(ForkContract, ForkWaitsForTransaction) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  Cancellation now;
  now.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(storage_->Fork(now).status().code(), StatusCode::kDeadlineExceeded);
  transaction->reset();
  EXPECT_TRUE(storage_->Fork({}).ok());
}

/// Every transaction moves an amount from one account to another, and a fork must not see half of
/// one. Readers and writers continue meanwhile, in the origin and in the forks.
TEST_P(ForkContract, ConcurrentForksAreConsistent) {
  const plan::TablePtr left = Numbers(1);
  const plan::TablePtr right = Numbers(2);
  ASSERT_EQ(Create(*storage_, left, 1), Status());
  ASSERT_EQ(Create(*storage_, right, 2), Status());
  const auto insert_both = [&](Storage& storage, std::int64_t n) -> Status {
    auto transaction = storage.Begin(Intent::kSchema, {});
    if (!transaction.ok()) return transaction.status();
    for (const plan::TablePtr& table : {left, right}) {
      plan::Insert insert;
      insert.table = table;
      insert.columns = {0, 1};
      plan::LiteralRows rows;
      rows.cells = {Datum::Integer(n), Datum::Text("x")};
      insert.source = std::move(rows);
      if (auto count = (*transaction)->Insert(insert, {}); !count.ok()) return count.status();
    }
    return (*transaction)->Commit();
  };
  ASSERT_EQ(insert_both(*storage_, 0), Status());
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::jthread> threads;
  threads.emplace_back([&] {
    for (std::int64_t n = 1; !done; ++n) ASSERT_EQ(insert_both(*storage_, n), Status());
  });
  threads.emplace_back([&] {
    std::int64_t before = 0;
    while (!done) {
      const std::int64_t rows = Count(*storage_, left);
      ASSERT_GE(rows, before);
      before = rows;
      ++reads;
    }
  });
  std::int64_t before = 0;
  for (int i = 0; i < 30 || reads < 30; ++i) {
    auto fork = storage_->Fork({});
    ASSERT_TRUE(fork.ok()) << fork.status();
    const std::int64_t rows = Count(*fork->storage, left);
    ASSERT_EQ(Count(*fork->storage, right), rows);
    ASSERT_GE(rows, before);
    before = rows;
    ASSERT_EQ(insert_both(*fork->storage, 1'000'000), Status());
    ASSERT_EQ(Count(*fork->storage, left), rows + 1);
  }
  done = true;
  threads.clear();
  const auto values = Read(*storage_, left);
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(std::count(values->begin(), values->end(), 1'000'000), 0);
}

}  // namespace
}  // namespace tql::storage
