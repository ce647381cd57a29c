// InsertBatches, compared with an Insert of one row after the other.
#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

class BatchesTest : public StorageTest {
 protected:
  plan::TablePtr Table(plan::Id id, std::vector<std::int32_t> key) {
    return Create(MakeTable(id,
                            {{"k", TypeKind::kBigInt},
                             {"r", TypeKind::kDouble},
                             {"f", TypeKind::kFloat},
                             {"s", TypeKind::kVarchar}},
                            std::move(key)));
  }

  /// `cells` in batches of `rows` rows.
  static NextRows BatchesOf(const std::vector<Datum>& cells, std::size_t width, std::size_t rows) {
    return [cells = std::span(cells),
            size = rows * width](plan::LiteralRows* batch) mutable -> StatusOr<bool> {
      const auto taken = cells.first(std::min(size, cells.size()));
      batch->cells.assign(taken.begin(), taken.end());
      cells = cells.subspan(taken.size());
      return !taken.empty();
    };
  }

  StatusOr<std::int64_t> InsertBatches(const plan::TablePtr& table, const std::vector<Datum>& cells,
                                       std::size_t rows, const Cancellation& cancellation = {}) {
    auto tx = storage_->Begin(Intent::kRows, {});
    if (!tx.ok()) return tx.status();
    auto count =
        (*tx)->InsertBatches(table, BatchesOf(cells, table->columns.size(), rows), cancellation);
    if (!count.ok()) return count;
    if (Status status = (*tx)->Commit(); !status.ok()) return status;
    return count;
  }

  void InsertRows(const plan::TablePtr& table, const std::vector<Datum>& cells) {
    auto tx = storage_->Begin(Intent::kRows, {});
    ASSERT_TRUE(tx.ok());
    const std::size_t width = table->columns.size();
    for (std::size_t i = 0; i < cells.size(); i += width) {
      const auto row = std::span(cells).subspan(i, width);
      ASSERT_TRUE((*tx)->Insert(InsertOf(table, {row.begin(), row.end()}), {}).ok());
    }
    ASSERT_TRUE((*tx)->Commit().ok());
  }

  /// Rows whose keys are one of `keys`, or NULL.
  std::vector<Datum> RandomRows(std::size_t rows, std::uint64_t keys) {
    std::vector<Datum> cells;
    for (std::size_t i = 0; i < rows; ++i) {
      const auto number = static_cast<std::int64_t>(random_() % keys);
      cells.push_back(random_() % 50 == 0 ? Datum::Null() : Datum::Integer(number));
      cells.push_back(random_() % 9 == 0 ? Datum::Integer(7) : Datum::Real(0.1 * (i % 77)));
      cells.push_back(Datum::Real(i % 5 == 0 ? -0.0 : 0.1));
      texts_.push_back(std::make_unique<std::string>(random_() % 60, 'a' + i % 26));
      cells.push_back(Datum::Text(*texts_.back()));
    }
    return cells;
  }

  std::mt19937_64 random_{11};
  std::vector<std::unique_ptr<std::string>> texts_;
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(BatchesTest);

TEST_P(BatchesTest, AreRowsInTheirOrder) {
  const std::vector<Datum> cells = RandomRows(5'000, 1'000'000);
  const auto batches = Table(1, {});
  const auto rows = Table(2, {});
  EXPECT_EQ(*InsertBatches(batches, cells, 1'000), 5'000);
  InsertRows(rows, cells);
  EXPECT_EQ(Rows(All(batches)), Rows(All(rows)));
  // After other rows, too.
  EXPECT_EQ(*InsertBatches(batches, cells, 700), 5'000);
  InsertRows(rows, cells);
  EXPECT_EQ(Rows(All(batches)), Rows(All(rows)));
}

TEST_P(BatchesTest, ReplaceRowsWithTheSameKey) {
  plan::Id id = 0;
  for (const std::uint64_t keys : {3, 500, 1'000'000'000}) {
    for (const std::vector<std::int32_t>& key :
         {std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0, 3}}) {
      const std::vector<Datum> cells = RandomRows(4'000, keys);
      const auto batches = Table(++id, key);
      const auto rows = Table(++id, key);
      EXPECT_EQ(*InsertBatches(batches, cells, 1'000), 4'000);
      InsertRows(rows, cells);
      EXPECT_EQ(Rows(All(batches)), Rows(All(rows))) << keys;
      const std::vector<Datum> more = RandomRows(2'000, keys);
      EXPECT_EQ(*InsertBatches(batches, more, 1'000), 2'000);  // into a table with rows
      InsertRows(rows, more);
      EXPECT_EQ(Rows(All(batches)), Rows(All(rows))) << keys;
    }
  }
}

TEST_P(BatchesTest, AreAllOrNothing) {
  const auto table = Create(MakeTable(1, {{"k", TypeKind::kInt}}, {0}));
  std::vector<Datum> cells;
  for (std::int64_t i = 0; i < 3'000; ++i) cells.push_back(Datum::Integer(i));
  cells.back() = Datum::Integer(5'000'000'000);
  EXPECT_EQ(InsertBatches(table, cells, 1'000).status(),
            OutOfRangeError("row 1000 has a value too large for int"));
  EXPECT_EQ(Rows(All(table)), "");

  // The transaction can go on, and the table has its key.
  auto tx = storage_->Begin(Intent::kRows, {});
  EXPECT_FALSE((*tx)->InsertBatches(table, BatchesOf(cells, 1, 1'000), {}).ok());
  ASSERT_TRUE((*tx)->Insert(InsertOf(table, {Datum::Integer(1), Datum::Integer(1)}), {}).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Rows(All(table)), "1");
}

TEST_P(BatchesTest, CanBeCancelled) {
  const auto table = Create(MakeTable(1, {{"k", TypeKind::kBigInt}}, {0}));
  std::vector<Datum> cells;
  for (std::int64_t i = 0; i < 20'000; ++i) cells.push_back(Datum::Integer(i));
  std::stop_source stop;
  auto tx = storage_->Begin(Intent::kRows, {});
  int batches = 0;
  const NextRows from = BatchesOf(cells, 1, 1'000);
  const NextRows next = [&](plan::LiteralRows* rows) {
    if (++batches == 5) stop.request_stop();
    return from(rows);
  };
  Cancellation cancellation;
  cancellation.stop = stop.get_token();
  EXPECT_EQ((*tx)->InsertBatches(table, next, cancellation).status().code(),
            StatusCode::kCancelled);
  EXPECT_EQ(batches, 5);
  tx->reset();
  EXPECT_EQ(Rows(All(table)), "");
  EXPECT_EQ(*InsertBatches(table, cells, 1'000), 20'000);
}

// A row of an unusual size among others is inserted by itself.
TEST_P(BatchesTest, HaveRowsOfAnySize) {
  const auto table = Create(MakeTable(1, {{"s", TypeKind::kVarchar}}));
  std::vector<std::string> texts(300);
  std::vector<Datum> cells;
  std::string expected;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i].assign(i % 100 == 50 ? 3'000'000 : 1 + i % 10 * 5'000,
                    static_cast<char>('a' + i % 26));
    cells.push_back(Datum::Text(texts[i]));
    expected += (i > 0 ? ";" : "") + texts[i];
  }
  EXPECT_EQ(*InsertBatches(table, cells, 300), 300);
  const std::string found = Rows(All(table));
  EXPECT_EQ(found.size(), expected.size());
  EXPECT_TRUE(found == expected) << found.substr(0, 100);
}

// Columns that were added later, dropped or changed are at other places in SQLite's table.
TEST_P(BatchesTest, BeforeAndAfterAlterations) {
  const auto alter = [&](const plan::TablePtr& before, plan::TableDef def,
                         std::vector<std::int32_t> sources, plan::Alteration alteration = {}) {
    def.live_schema_version = before->live_schema_version + 1;
    alteration.before = before;
    alteration.after = std::make_shared<const plan::TableDef>(std::move(def));
    alteration.sources.resize(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) alteration.sources[i].column = sources[i];
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_TRUE((*tx)->AlterTable(alteration, {}).ok());
    EXPECT_TRUE((*tx)->Commit().ok());
    return alteration.after;
  };
  const auto rows = [](const std::vector<Datum>& row) {
    std::vector<Datum> cells;
    for (int i = 0; i < 200; ++i) cells.insert(cells.end(), row.begin(), row.end());
    return cells;
  };
  const auto last_of = [&](const plan::TablePtr& table) {
    const std::string all = Rows(All(table));
    return all.substr(all.rfind(';') + 1);
  };
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}}));
  EXPECT_EQ(*InsertBatches(table, rows({Datum::Integer(1), Datum::Text("x")}), 200), 200);
  EXPECT_EQ(last_of(table), "1|x");

  plan::TableDef def = *table;
  plan::ColumnDef added = def.columns[0];
  added.id = 77;
  added.name = "c";
  def.columns.insert(def.columns.begin(), added);  // before the others, in SQLite's after them
  const auto wider = alter(table, def, {-1, 0, 1});
  const std::vector<Datum> row = {Datum::Integer(-2), Datum::Integer(2), Datum::Text("y")};
  EXPECT_EQ(*InsertBatches(wider, rows(row), 200), 200);
  EXPECT_EQ(last_of(wider), "-2|2|y");

  plan::TableDef narrow = *wider;  // is written anew, in the order of the definition
  narrow.columns.erase(narrow.columns.begin() + 1);
  const auto narrower = alter(wider, narrow, {0, 2});
  EXPECT_EQ(*InsertBatches(narrower, rows({Datum::Integer(-3), Datum::Text("z")}), 200), 200);
  EXPECT_EQ(last_of(narrower), "-3|z");
}

// The failed call has created SQLite's table, which is removed with it.
TEST_P(BatchesTest, TheTransactionGoesOnAfterAFailure) {
  const auto table = Create(MakeTable(1, {{"k", TypeKind::kInt}}));
  std::vector<Datum> cells(300, Datum::Integer(1));
  cells.back() = Datum::Integer(5'000'000'000);
  auto tx = storage_->Begin(Intent::kRows, {});
  EXPECT_FALSE((*tx)->InsertBatches(table, BatchesOf(cells, 1, 300), {}).ok());
  EXPECT_FALSE((*tx)->Insert(InsertOf(table, cells), {}).ok());
  cells.resize(2);
  EXPECT_EQ((*tx)->Insert(InsertOf(table, cells), {}).status(), Status());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Rows(All(table)), "1;1");
}

}  // namespace
}  // namespace tql::storage
