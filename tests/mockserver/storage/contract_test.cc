// What every storage guarantees: snapshots, transactions, catalog records, resources.
#include <optional>
#include <stop_token>
#include <thread>

#include "tests/mockserver/storage/contract_test_base.h"

namespace tql::storage {
namespace {

TQLKIT_FOR_EVERY_STORAGE(StorageContract);

TEST_P(StorageContract, WithoutCommitNothingStays) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  {
    auto transaction = storage_->Begin(Intent::kSchema, {});
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
  auto transaction = storage_->Begin(Intent::kSchema, {});
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
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->DropTable(1), Status());
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(Read(*storage_, table).status().code(), StatusCode::kAborted);
  EXPECT_EQ(storage_->Count(All(table), {}).status().code(), StatusCode::kAborted);
}

TEST_P(StorageContract, TransactionsWaitForTheirTurn) {
  auto first = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(first.ok());
  Cancellation now;
  now.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(storage_->Begin(Intent::kSchema, now).status().code(), StatusCode::kDeadlineExceeded);
  std::stop_source stop;
  stop.request_stop();
  Cancellation stopped;
  stopped.stop = stop.get_token();
  EXPECT_EQ(storage_->Begin(Intent::kSchema, stopped).status().code(), StatusCode::kCancelled);
  first->reset();
  EXPECT_TRUE(storage_->Begin(Intent::kSchema, {}).ok());
}

TEST_P(StorageContract, WhatIsStoredIsKnownBeforeTheNextTransactionBegins) {
  const plan::TablePtr table = Numbers(1);
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->CreateTable(*table), Status());
  int calls = 0;
  ASSERT_EQ((*transaction)->Commit([&] {
    ++calls;
    EXPECT_EQ(Count(*storage_, table), 0);  // it is there
    Cancellation now;
    now.deadline = std::chrono::steady_clock::now();
    EXPECT_EQ(storage_->Begin(Intent::kSchema, now).status().code(), StatusCode::kDeadlineExceeded);
  }),
            Status());
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(storage_->Begin(Intent::kSchema, {}).ok());  // although the transaction exists
}

TEST_P(StorageContract, TransactionSeesOneSchemaVersion) {
  ASSERT_EQ(Create(*storage_, Numbers(1), 7), Status());
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  EXPECT_EQ((*transaction)->SchemaVersion(), 7);
  ASSERT_EQ((*transaction)->PutVersion(8, 1), Status());
  EXPECT_EQ((*transaction)->SchemaVersion(), 7);
  ASSERT_EQ((*transaction)->Commit(), Status());
  transaction = storage_->Begin(Intent::kRows, {});
  ASSERT_TRUE(transaction.ok());
  EXPECT_EQ((*transaction)->SchemaVersion(), 8);
}

TEST_P(StorageContract, ReloadReturnsRecordsOnlyOfAnotherVersion) {
  EXPECT_EQ(*storage_->Reload(0), std::nullopt);
  ASSERT_EQ(Create(*storage_, Numbers(1), 7), Status());
  EXPECT_EQ(*storage_->Reload(7), std::nullopt);
  for (const std::int64_t known : {-1, 0, 6, 8}) {
    const auto records = storage_->Reload(known);
    ASSERT_TRUE(records.ok()) << records.status();
    ASSERT_TRUE(*records) << known;
    EXPECT_EQ((*records)->schema_version, 7);
    EXPECT_EQ((*records)->tables.size(), 1U);
  }
}

TEST_P(StorageContract, ReloadDuringATransactionReturnsWhatIsCommitted) {
  ASSERT_EQ(Create(*storage_, Numbers(1), 7), Status());
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->CreateTable(*Numbers(2)), Status());
  ASSERT_EQ((*transaction)->PutVersion(8, 2), Status());
  EXPECT_EQ(*storage_->Reload(7), std::nullopt);
  EXPECT_EQ((*storage_->Reload(0))->tables.size(), 1U);
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ((*storage_->Reload(7))->tables.size(), 2U);
}

TEST_P(StorageContract, OnlyTheIntentToChangeTheSchemaAllowsIt) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 7), Status());
  auto transaction = storage_->Begin(Intent::kRows, {});
  ASSERT_TRUE(transaction.ok());
  plan::Alteration alteration;
  alteration.before = alteration.after = table;
  alteration.sources = {{0, {}}, {1, {}}};
  for (const Status& status :
       {(*transaction)->PutDatabase({1, "d", "g"}), (*transaction)->PutSchema({2, 1, "s", "g"}),
        (*transaction)->PutTable(*table), (*transaction)->DeleteDatabase(1),
        (*transaction)->DeleteSchema(2), (*transaction)->PutVersion(8, 2),
        (*transaction)->CreateTable(*Numbers(2)), (*transaction)->DropTable(1),
        (*transaction)->AlterTable(alteration, {}).status()}) {
    EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition) << status;
  }
  ASSERT_TRUE((*transaction)->Insert(RowsOf(table, 0, 3), {}).ok());
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(Count(*storage_, table), 3);
  EXPECT_EQ(storage_->Load()->schema_version, 7);
}

TEST_P(StorageContract, CountInATransactionSeesItsChanges) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  auto transaction = storage_->Begin(Intent::kRows, {});
  ASSERT_TRUE(transaction.ok());
  EXPECT_EQ(*(*transaction)->Count(All(table), {}), 0);
  ASSERT_TRUE((*transaction)->Insert(RowsOf(table, 0, 5), {}).ok());
  EXPECT_EQ(*(*transaction)->Count(All(table), {}), 5);
  EXPECT_EQ(Count(*storage_, table), 0);
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ((*transaction)->Count(All(table), {}).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(Count(*storage_, table), 5);
}

TEST_P(StorageContract, SeveralInsertsShareATransaction) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  auto transaction = storage_->Begin(Intent::kRows, {});
  ASSERT_TRUE(transaction.ok());
  for (std::int64_t n = 0; n < 10; ++n) {
    EXPECT_EQ(*(*transaction)->Insert(RowsOf(table, n, n + 1), {}), 1);
  }
  EXPECT_EQ(*(*transaction)->Insert(RowsOf(table, 0, 2, "again"), {}), 2);
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(Count(*storage_, table), 10);
}

plan::TablePtr Partitioned(std::int32_t shards, std::vector<std::int32_t> key) {
  plan::TableDef def = MakeTable(1, {{"n", TypeKind::kBigInt}, {"text", TypeKind::kVarchar}}, {0});
  def.partition = plan::Partition{shards, std::move(key)};
  return std::make_shared<const plan::TableDef>(std::move(def));
}

TEST_P(StorageContract, RowsWithoutAShardKeyAreSpreadEvenly) {
  const plan::TablePtr table = Partitioned(4, {});
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  EXPECT_EQ(storage_->ShardRows(table, {})->rows, 0);
  ASSERT_EQ(Insert(*storage_, table, 0, 10), Status());
  const auto counts = storage_->ShardRows(table, {});
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->rows, 10);
  EXPECT_EQ(counts->fullest, 3);
  EXPECT_EQ(counts->emptiest, 2);
}

TEST_P(StorageContract, RowsOfOneShardKeyAreInOneShard) {
  const plan::TablePtr table = Partitioned(1'000'000'000, {1});
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 10), Status());
  const auto counts = storage_->ShardRows(table, {});
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->rows, 10);
  EXPECT_EQ(counts->fullest, 10);
  EXPECT_EQ(counts->emptiest, 0);
}

TEST_P(StorageContract, ShardsOfDifferentKeysHaveAllRows) {
  const plan::TablePtr table = Partitioned(2, {0});
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 1'000), Status());
  const auto counts = storage_->ShardRows(table, {});
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->fullest + counts->emptiest, 1'000);
  EXPECT_GE(counts->fullest, counts->emptiest);
  EXPECT_GT(counts->emptiest, 0);
}

TEST_P(StorageContract, ShardsOfADroppedTableAbort) {
  const plan::TablePtr table = Partitioned(2, {0});
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  auto transaction = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(transaction.ok());
  ASSERT_EQ((*transaction)->DropTable(1), Status());
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(storage_->ShardRows(table, {}).status().code(), StatusCode::kAborted);
}

TEST_P(StorageContract, AStorageWorksAfterItsIdleResourcesWereReleased) {
  const plan::TablePtr table = Numbers(1);
  EXPECT_TRUE(storage_->ReleaseIdle());
  EXPECT_TRUE(storage_->ReleaseIdle());
  ASSERT_EQ(Create(*storage_, table, 7), Status());
  EXPECT_TRUE(storage_->ReleaseIdle());
  ASSERT_EQ(Insert(*storage_, table, 0, 1'000), Status());
  EXPECT_TRUE(storage_->ReleaseIdle());
  EXPECT_EQ(Count(*storage_, table), 1'000);
  EXPECT_TRUE(storage_->ReleaseIdle());
  EXPECT_EQ(storage_->Load()->schema_version, 7);
  EXPECT_TRUE(storage_->ReleaseIdle());
  auto fork = storage_->Fork({});
  ASSERT_TRUE(fork.ok()) << fork.status();
  EXPECT_EQ(Count(*fork->storage, table), 1'000);
  EXPECT_TRUE(fork->storage->ReleaseIdle());
  ASSERT_EQ(Insert(*fork->storage, table, 1'000, 1'001), Status());
  EXPECT_TRUE(fork->storage->ReleaseIdle());
  EXPECT_EQ(Count(*fork->storage, table), 1'001);
  EXPECT_EQ(Count(*storage_, table), 1'000);
}

TEST_P(StorageContract, ReleaseIdleLeavesWhatIsInUse) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 2), Status());
  {
    auto cursor = storage_->Open(All(table), {});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    ASSERT_TRUE(*(*cursor)->Next());
    (void)storage_->ReleaseIdle();
    ASSERT_EQ(Insert(*storage_, table, 2, 3), Status());
    ASSERT_TRUE(*(*cursor)->Next());
    EXPECT_EQ((*cursor)->row()[0].integer(), 1);
    EXPECT_FALSE(*(*cursor)->Next());
  }
  auto transaction = storage_->Begin(Intent::kRows, {});
  ASSERT_TRUE(transaction.ok());
  ASSERT_TRUE((*transaction)->Insert(RowsOf(table, 3, 4), {}).ok());
  (void)storage_->ReleaseIdle();
  ASSERT_EQ((*transaction)->Commit(), Status());
  EXPECT_EQ(Count(*storage_, table), 4);
}

/// Readers and writers work while another thread releases what they do not use.
TEST_P(StorageContract, ReleaseIdleBesideStatements) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  constexpr std::int64_t kRows = 200;
  // A reader beside the first INSERT of a table may be ABORTED, and would read again.
  ASSERT_EQ(Insert(*storage_, table, 0, 1), Status());
  std::vector<std::jthread> threads;
  threads.emplace_back([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) (void)storage_->ReleaseIdle();
  });
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&](const std::stop_token& stop) {
      for (std::int64_t before = 0; !stop.stop_requested();) {
        const std::int64_t rows = Count(*storage_, table);
        ASSERT_GE(rows, before);
        before = rows;
      }
    });
  }
  for (std::int64_t n = 1; n < kRows; ++n) {
    ASSERT_EQ(Insert(*storage_, table, n, n + 1), Status());
  }
  threads.clear();
  EXPECT_EQ(Count(*storage_, table), kRows);
}

TEST_P(StorageContract, DataVersionsOfChangedTablesChange) {
  const plan::TablePtr one = Numbers(1);
  const plan::TablePtr two = Numbers(2);
  ASSERT_EQ(Create(*storage_, one, 1), Status());
  ASSERT_EQ(Create(*storage_, two, 2), Status());
  const auto version = [&](std::vector<plan::Id> tables) { return storage_->DataVersion(tables); };
  if (!version({1})) GTEST_SKIP() << "the storage does not know";
  const auto first = version({1, 2});
  EXPECT_EQ(version({1, 2}), first);
  ASSERT_EQ(Insert(*storage_, one, 0, 1), Status());
  const auto second = version({1, 2});
  EXPECT_NE(second, first);
  const auto of_two = version({2});
  ASSERT_EQ(Insert(*storage_, one, 1, 2), Status());
  EXPECT_EQ(version({2}), of_two);
  {
    auto transaction = storage_->Begin(Intent::kRows, {});
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE((*transaction)->Insert(RowsOf(two, 0, 1), {}).ok());
    EXPECT_EQ(version({2}), of_two);
  }
  EXPECT_EQ(version({2}), of_two);  // rolled back
  const auto changed = [&](const std::function<Status(Transaction&)>& change) {
    const auto before = version({1});
    auto transaction = storage_->Begin(Intent::kSchema, {});
    EXPECT_TRUE(transaction.ok());
    EXPECT_EQ(change(**transaction), Status());
    bool stored = false;
    EXPECT_EQ((*transaction)->Commit([&] {
      stored = true;
      EXPECT_EQ(version({1}), std::nullopt);  // readers may see both
    }),
              Status());
    EXPECT_TRUE(stored);
    return version({1}) != before;
  };
  plan::Update update{one, 1, {}, nullptr};
  update.assignments.push_back({0, Int(7, TypeKind::kBigInt)});
  plan::Delete del{one, 1, nullptr};
  EXPECT_TRUE(changed([&](Transaction& t) { return t.Update(update, {}).status(); }));
  EXPECT_TRUE(changed([&](Transaction& t) { return t.Delete(del, {}).status(); }));
  EXPECT_TRUE(changed([&](Transaction& t) { return t.Truncate(1); }));
  EXPECT_TRUE(changed([&](Transaction& t) { return t.DropTable(1); }));
}

TEST_P(StorageContract, ACompiledQueryTakesOtherValues) {
  const plan::TablePtr table = Numbers(1);
  ASSERT_EQ(Create(*storage_, table, 1), Status());
  ASSERT_EQ(Insert(*storage_, table, 0, 10), Status());
  plan::Query query = All(table);
  plan::ExprPtr literal = Int(3, TypeKind::kBigInt);
  std::get<plan::Literal>(literal->node).varies_at = 40;
  std::get<plan::Select>(query.body).where = MakeExpr(
      plan::Binary{plan::BinaryOp::kLess, Column(1, 0, TypeKind::kBigInt), std::move(literal)},
      TypeKind::kBool);
  const auto compiled = storage_->Compile(std::move(query));
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  if (!*compiled) GTEST_SKIP() << "the storage compiles no queries";
  ASSERT_EQ((*compiled)->varying().size(), 1U);
  EXPECT_EQ((*compiled)->varying()[0].place, 40U);
  for (const std::int64_t below : {3, 0, 7}) {
    const Datum value = Datum::Integer(below);
    auto cursor = storage_->OpenCompiled(**compiled, {&value, 1}, {});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    std::int64_t rows = 0;
    while (*(*cursor)->Next()) ++rows;
    EXPECT_EQ(rows, below);
  }
  EXPECT_EQ(storage_->OpenCompiled(**compiled, {}, {}).status().code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace tql::storage
