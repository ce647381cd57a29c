// AlterTable(): in place, with a new table, keys, cancellation, and plans older than the
// alteration.
#include <atomic>
#include <optional>
#include <thread>

#include "tests/mockserver/storage/storage_test_base.h"

namespace tql::storage {
namespace {

using plan::Alteration;

class AlterTest : public StorageTest {
 protected:
  /// An alteration that keeps all columns.
  static Alteration Keep(const plan::TablePtr& before) {
    Alteration alteration;
    alteration.before = before;
    auto after = std::make_shared<plan::TableDef>(*before);
    ++after->live_schema_version;
    alteration.after = after;
    for (std::size_t i = 0; i < before->columns.size(); ++i) {
      alteration.sources.push_back({static_cast<std::int32_t>(i), std::nullopt});
    }
    return alteration;
  }
  static plan::TableDef& After(Alteration& alteration) {
    return const_cast<plan::TableDef&>(*alteration.after);
  }
  static void Add(Alteration& alteration, plan::Id id, TypeKind kind,
                  std::optional<std::string> default_text) {
    plan::ColumnDef column;
    column.id = id;
    column.name = "new" + std::to_string(id);
    column.type.kind = kind;
    column.default_text = std::move(default_text);
    After(alteration).columns.push_back(column);
    alteration.sources.emplace_back();
  }
  static void Convert(Alteration& alteration, std::size_t column, TypeKind to,
                      std::string format = {}) {
    const TypeKind from = After(alteration).columns[column].type.kind;
    After(alteration).columns[column].type.kind = to;
    alteration.sources[column].conversion =
        values::ColumnConversion{from, to, std::move(format), false};
  }
  static void Drop(Alteration& alteration, std::size_t column) {
    After(alteration)
        .columns.erase(After(alteration).columns.begin() + static_cast<std::ptrdiff_t>(column));
    alteration.sources.erase(alteration.sources.begin() + static_cast<std::ptrdiff_t>(column));
  }
  /// Returns the altered table; stores "count x 'first'" of the inconvertible values in lost_.
  plan::TablePtr Alter(const Alteration& alteration) {
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_TRUE(tx.ok()) << tx.status();
    const auto lost = (*tx)->AlterTable(alteration, {});
    EXPECT_TRUE(lost.ok()) << lost.status();
    EXPECT_EQ((*tx)->Commit(), Status());
    lost_.clear();
    if (!lost.ok()) return alteration.before;
    for (const plan::Inconvertible& values : *lost) {
      lost_ += std::to_string(values.column) + ": " + std::to_string(values.count) + " x '" +
               values.first + "';";
    }
    return alteration.after;
  }
  std::string lost_;
};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(AlterTest);

Datum I(std::int64_t value) { return Datum::Integer(value); }
Datum T(std::string_view value) { return Datum::Text(value); }

TEST_P(AlterTest, NewColumnsHaveDefaults) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}, {0}));
  ASSERT_TRUE(Insert(table, {I(1), I(2)}).ok());
  Alteration alteration = Keep(table);
  Add(alteration, 900, TypeKind::kBigInt, "-9223372036854775808");
  Add(alteration, 901, TypeKind::kDouble, "0.1");
  Add(alteration, 902, TypeKind::kVarchar, "it's; '");
  Add(alteration, 903, TypeKind::kDouble, "1.7976931348623157e308");
  Add(alteration, 904, TypeKind::kInt, "null");
  Add(alteration, 905, TypeKind::kInt, std::nullopt);
  Add(alteration, 906, TypeKind::kVarchar, "");
  table = Alter(alteration);
  const std::string rest = "|-9223372036854775808|0.1|it's; '|1.7976931348623157e+308|NULL|NULL|";
  EXPECT_EQ(Rows(All(table)), "1" + rest + ";2" + rest);
  plan::Insert insert;
  insert.table = table;
  insert.columns = {0};
  insert.source = plan::LiteralRows{{I(3)}, {}};
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->Insert(insert, {}).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Rows(All(table)), "1" + rest + ";2" + rest + ";3" + rest);
}

TEST_P(AlterTest, ManyNewColumnsAndLongDefaults) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {I(1)}).ok());
  const std::string text = std::string(5000, 'x') + std::string("\0y", 2);
  Alteration long_default = Keep(table);
  Add(long_default, 900, TypeKind::kVarchar, text);
  table = Alter(long_default);
  EXPECT_EQ(Rows(All(table)), "1|" + text);
  Alteration many = Keep(table);
  std::string expected = "1|" + text;
  for (int i = 0; i < 1000; ++i) {
    Add(many, 1000 + i, TypeKind::kInt, std::to_string(i));
    expected += "|" + std::to_string(i);
  }
  table = Alter(many);
  EXPECT_EQ(Rows(All(table)), expected);
}

TEST_P(AlterTest, ConvertsAndDropsColumns) {
  auto table = Create(MakeTable(
      1, {{"a", TypeKind::kVarchar}, {"b", TypeKind::kInt}, {"c", TypeKind::kVarchar}}, {1}));
  ASSERT_TRUE(
      Insert(table, {T("30"), I(9), T("x"), T(" 3 "), I(5), T("y"), Datum::Null(), I(7), T("z")})
          .ok());
  Alteration alteration = Keep(table);
  Convert(alteration, 0, TypeKind::kInt);
  Drop(alteration, 2);
  Add(alteration, 900, TypeKind::kVarchar, "new");
  table = Alter(alteration);
  EXPECT_EQ(lost_, "");
  EXPECT_EQ(Rows(All(table)), "30|9|new;3|5|new;NULL|7|new");
  // The key exists: a row with an equal key replaces it at its position.
  ASSERT_TRUE(Insert(table, {I(1), I(5), T("other")}).ok());
  EXPECT_EQ(Rows(All(table)), "30|9|new;1|5|other;NULL|7|new");
  Open();
  EXPECT_EQ(GetParam() ? Rows(All(table)) : "30|9|new;1|5|other;NULL|7|new",
            "30|9|new;1|5|other;NULL|7|new");
}

TEST_P(AlterTest, CountsInconvertibleValues) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kBigInt}, {"b", TypeKind::kVarchar}}));
  ASSERT_TRUE(Insert(table, {I(1), T("1"), I(5'000'000'000), T("no"), I(-5'000'000'000), T("7"),
                             Datum::Null(), T("nor")})
                  .ok());
  Alteration in_place = Keep(table);
  Convert(in_place, 0, TypeKind::kInt);
  table = Alter(in_place);
  EXPECT_EQ(lost_, "0: 2 x '5000000000';");
  EXPECT_EQ(Rows(All(table)), "1|1;NULL|no;NULL|7;NULL|nor");
  Alteration rewritten = Keep(table);
  Convert(rewritten, 1, TypeKind::kDouble);
  Convert(rewritten, 0, TypeKind::kBigInt);
  table = Alter(rewritten);
  EXPECT_EQ(lost_, "1: 2 x 'no';");
  EXPECT_EQ(Rows(All(table)), "1|1;NULL|NULL;NULL|7;NULL|NULL");
}

TEST_P(AlterTest, KeepsLastRowOfEqualKeys) {
  for (const bool in_place : {true, false}) {
    auto table = Create(
        MakeTable(in_place ? 1 : 2,
                  {{"a", TypeKind::kVarchar}, {"b", TypeKind::kInt}, {"c", TypeKind::kInt}}));
    ASSERT_TRUE(
        Insert(table, {T("00100"), I(1), I(1), T("5"), I(2), I(2), T("0100"), I(1), I(3),
                       Datum::Null(), I(2), I(4), T("100"), I(1), I(5), Datum::Null(), I(2), I(6)})
            .ok());
    Alteration alteration = Keep(table);
    if (in_place) {
      After(alteration).primary_key = {1};
      table = Alter(alteration);
      EXPECT_EQ(Rows(All(table)), "100|1|5;NULL|2|6");
    } else {
      Convert(alteration, 0, TypeKind::kInt);
      After(alteration).primary_key = {0, 1};
      table = Alter(alteration);
      EXPECT_EQ(Rows(All(table)), "5|2|2;100|1|5;NULL|2|6");  // NULLs are equal.
    }
  }
}

TEST_P(AlterTest, ReplacesKey) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}, {0}));
  ASSERT_TRUE(Insert(table, {I(1), I(1), I(2), I(1)}).ok());
  Alteration gone = Keep(table);
  After(gone).primary_key.clear();
  table = Alter(gone);
  ASSERT_TRUE(Insert(table, {I(1), I(2)}).ok());
  EXPECT_EQ(Rows(All(table)), "1|1;2|1;1|2");
  Alteration back = Keep(table);
  After(back).primary_key = {1, 0};
  table = Alter(back);
  EXPECT_EQ(Rows(All(table)), "1|1;2|1;1|2");
  Alteration turned = Keep(table);
  After(turned).primary_key = {1};
  table = Alter(turned);
  EXPECT_EQ(Rows(All(table)), "2|1;1|2");
}

TEST_P(AlterTest, RollsBack) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kVarchar}, {"b", TypeKind::kInt}}, {1}));
  ASSERT_TRUE(Insert(table, {T("x"), I(1)}).ok());
  Alteration alteration = Keep(table);
  Convert(alteration, 0, TypeKind::kInt);
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_EQ((*tx)->AlterTable(alteration, {})->size(), 1U);
  }
  EXPECT_EQ(Rows(All(table)), "x|1");
  ASSERT_TRUE(Insert(table, {T("y"), I(1)}).ok());
  EXPECT_EQ(Rows(All(table)), "y|1");
}

TEST_P(AlterTest, AbortsOldPlans) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {I(1), I(2)}).ok());
  auto before = storage_->Open(All(table), {});
  ASSERT_TRUE(before.ok());
  // The rows do not change, and the old plan would still be translated to valid SQL.
  Alteration alteration = Keep(table);
  Add(alteration, 900, TypeKind::kInt, "5");
  const auto altered = Alter(alteration);
  EXPECT_EQ(storage_->Open(All(table), {}).status().code(), StatusCode::kAborted);
  EXPECT_EQ(storage_->Count(All(table), {}).status().code(), StatusCode::kAborted);
  EXPECT_EQ(Rows(All(altered)), "1|2|5");
  EXPECT_EQ(*Drain(**before), "1|2");  // It keeps its snapshot.
}

TEST_P(AlterTest, RunningQueryKeepsSnapshot) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}));
  std::vector<Datum> cells;
  for (std::int64_t i = 0; i < 50'000; ++i) cells.insert(cells.end(), {I(i), I(1)});
  ASSERT_TRUE(Insert(table, std::move(cells)).ok());
  Alteration alteration = Keep(table);
  Convert(alteration, 1, TypeKind::kVarchar);
  // Alter while the query searches its first row; the first check precedes its snapshot.
  int looks = 0;
  Cancellation cancellation;
  cancellation.client_gone = [&] {
    if (++looks == 2) Alter(alteration);
    return false;
  };
  plan::Query last = All(table);
  last.order_by.push_back({MakeExpr(plan::ItemRef{0}, TypeKind::kInt), true});
  last.limit = 1;
  EXPECT_EQ(*Read(last, cancellation), "49999|1");
  EXPECT_GE(looks, 2);
  EXPECT_EQ(Read(last).status().code(), StatusCode::kAborted);
}

TEST_P(AlterTest, RejectsInvalidAlteration) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}));
  const auto code = [&](const Alteration& alteration) {
    auto tx = storage_->Begin(Intent::kSchema, {});
    return (*tx)->AlterTable(alteration, {}).status().code();
  };
  Alteration alteration = Keep(table);
  alteration.sources.pop_back();
  EXPECT_EQ(code(alteration), StatusCode::kInternal);
  alteration = Keep(table);
  alteration.sources[1].column = 0;
  EXPECT_EQ(code(alteration), StatusCode::kInternal);
  alteration = Keep(table);
  alteration.sources[1].column = 2;
  EXPECT_EQ(code(alteration), StatusCode::kInternal);
  alteration = Keep(table);
  --After(alteration).live_schema_version;
  EXPECT_EQ(code(alteration), StatusCode::kInternal);
}

TEST_P(AlterTest, CancellationRollsBack) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}, {0}));
  std::vector<Datum> cells;
  for (std::int64_t i = 0; i < 50'000; ++i) cells.insert(cells.end(), {I(i), I(-i)});
  ASSERT_TRUE(Insert(table, std::move(cells)).ok());
  Alteration alteration = Keep(table);
  Convert(alteration, 1, TypeKind::kVarchar);
  // Cancel at the third check, in the middle of the copy.
  int looks = 0;
  Cancellation cancellation;
  cancellation.client_gone = [&] { return ++looks > 3; };
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_EQ((*tx)->AlterTable(alteration, cancellation).status().code(), StatusCode::kCancelled);
    EXPECT_FALSE((*tx)->Commit().ok());
  }
  EXPECT_EQ(looks, 4);
  EXPECT_EQ(*storage_->Count(All(table), {}), 50'000);
  table = Alter(alteration);
  EXPECT_EQ(*storage_->Count(All(table), {}), 50'000);
}

TEST_P(AlterTest, ReadersSeeConsistentState) {
  auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}}));
  std::vector<Datum> cells;
  for (std::int64_t i = 0; i < 2'000; ++i) cells.insert(cells.end(), {I(7), I(7)});
  ASSERT_TRUE(Insert(table, std::move(cells)).ok());
  std::atomic<bool> done = false;
  std::atomic<int> wrong = 0;
  std::thread reader([&] {
    // A plan bound to the first state returns its rows or ABORTED.
    while (!done) {
      auto cursor = storage_->Open(All(table), {});
      if (!cursor.ok()) {
        if (cursor.status().code() != StatusCode::kAborted) ++wrong;
        continue;
      }
      while (*(*cursor)->Next()) {
        if ((*cursor)->row()[0].kind() != Datum::Kind::kInteger) ++wrong;
      }
    }
  });
  plan::TablePtr now = table;
  for (int i = 0; i < 20; ++i) {
    Alteration alteration = Keep(now);
    Convert(alteration, 0, i % 2 == 0 ? TypeKind::kVarchar : TypeKind::kInt);
    now = Alter(alteration);
  }
  done = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(*storage_->Count(All(now), {}), 2'000);
}

TEST_P(AlterTest, StoresRecord) {
  if (!GetParam()) return;
  auto table = Create(MakeTable(1, {{"a", TypeKind::kVarchar}, {"b", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {T("1"), I(2)}).ok());
  Alteration alteration = Keep(table);
  Convert(alteration, 0, TypeKind::kBigInt);
  Add(alteration, 900, TypeKind::kDate, "2020-02-03");
  After(alteration).primary_key = {1};
  After(alteration).load_priority = 9;
  table = Alter(alteration);
  Open();
  const auto records = storage_->Load();
  ASSERT_EQ(records->tables.size(), 1U);
  const plan::TableDef& loaded = records->tables[0];
  EXPECT_EQ(loaded.columns.size(), 3U);
  EXPECT_EQ(loaded.columns[0].type.kind, TypeKind::kBigInt);
  EXPECT_EQ(loaded.primary_key, std::vector<std::int32_t>{1});
  EXPECT_EQ(loaded.load_priority, 9);
  EXPECT_EQ(loaded.live_schema_version, 1);
  EXPECT_EQ(Rows(All(std::make_shared<const plan::TableDef>(loaded))), "1|2|1580688000");
}

}  // namespace
}  // namespace tql::storage
