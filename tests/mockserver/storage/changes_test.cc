// INSERT, UPDATE, DELETE and transactions beyond the simple cases.
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

class ChangesTest : public StorageTest {
 protected:
  StatusOr<std::int64_t> Run(const plan::Update& update) {
    auto tx = storage_->Begin(Intent::kSchema, {});
    if (!tx) return tx.status();
    auto count = (*tx)->Update(update, {});
    if (!count) return count;
    if (Status status = (*tx)->Commit(); !status.ok()) return status;
    return count;
  }
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(ChangesTest);

TEST_P(ChangesTest, FailedChangeIsRolledBackAlone) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->Insert(InsertOf(table, {Datum::Integer(1)}), {}).ok());
  EXPECT_EQ((*tx)
                ->Insert(InsertOf(table, {Datum::Integer(2), Datum::Integer(5'000'000'000)}), {})
                .status(),
            OutOfRangeError("row 2 has a value too large for int"));
  ASSERT_TRUE((*tx)->Insert(InsertOf(table, {Datum::Integer(3)}), {}).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Rows(All(table)), "1;3");
}

TEST_P(ChangesTest, AssignmentSeesOldTable) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kBigInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(1), Datum::Integer(2),
                             Datum::Integer(2), Datum::Integer(3), Datum::Integer(3)})
                  .ok());
  // b becomes the sum of all b up to this row: 1, 3, 6. An update in place would yield 1, 3, 7.
  auto sum = std::make_unique<plan::Query>(MakeQuery(
      List(MakeExpr(
          plan::Aggregate{plan::AggregateFunction::kSum, false, Column(2, 1, TypeKind::kBigInt)},
          TypeKind::kBigInt)),
      From(2, table),
      Op(BinaryOp::kLessEqual, Column(2, 0, TypeKind::kInt), Column(1, 0, TypeKind::kInt),
         TypeKind::kBool)));
  plan::Update update;
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({1, MakeExpr(plan::ScalarQuery{std::move(sum)}, TypeKind::kBigInt)});
  EXPECT_EQ(*Run(update), 3);
  EXPECT_EQ(Rows(All(table)), "1|1;2|3;3|6");
}

TEST_P(ChangesTest, ComputedValueMustFitColumn) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"f", TypeKind::kFloat}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(2'000'000'000), Datum::Real(0.1)}).ok());
  EXPECT_EQ(Rows(All(table)), "2000000000|0.10000000149011612");  // The float nearest to 0.1.
  plan::Update update;
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({0, Op(BinaryOp::kMultiply, Column(1, 0, TypeKind::kInt),
                                      Int(2, TypeKind::kInt), TypeKind::kInt)});
  EXPECT_EQ(Run(update).status(),
            OutOfRangeError("Column \"a\": 4000000000 is out of range for int"));
  update.assignments.clear();
  update.assignments.push_back({1, Real(1e300)});
  EXPECT_EQ(Run(update).status(),
            OutOfRangeError("Column \"f\": 1e+300 is out of range for float"));
  update.assignments.clear();
  update.assignments.push_back({1, Real(0.2)});
  EXPECT_EQ(*Run(update), 1);
  EXPECT_EQ(Rows(All(table)), "2000000000|0.20000000298023224");
  EXPECT_EQ(Rows(All(table)), "2000000000|0.20000000298023224");
}

TEST_P(ChangesTest, UpsertsKeysWithNulls) {
  const auto table = Create(MakeTable(
      1, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}, {"c", TypeKind::kInt}}, {0, 1}));
  ASSERT_TRUE(
      Insert(table, {Datum::Integer(1), Datum::Null(), Datum::Integer(10), Datum::Null(),
                     Datum::Text("x"), Datum::Integer(20), Datum::Null(), Datum::Null(),
                     Datum::Integer(30), Datum::Integer(1), Datum::Text(""), Datum::Integer(40)})
          .ok());
  EXPECT_EQ(Rows(All(table)), "1|NULL|10;NULL|x|20;NULL|NULL|30;1||40");
  plan::Insert again;
  again.table = table;
  again.columns = {0, 1, 2};
  again.source = std::make_unique<plan::Query>(All(table));
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ(*(*tx)->Insert(again, {}), 4);
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*storage_->Count(All(table), {}), 4);
  plan::Update update;  // (1, '') becomes (1, NULL), which is the key of another row.
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({1, Null()});
  update.where = Equal(Column(1, 2, TypeKind::kInt), Int(40, TypeKind::kInt));
  EXPECT_EQ(*Run(update), 1);
  EXPECT_EQ(Rows(All(table)), "NULL|x|20;NULL|NULL|30;1|NULL|40");
}

TEST_P(ChangesTest, CountsRowsOfKeyOnlyTable) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}, {0}));
  EXPECT_EQ(*Insert(table, {Datum::Integer(1), Datum::Integer(1), Datum::Null(), Datum::Null()}),
            4);
  EXPECT_EQ(Rows(All(table)), "1;NULL");
}

TEST_P(ChangesTest, InvalidDefaultIsAnError) {
  plan::TableDef def = MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}});
  def.columns[1].default_text = "many";
  const auto table = Create(def);
  plan::Insert insert = InsertOf(table, {Datum::Integer(1)});
  insert.columns = {0};
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ((*tx)->Insert(insert, {}).status().code(), StatusCode::kInvalidArgument);
}

TEST_P(ChangesTest, CancelledChangeIsRolledBack) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  std::vector<Datum> cells(2000, Datum::Integer(1));
  ASSERT_TRUE(Insert(table, cells).ok());
  plan::RelationPtr pairs = From(1, table);
  for (plan::RelationId id = 2; id <= 4; ++id) {
    auto join = std::make_unique<plan::Relation>();
    join->node = plan::Join{plan::JoinKind::kCross, std::move(pairs), From(id, table), nullptr};
    pairs = std::move(join);
  }
  plan::Insert insert;
  insert.table = table;
  insert.columns = {0};
  insert.source = std::make_unique<plan::Query>(
      MakeQuery(List(Column(1, 0, TypeKind::kInt)), std::move(pairs)));
  Cancellation cancel;
  int asked = 0;
  cancel.client_gone = [&] { return ++asked > 5; };
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_EQ((*tx)->Insert(insert, cancel).status(), CancelledError("the client went away"));
    EXPECT_EQ((*tx)->Commit().code(), StatusCode::kAborted);
    EXPECT_EQ((*tx)->Truncate(1).code(), StatusCode::kAborted);
  }
  EXPECT_EQ(*storage_->Count(All(table), {}), 2000);
  EXPECT_TRUE(Insert(table, {Datum::Integer(5)}).ok());
}

TEST_P(ChangesTest, TruncateAndDrop) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}, {0}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1)}).ok());
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    ASSERT_TRUE((*tx)->Truncate(1).ok());
    ASSERT_TRUE((*tx)->Commit().ok());
    EXPECT_EQ((*tx)->Commit().code(), StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(Rows(All(table)), "");
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->DropTable(1).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_TRUE(storage_->Load().ok());  // Would wait for the transaction if it were still open.
}

TEST_P(ChangesTest, TransactionsWaitForEachOther) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  auto first = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE(first.ok());
  Cancellation late;
  late.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(storage_->Begin(Intent::kSchema, late).status().code(), StatusCode::kDeadlineExceeded);
  std::stop_source stop;
  Cancellation stopped;
  stopped.stop = stop.get_token();
  std::jthread waiter([&] {
    EXPECT_EQ(storage_->Begin(Intent::kSchema, stopped).status().code(), StatusCode::kCancelled);
  });
  stop.request_stop();
  waiter.join();
  // Readers do not wait.
  EXPECT_EQ(Rows(All(table)), "");
  std::jthread next([&] { EXPECT_TRUE(Insert(table, {Datum::Integer(2)}).ok()); });
  ASSERT_TRUE((*first)->Insert(InsertOf(table, {Datum::Integer(1)}), {}).ok());
  ASSERT_TRUE((*first)->Commit().ok());
  first = CancelledError("over");  // Destroys the transaction, which ends its turn.
  next.join();
  EXPECT_EQ(Rows(All(table)), "1;2");
}

}  // namespace
}  // namespace tql::storage
