// The guarantees of every storage. To test another storage, add it to kStorages.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/storage/storage.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {
namespace {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using values::Datum;
using values::TypeKind;

struct Kind {
  const char* name;
  /// Opens a new storage; it may use the folder, which is empty.
  std::function<StatusOr<std::unique_ptr<Storage>>(const std::filesystem::path& folder)> open;
};

const Kind kStorages[] = {
    {"SqliteInMemory", [](const auto&) { return OpenSqlite({}); }},
    {"SqliteInAFile",
     [](const auto& folder) { return OpenSqlite({.path = (folder / "data.db").string()}); }},
};

plan::TablePtr Numbers(plan::Id id) {
  return std::make_shared<const plan::TableDef>(
      MakeTable(id, {{"n", TypeKind::kBigInt}, {"text", TypeKind::kVarchar}}, {0}));
}

class StorageContract : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    for (char& c : name) c = c == '/' ? '_' : c;
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("tqlkit-contract-" + name + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto storage = GetParam().open(folder_);
    ASSERT_TRUE(storage.ok()) << storage.status();
    storage_ = *std::move(storage);
    ASSERT_TRUE(storage_->Load().ok());
  }
  void TearDown() override {
    storage_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Creates the table and sets the schema version to `version`.
  static Status Create(Storage& storage, const plan::TablePtr& table, std::int64_t version) {
    auto transaction = storage.Begin({});
    if (!transaction.ok()) return transaction.status();
    if (Status status = (*transaction)->CreateTable(*table); !status.ok()) return status;
    if (Status status = (*transaction)->PutVersion(version, table->id); !status.ok()) return status;
    return (*transaction)->Commit();
  }
  /// Inserts rows `first` to `last` - 1, each with `text`.
  static Status Insert(Storage& storage, const plan::TablePtr& table, std::int64_t first,
                       std::int64_t last, const std::string& text = "x") {
    plan::Insert insert;
    insert.table = table;
    insert.columns = {0, 1};
    plan::LiteralRows rows;
    for (std::int64_t n = first; n < last; ++n) {
      rows.cells.push_back(Datum::Integer(n));
      rows.cells.push_back(Datum::Text(text));
    }
    insert.source = std::move(rows);
    auto transaction = storage.Begin({});
    if (!transaction.ok()) return transaction.status();
    if (auto count = (*transaction)->Insert(insert, {}); !count.ok()) return count.status();
    return (*transaction)->Commit();
  }
  static plan::Query All(const plan::TablePtr& table) {
    return MakeQuery(List(Column(1, 0, TypeKind::kBigInt)), From(1, table));
  }
  static std::int64_t Count(Storage& storage, const plan::TablePtr& table) {
    const auto count = storage.Count(All(table), {});
    EXPECT_TRUE(count.ok()) << count.status();
    return count.ok() ? *count : -1;
  }
  /// The values of the first column.
  static StatusOr<std::vector<std::int64_t>> Read(Storage& storage, const plan::TablePtr& table) {
    auto cursor = storage.Open(All(table), {});
    if (!cursor.ok()) return cursor.status();
    std::vector<std::int64_t> values;
    for (;;) {
      const StatusOr<bool> more = (*cursor)->Next();
      if (!more.ok()) return more.status();
      if (!*more) return values;
      values.push_back((*cursor)->row()[0].integer());
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<Storage> storage_;
};

INSTANTIATE_TEST_SUITE_P(Storages, StorageContract, ::testing::ValuesIn(kStorages),
                         [](const auto& param) { return std::string(param.param.name); });

using Values = std::vector<std::int64_t>;

TEST_P(StorageContract, WithoutCommitNothingStays) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  {
    auto transaction = storage_->Begin({});
    ASSERT_TRUE(transaction.ok());
    ASSERT_EQ((*transaction)->CreateTable(*Numbers(2)), Status());
    ASSERT_EQ((*transaction)->PutVersion(9, 9), Status());
  }
  const auto records = storage_->Load();
  ASSERT_TRUE(records.ok());
  EXPECT_EQ(records->tables.size(), 1U);
  EXPECT_EQ(records->schema_version, 1);
}

TEST_P(StorageContract, ACallThatFailsLeavesNothingOfItself) {
  const plan::TablePtr table =
      std::make_shared<const plan::TableDef>(MakeTable(1, {{"n", TypeKind::kInt}}));
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  const auto insert = [&](Transaction& transaction, std::vector<Datum> cells) {
    plan::Insert rows;
    rows.table = table;
    rows.columns = {0};
    plan::LiteralRows literals;
    literals.cells = std::move(cells);
    rows.source = std::move(literals);
    return transaction.Insert(rows, {}).status().code();
  };
  auto transaction = storage_->Begin({});
  ASSERT_TRUE(transaction.ok());
  EXPECT_EQ(insert(**transaction, {Datum::Integer(1), Datum::Integer(2)}), StatusCode::kOk);
  EXPECT_EQ(insert(**transaction, {Datum::Integer(3), Datum::Integer(std::int64_t{1} << 40)}),
            StatusCode::kOutOfRange);
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(*Read(*storage_, table), (Values{1, 2}));
}

TEST_P(StorageContract, AnEqualKeyReplacesTheRow) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 3), Status());
  ASSERT_EQ(Insert(*storage_, table, 1, 2, "new"), Status());
  EXPECT_EQ(Count(*storage_, table), 3);
}

TEST_P(StorageContract, ACursorKeepsItsSnapshotAndStopsNoWriter) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  auto cursor = storage_->Open(All(table), {});
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  ASSERT_TRUE(*(*cursor)->Next());
  ASSERT_EQ(Insert(*storage_, table, 2, 100), Status());
  ASSERT_TRUE(*(*cursor)->Next());
  EXPECT_EQ((*cursor)->row()[0].integer(), 1);
  EXPECT_FALSE(*(*cursor)->Next());
  EXPECT_EQ(Count(*storage_, table), 100);
}

TEST_P(StorageContract, ATableThatIsGoneAbortsAnOldPlan) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  auto transaction = storage_->Begin({});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->DropTable(1), Status());
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(Read(*storage_, table).status().code(), StatusCode::kAborted);
  EXPECT_EQ(storage_->Count(All(table), {}).status().code(), StatusCode::kAborted);
}

TEST_P(StorageContract, TransactionsWaitForTheirTurn) {
  auto first = storage_->Begin({});
  ASSERT_TRUE(first.ok());
  Cancellation now;
  now.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(storage_->Begin(now).status().code(), StatusCode::kDeadlineExceeded);
  std::stop_source stop;
  stop.request_stop();
  Cancellation stopped;
  stopped.stop = stop.get_token();
  EXPECT_EQ(storage_->Begin(stopped).status().code(), StatusCode::kCancelled);
  first->reset();
  EXPECT_TRUE(storage_->Begin({}).ok());
}

TEST_P(StorageContract, WhatIsStoredIsKnownBeforeTheNextTransactionBegins) {
  const plan::TablePtr table = Numbers(1);
  auto transaction = storage_->Begin({});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->CreateTable(*table), Status());
  int calls = 0;
  ASSERT_EQ((*transaction)->Commit([&] {
    ++calls;
    EXPECT_EQ(Count(*storage_, table), 0);  // it is there
    Cancellation now;
    now.deadline = std::chrono::steady_clock::now();
    EXPECT_EQ(storage_->Begin(now).status().code(), StatusCode::kDeadlineExceeded);
  }),
            Status());
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(storage_->Begin({}).ok());  // although the transaction exists
}

TEST_P(StorageContract, ForkHasRowsAndRecords) {
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

TEST_P(StorageContract, ForkAndOriginAreIndependent) {
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

TEST_P(StorageContract, ForkAndOriginOutliveEachOther) {
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

TEST_P(StorageContract, ForkDuringReadHasCommittedRows) {
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

TEST_P(StorageContract, ForkWaitsForTransaction) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  auto transaction = storage_->Begin({});
  ASSERT_TRUE(transaction.ok());
  Cancellation now;
  now.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(storage_->Fork(now).status().code(), StatusCode::kDeadlineExceeded);
  transaction->reset();
  EXPECT_TRUE(storage_->Fork({}).ok());
}

/// Every transaction moves an amount from one account to another, and a fork must not see half of
/// one. Readers and writers continue meanwhile, in the origin and in the forks.
TEST_P(StorageContract, ConcurrentForksAreConsistent) {
  const plan::TablePtr left = Numbers(1);
  const plan::TablePtr right = Numbers(2);
  ASSERT_EQ(Create(*storage_, left, 1), Status());
  ASSERT_EQ(Create(*storage_, right, 2), Status());
  const auto insert_both = [&](Storage& storage, std::int64_t n) -> Status {
    auto transaction = storage.Begin({});
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
