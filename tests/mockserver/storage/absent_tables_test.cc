// Tables without any row ever, which have no physical table. The difference must not be visible.
#include "mockserver/storage/sqlite/absent_tables.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

using plan::Aggregate;
using plan::AggregateFunction;

class AbsentTablesTest : public StorageTest {
 protected:
  plan::TableDef Pair(plan::Id id) {
    return MakeTable(id, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}}, {0});
  }
  plan::ExprPtr CountAll() {
    return MakeExpr(Aggregate{AggregateFunction::kCountRows, false, nullptr}, TypeKind::kBigInt);
  }
  plan::ExprPtr MaxOfA() {
    return MakeExpr(Aggregate{AggregateFunction::kMax, false, Column(1, 0, TypeKind::kInt)},
                    TypeKind::kInt);
  }
  /// The second columns of both tables, joined on the first.
  std::string Join(plan::JoinKind kind, const plan::TablePtr& left, const plan::TablePtr& right) {
    plan::Join node;
    node.kind = kind;
    node.left = From(1, left);
    node.right = From(2, right);
    node.on = Equal(Column(1, 0, TypeKind::kInt), Column(2, 0, TypeKind::kInt));
    auto relation = std::make_unique<plan::Relation>();
    relation->node = std::move(node);
    return Rows(MakeQuery(List(Column(1, 1, TypeKind::kVarchar), Column(2, 1, TypeKind::kVarchar)),
                          std::move(relation)));
  }
  /// INSERT INTO `to` SELECT * FROM `from`.
  StatusOr<std::int64_t> Copy(const plan::TablePtr& to, const plan::TablePtr& from) {
    plan::Insert insert;
    insert.table = to;
    insert.columns = {0, 1};
    insert.source = std::make_unique<plan::Query>(All(from));
    auto tx = storage_->Begin(Intent::kSchema, {});
    auto rows = (*tx)->Insert(insert, {});
    const Status done = rows.ok() ? (*tx)->Commit() : rows.status();
    if (!done.ok()) return done;
    return rows;
  }
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(AbsentTablesTest);

TEST_P(AbsentTablesTest, ReadAsEmpty) {
  const auto table = Create(Pair(1));
  EXPECT_EQ(Rows(All(table)), "");
  EXPECT_EQ(*storage_->Count(All(table), {}), 0);
  EXPECT_EQ(Rows(MakeQuery(List(CountAll(), MaxOfA()), From(1, table))), "0|NULL");
}

TEST_P(AbsentTablesTest, JoinAsEmpty) {
  const auto full = Create(Pair(1));
  const auto empty = Create(Pair(2));
  ASSERT_TRUE(Insert(full, {Datum::Integer(1), Datum::Text("x")}).ok());
  EXPECT_EQ(Join(plan::JoinKind::kInner, full, empty), "");
  EXPECT_EQ(Join(plan::JoinKind::kLeft, full, empty), "x|NULL");
  EXPECT_EQ(Join(plan::JoinKind::kFull, full, empty), "x|NULL");
}

TEST_P(AbsentTablesTest, AppearWithinOneSnapshot) {
  for (plan::Id id = 1; id < 200; id += 2) {
    const auto left = Create(Pair(id));
    const auto right = Create(Pair(id + 1));
    std::jthread writer([&] {
      auto tx = storage_->Begin(Intent::kSchema, {});
      for (const auto& table : {left, right}) {
        ASSERT_TRUE((*tx)->Insert(InsertOf(table, {Datum::Integer(1), Datum::Text("x")}), {}).ok());
      }
      ASSERT_TRUE((*tx)->Commit().ok());
    });
    for (std::string rows; rows != "x|x";) {
      rows = Join(plan::JoinKind::kLeft, left, right);
      ASSERT_TRUE(rows.empty() || rows == "x|x" || rows.starts_with("ABORTED")) << rows;
    }
  }
}

TEST_P(AbsentTablesTest, AppearWithFirstRow) {
  const auto table = Create(Pair(1));
  for (int reader = 0; reader < 3; ++reader) EXPECT_EQ(Rows(All(table)), "");
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Text("x")}).ok());
  for (int reader = 0; reader < 3; ++reader) EXPECT_EQ(Rows(All(table)), "1|x");
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Text("y")}).ok());
  EXPECT_EQ(Rows(All(table)), "1|y");
}

TEST_P(AbsentTablesTest, StayAbsentAfterRollback) {
  const auto table = Create(Pair(1));
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    ASSERT_TRUE((*tx)->Insert(InsertOf(table, {Datum::Integer(1), Datum::Text("x")}), {}).ok());
    EXPECT_EQ(Rows(All(table)), "");
  }
  EXPECT_EQ(Rows(All(table)), "");
  ASSERT_TRUE(Insert(table, {Datum::Integer(2), Datum::Text("y")}).ok());
  EXPECT_EQ(Rows(All(table)), "2|y");
}

TEST_P(AbsentTablesTest, ChangesFindNoRow) {
  const auto table = Create(Pair(1));
  plan::Update update;
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({0, Int(2, TypeKind::kInt)});
  plan::Delete del;
  del.table = table;
  del.relation = 1;
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->Truncate(table->id).ok());
  EXPECT_EQ(*(*tx)->Update(update, {}), 0);
  EXPECT_EQ(*(*tx)->Delete(del, {}), 0);
  ASSERT_TRUE((*tx)->Truncate(table->id).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Rows(All(table)), "");
}

TEST_P(AbsentTablesTest, CopyAsEmpty) {
  const auto to = Create(Pair(1));
  const auto from = Create(Pair(2));
  EXPECT_EQ(*Copy(to, from), 0);
  EXPECT_EQ(*Copy(from, from), 0);
  ASSERT_TRUE(Insert(from, {Datum::Integer(1), Datum::Text("x")}).ok());
  EXPECT_EQ(*Copy(to, from), 1);
  EXPECT_EQ(Rows(All(to)), "1|x");
}

TEST_P(AbsentTablesTest, AreAlteredAndDropped) {
  const auto table = Create(Pair(1));
  plan::TableDef after = *table;
  plan::ColumnDef& added = after.columns.emplace_back();
  added.id = 150;
  added.name = "c";
  added.type = {TypeKind::kInt, 0};
  added.default_text = "7";
  ++after.live_schema_version;
  plan::Alteration alteration;
  alteration.before = table;
  alteration.after = std::make_shared<const plan::TableDef>(after);
  alteration.sources = {{0, {}}, {1, {}}, {-1, {}}};
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->AlterTable(alteration, {}).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Read(All(table)).status().code(), StatusCode::kAborted) << "an old plan";
  EXPECT_EQ(Insert(table, {Datum::Integer(1), Datum::Text("x")}).status().code(),
            StatusCode::kAborted);
  ASSERT_TRUE(
      Insert(alteration.after, {Datum::Integer(1), Datum::Text("x"), Datum::Integer(2)}).ok());
  EXPECT_EQ(Rows(All(alteration.after)), "1|x|2");

  const auto gone = Create(Pair(2));
  tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->DropTable(2).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Read(All(gone)).status().code(), StatusCode::kAborted);
  EXPECT_EQ(Insert(gone, {Datum::Integer(1), Datum::Text("x")}).status().code(),
            StatusCode::kAborted);
}

TEST_P(AbsentTablesTest, SurviveTheServer) {
  if (!GetParam()) GTEST_SKIP() << "there is nothing to open again";
  const auto table = Create(Pair(1));
  Open();
  EXPECT_EQ(Rows(All(table)), "");
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Text("x")}).ok());
  Open();
  EXPECT_EQ(Rows(All(table)), "1|x");
}

}  // namespace
}  // namespace tql::storage
