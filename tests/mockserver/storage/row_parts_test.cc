// The rest of a scan in parts.
#include <thread>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

constexpr std::int64_t kRows = 1000;

class RowPartsTest : public StorageTest {
 protected:
  void SetUp() override {
    options_.divided_rows = 10;
    options_.statement_cache = 16;
    StorageTest::SetUp();
    table_ = Create(MakeTable(
        1, {{"id", TypeKind::kInt}, {"n", TypeKind::kInt}, {"v", TypeKind::kVarchar}}, {0}));
    std::vector<Datum> cells;
    for (std::int64_t id = 1; id <= kRows; ++id) {
      cells.push_back(Datum::Integer(id));
      cells.push_back(Datum::Integer(id * 3));
      cells.push_back(id % 5 == 0 ? Datum::Null() : Datum::Text(id == 701 ? "x" : "1"));
    }
    ASSERT_TRUE(Insert(table_, std::move(cells)).ok());
    plan::Delete del{table_, 1, Equal(Modulo(7), Int(3))};
    auto tx = storage_->Begin(Intent::kRows, {});
    ASSERT_TRUE(tx.ok());
    ASSERT_TRUE((*tx)->Delete(del, {}).ok());
    ASSERT_TRUE((*tx)->Commit().ok());
  }

  static plan::ExprPtr Id() { return Column(1, 0, TypeKind::kInt); }
  static plan::ExprPtr Modulo(std::int64_t by) {
    return Op(BinaryOp::kModulo, Id(), Int(by), TypeKind::kInt);
  }
  plan::Query Select(plan::ExprPtr where = nullptr) {
    plan::Query query = All(table_);
    std::get<plan::Select>(query.body).where = std::move(where);
    return query;
  }

  static std::string RowText(const Cursor& cursor) {
    std::string text;
    for (const Datum& datum : cursor.row()) text += TextOf(datum) + "|";
    return text;
  }
  /// Reads to the first row that may be divided; adds the rows to `rows`.
  static std::unique_ptr<RowParts> Divide(Cursor& cursor, std::vector<std::string>& rows,
                                          const Division& division = {3, 20, Cancellation()}) {
    for (;;) {
      const StatusOr<bool> more = cursor.Next();
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return nullptr;
      rows.push_back(RowText(cursor));
      if (cursor.divisible()) return cursor.Divide(division);
    }
  }
  /// Adds the rows of all parts, of which three are open at a time and are read by turns.
  static Status ReadParts(RowParts& parts, std::vector<std::string>& rows) {
    struct Open {
      std::unique_ptr<Cursor> cursor;
      std::vector<std::string> rows;
    };
    for (bool more = true; more;) {
      std::vector<Open> open;
      while (open.size() < parts.readers()) {
        std::unique_ptr<Cursor> cursor = parts.Next();
        if (!cursor) break;
        open.push_back({std::move(cursor), {}});
      }
      more = !open.empty();
      for (bool any = true; any;) {
        any = false;
        for (Open& part : open) {
          if (!part.cursor) continue;
          const StatusOr<bool> row = part.cursor->Next();
          if (!row.ok()) {
            rows.insert(rows.end(), part.rows.begin(), part.rows.end());
            return row.status();
          }
          any = any || *row;
          if (*row) part.rows.push_back(RowText(*part.cursor));
        }
      }
      for (const Open& part : open) rows.insert(rows.end(), part.rows.begin(), part.rows.end());
    }
    return Status();
  }
  std::vector<std::string> RowsOf(const plan::Query& query) {
    std::vector<std::string> rows;
    auto cursor = storage_->Open(query, {});
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    while ((*cursor)->Next().value()) rows.push_back(RowText(**cursor));
    return rows;
  }
  void Change(std::int64_t id, std::int64_t n) {
    ASSERT_TRUE(
        Insert(table_, {Datum::Integer(id), Datum::Integer(n), Datum::Text("changed")}).ok());
  }

  plan::TablePtr table_;
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(RowPartsTest);

TEST_P(RowPartsTest, HaveTheRowsInOrder) {
  const auto check = [this](const plan::Query& query) {
    std::vector<std::string> rows;
    auto cursor = storage_->Open(query, {});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    auto parts = Divide(**cursor, rows);
    ASSERT_TRUE(parts);
    EXPECT_FALSE((*cursor)->Next().value());
    EXPECT_LT(rows.size(), 50U);
    EXPECT_EQ(ReadParts(*parts, rows), Status());
    EXPECT_EQ(rows, RowsOf(query));
  };
  check(Select());
  check(Select(Equal(Modulo(2), Int(0))));
  check(Select(
      MakeExpr(plan::Logical{false, List(Equal(Modulo(3), Int(0)),
                                         Equal(Column(1, 2, TypeKind::kVarchar), Text("1")))},
               TypeKind::kBool)));
  plan::Query limited = Select();
  limited.limit = 5'000'000;
  check(limited);
}

TEST_P(RowPartsTest, CompiledQueriesHaveThemToo) {
  plan::Query query = Select(Equal(Modulo(2), Int(0)));
  auto& where = std::get<plan::Binary>(std::get<plan::Select>(query.body).where->node);
  std::get<plan::Literal>(where.right->node).varies_at = 7;
  auto compiled = storage_->Compile(std::move(query));
  ASSERT_TRUE(compiled.ok() && *compiled) << compiled.status();
  const Datum one = Datum::Integer(1);
  std::vector<std::string> rows;
  {
    auto cursor = storage_->OpenCompiled(**compiled, {&one, 1}, {});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    auto parts = Divide(**cursor, rows);
    ASSERT_TRUE(parts);
    EXPECT_EQ(ReadParts(*parts, rows), Status());
  }
  EXPECT_EQ(rows, RowsOf(Select(Equal(Modulo(2), Int(1)))));
}

TEST_P(RowPartsTest, KeepTheSnapshotOfTheCursor) {
  const std::vector<std::string> before = RowsOf(Select());
  std::vector<std::string> rows;
  auto cursor = storage_->Open(Select(), {});
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  auto parts = Divide(**cursor, rows);
  ASSERT_TRUE(parts);
  Change(900, 1);
  Change(2000, 2);
  EXPECT_EQ(ReadParts(*parts, rows), Status());
  EXPECT_EQ(rows, before);
  parts.reset();
  EXPECT_NE(RowsOf(Select()), before);
}

TEST_P(RowPartsTest, ACursorGoesOnAloneAfterAChange) {
  const std::vector<std::string> before = RowsOf(Select());
  std::vector<std::string> rows;
  auto cursor = storage_->Open(Select(), {});
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  Change(900, 1);
  EXPECT_FALSE(Divide(**cursor, rows));
  EXPECT_FALSE((*cursor)->divisible());
  while ((*cursor)->Next().value()) rows.push_back(RowText(**cursor));
  EXPECT_EQ(rows, before);
}

TEST_P(RowPartsTest, OnlyLargeScansHaveThem) {
  const auto is_divided = [this](const plan::Query& query) {
    std::vector<std::string> rows;
    auto cursor = storage_->Open(query, {});
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    return Divide(**cursor, rows) != nullptr;
  };
  EXPECT_TRUE(is_divided(Select()));
  EXPECT_FALSE(is_divided(Select(Equal(Id(), Int(4)))));  // by the key
  plan::Query limited = Select();
  limited.limit = 500;
  EXPECT_FALSE(is_divided(limited));
  plan::Query from = Select();
  from.offset = 1;
  EXPECT_FALSE(is_divided(from));
  plan::Query ordered = Select();
  ordered.order_by.push_back({Column(1, 1, TypeKind::kInt), true});
  EXPECT_FALSE(is_divided(ordered));
  plan::Query distinct = Select();
  std::get<plan::Select>(distinct.body).distinct = true;
  EXPECT_FALSE(is_divided(distinct));
  auto inner = std::make_unique<plan::Query>(MakeQuery(List(Int(1))));
  EXPECT_FALSE(is_divided(Select(MakeExpr(plan::Exists{std::move(inner)}, TypeKind::kBool))));
  ASSERT_TRUE(storage_->Begin(Intent::kRows, {}).ok());
}

TEST_P(RowPartsTest, AnErrorFollowsTheRowsBeforeIt) {
  const plan::Query query = MakeQuery(
      List(Id(), CastTo(Column(1, 2, TypeKind::kVarchar), TypeKind::kInt)), From(1, table_));
  std::vector<std::string> expected;
  auto alone = storage_->Open(query, {});
  ASSERT_TRUE(alone.ok());
  StatusOr<bool> more = true;
  while ((more = (*alone)->Next()).ok() && *more) expected.push_back(RowText(**alone));
  ASSERT_EQ(expected.size(), 600U);  // 1 to 700 without those that were deleted

  std::vector<std::string> rows;
  auto cursor = storage_->Open(query, {});
  ASSERT_TRUE(cursor.ok());
  auto parts = Divide(**cursor, rows);
  ASSERT_TRUE(parts);
  Status status;
  while (status.ok()) {
    auto part = parts->Next();
    ASSERT_TRUE(part);
    StatusOr<bool> row = true;
    while ((row = part->Next()).ok() && *row) rows.push_back(RowText(*part));
    status = row.status();
  }
  EXPECT_EQ(status, more.status());
  EXPECT_EQ(rows, expected);
}

class LimitedRowPartsTest : public RowPartsTest {
 protected:
  void SetUp() override {
    options_.steps_per_check = 10;
    options_.max_readers = 2;
    options_.max_spare_readers = 3;
    RowPartsTest::SetUp();
  }
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(LimitedRowPartsTest);

TEST_P(LimitedRowPartsTest, ACancellationStopsThem) {
  std::vector<std::string> rows;
  auto cursor = storage_->Open(Select(), {});
  ASSERT_TRUE(cursor.ok()) << cursor.status();
  std::stop_source stop;
  Cancellation cancellation;
  cancellation.stop = stop.get_token();
  auto parts = Divide(**cursor, rows, {2, 100, cancellation});
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->readers(), 2U);
  stop.request_stop();
  auto part = parts->Next();
  StatusOr<bool> row = true;
  while (row.ok() && *row) row = part->Next();
  EXPECT_EQ(row.status().code(), StatusCode::kCancelled);
}

TEST_P(LimitedRowPartsTest, SpareReadersAreMissedByNobody) {
  std::vector<std::string> rows;
  auto first = storage_->Open(Select(), {});
  auto second = storage_->Open(Select(), {});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(storage_->Open(Select(), {}).status().code(), StatusCode::kResourceExhausted);
  auto parts = Divide(**first, rows);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->readers(), 3U);
  auto others = Divide(**second, rows, {4, 20, Cancellation()});
  ASSERT_TRUE(others);
  EXPECT_EQ(others->readers(), 2U);  // its own and the last spare one
  EXPECT_FALSE(storage_->ReleaseIdle() && !GetParam());
  others.reset();
  parts.reset();
  first->reset();
  second->reset();
  EXPECT_TRUE(storage_->ReleaseIdle());
  EXPECT_TRUE(storage_->Open(Select(), {}).ok());
}

}  // namespace
}  // namespace tql::storage
