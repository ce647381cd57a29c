#include "mockserver/storage/sqlite/sqlite_storage.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>

#include "tests/mockserver/storage/storage_test_base.h"
#include "tests/support/test_data.h"

namespace tql::storage {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

class SqliteStorageTest : public StorageTest {};
TQLKIT_IN_MEMORY_AND_IN_A_FILE(SqliteStorageTest);

TEST_P(SqliteStorageTest, ReturnsInsertionOrder) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}}));
  ASSERT_TRUE(
      Insert(table, {Datum::Integer(2), Datum::Text("x"), Datum::Integer(1), Datum::Null()}).ok());
  EXPECT_EQ(*Read(All(table)), "2|x;1|NULL");
  EXPECT_EQ(*storage_->Count(All(table), {}), 2);
}

TEST_P(SqliteStorageTest, EqualKeyReplacesRow) {
  const auto table = Create(MakeTable(
      1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}, {"c", TypeKind::kVarchar}}, {0, 1}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(1), Datum::Text("old")}).ok());
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(2), Datum::Text("other")}).ok());
  EXPECT_EQ(*Insert(table, {Datum::Integer(1), Datum::Integer(1), Datum::Null()}), 1);
  EXPECT_EQ(*Read(All(table)), "1|1|NULL;1|2|other");
}

TEST_P(SqliteStorageTest, NullsInKeyAreEqual) {
  const auto table = Create(MakeTable(
      1, {{"a", TypeKind::kInt}, {"b", TypeKind::kInt}, {"c", TypeKind::kVarchar}}, {0, 1}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Null(), Datum::Text("old")}).ok());
  ASSERT_TRUE(Insert(table, {Datum::Integer(2), Datum::Null(), Datum::Text("two")}).ok());
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Null(), Datum::Text("new")}).ok());
  EXPECT_EQ(*Read(All(table)), "1|NULL|new;2|NULL|two");
}

TEST_P(SqliteStorageTest, DefaultsForUnnamedColumns) {
  plan::TableDef def = MakeTable(1, {{"a", TypeKind::kInt},
                                     {"b", TypeKind::kDouble},
                                     {"c", TypeKind::kVarchar},
                                     {"d", TypeKind::kBool},
                                     {"e", TypeKind::kDate},
                                     {"f", TypeKind::kInt}});
  def.columns[1].default_text = "0.500000";
  def.columns[2].default_text = "uk";
  def.columns[3].default_text = "true";
  def.columns[4].default_text = "2000-01-02";
  def.columns[5].default_text = "null";
  const auto table = Create(def);
  plan::Insert insert;
  insert.table = table;
  insert.columns = {0};
  plan::LiteralRows rows;
  rows.cells = {Datum::Integer(7)};
  insert.source = std::move(rows);
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->Insert(insert, {}).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*Read(All(table)), "7|0.5|uk|1|946771200|NULL");
}

TEST_P(SqliteStorageTest, InsertMayReadItsTable) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(2)}).ok());
  plan::Insert insert;
  insert.table = table;
  insert.columns = {0};
  insert.source = std::make_unique<plan::Query>(All(table));
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ(*(*tx)->Insert(insert, {}), 2);
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*Read(All(table)), "1;2;1;2");
}

TEST_P(SqliteStorageTest, UpdateOfKeysReadsOldRows) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}}, {0}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Text("one"), Datum::Integer(2),
                             Datum::Text("two"), Datum::Integer(5), Datum::Text("five")})
                  .ok());
  plan::Update update;
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({0, Op(BinaryOp::kAdd, Column(1, 0, TypeKind::kInt),
                                      Int(1, TypeKind::kInt), TypeKind::kInt)});
  auto tx = storage_->Begin(Intent::kSchema, {});
  const auto count = (*tx)->Update(update, {});
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 3);
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*Read(All(table)), "2|one;3|two;6|five");
}

TEST_P(SqliteStorageTest, UpdateToExistingKeyReplacesRow) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kVarchar}}, {0}));
  ASSERT_TRUE(
      Insert(table, {Datum::Integer(1), Datum::Text("one"), Datum::Integer(2), Datum::Text("two")})
          .ok());
  plan::Update update;
  update.table = table;
  update.relation = 1;
  update.assignments.push_back({0, Int(2, TypeKind::kInt)});
  update.where = Equal(Column(1, 0, TypeKind::kInt), Int(1, TypeKind::kInt));
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ(*(*tx)->Update(update, {}), 1);
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*Read(All(table)), "2|one");
}

TEST_P(SqliteStorageTest, DeletesMatchingRows) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(2), Datum::Integer(3)}).ok());
  plan::Delete del;
  del.table = table;
  del.relation = 1;
  del.where = Op(BinaryOp::kGreater, Column(1, 0, TypeKind::kInt), Int(1), TypeKind::kBool);
  auto tx = storage_->Begin(Intent::kSchema, {});
  EXPECT_EQ(*(*tx)->Delete(del, {}), 2);
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(*Read(All(table)), "1");
}

TEST_P(SqliteStorageTest, RollsBackWithoutCommit) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    ASSERT_TRUE((*tx)->CreateTable(MakeTable(2, {{"a", TypeKind::kInt}})).ok());
    ASSERT_TRUE((*tx)->PutVersion(9, 9).ok());
  }
  EXPECT_EQ(storage_->Load()->tables.size(), 1U);
  EXPECT_EQ(storage_->Load()->schema_version, 0);
}

TEST_P(SqliteStorageTest, CursorDoesNotBlockWriter) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(1), Datum::Integer(2)}).ok());
  auto cursor = storage_->Open(All(table), {});
  ASSERT_TRUE(*(*cursor)->Next());
  for (int i = 0; i < 3000; ++i) ASSERT_TRUE(Insert(table, {Datum::Integer(100 + i)}).ok());
  EXPECT_EQ(*Drain(**cursor), "2");
  EXPECT_EQ(*storage_->Count(All(table), {}), 3002);
}

TEST_P(SqliteStorageTest, AbortsOldPlan) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  auto tx = storage_->Begin(Intent::kSchema, {});
  ASSERT_TRUE((*tx)->DropTable(1).ok());
  ASSERT_TRUE((*tx)->Commit().ok());
  EXPECT_EQ(Read(All(table)).status().code(), StatusCode::kAborted);
}

TEST_P(SqliteStorageTest, IntegerOverflowIsAnError) {
  const auto big = [](BinaryOp op, std::int64_t a, std::int64_t b) {
    return Op(op, Int(a), Int(b), TypeKind::kBigInt);
  };
  EXPECT_EQ(Eval(big(BinaryOp::kAdd, kMax, 1)), "OUT_OF_RANGE");
  EXPECT_EQ(Eval(big(BinaryOp::kAdd, kMax - 1, 1)), std::to_string(kMax));
  EXPECT_EQ(Eval(big(BinaryOp::kSubtract, -kMax, 2)), "OUT_OF_RANGE");
  EXPECT_EQ(Eval(big(BinaryOp::kMultiply, kMax, 2)), "OUT_OF_RANGE");
  EXPECT_EQ(Eval(MakeExpr(plan::Unary{plan::UnaryOp::kNegate, Int(-kMax - 1)}, TypeKind::kBigInt)),
            "OUT_OF_RANGE");
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kBigInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(kMax), Datum::Integer(1)}).ok());
  EXPECT_EQ(Read(MakeQuery(List(MakeExpr(plan::Aggregate{plan::AggregateFunction::kSum, false,
                                                         Column(1, 0, TypeKind::kBigInt)},
                                         TypeKind::kBigInt)),
                           From(1, table)))
                .status()
                .code(),
            StatusCode::kOutOfRange);
}

TEST_P(SqliteStorageTest, ConversionErrorsContainValue) {
  EXPECT_EQ(Eval(CastTo(Text("12"), TypeKind::kInt)), "12");
  EXPECT_EQ(Eval(CastTo(Text("2.5"), TypeKind::kDouble)), "2.5");
  EXPECT_EQ(Eval(CastTo(Text("2020-02-29"), TypeKind::kDate)), "1582934400");
  EXPECT_EQ(Eval(CastTo(Text("true"), TypeKind::kBool)), "1");
  EXPECT_EQ(Eval(CastTo(Real(2.5), TypeKind::kInt)), "3");
  EXPECT_EQ(Eval(CastTo(Int(0, TypeKind::kBool), TypeKind::kVarchar)), "false");
  EXPECT_EQ(Eval(CastTo(Int(1582934400, TypeKind::kDate), TypeKind::kVarchar)), "2020-02-29");
  EXPECT_EQ(Eval(CastTo(Int(kMax), TypeKind::kInt)), "OUT_OF_RANGE");
  EXPECT_EQ(Eval(CastTo(Null(), TypeKind::kInt)), "NULL");
  const auto bad = Read(MakeQuery(List(CastTo(Text("twelve"), TypeKind::kInt))));
  EXPECT_EQ(bad.status(), InvalidArgumentError("'twelve' cannot be converted to int"));
}

TEST_P(SqliteStorageTest, LikeIsCaseSensitive) {
  const auto like = [](const char* value, const char* pattern) {
    return MakeExpr(plan::Like{Text(value), Text(pattern), nullptr, false}, TypeKind::kBool);
  };
  EXPECT_EQ(Eval(like("abc", "a%")), "1");
  EXPECT_EQ(Eval(like("Abc", "a%")), "0");
  EXPECT_EQ(Eval(like("abc", "a_c")), "1");
}

TEST_P(SqliteStorageTest, DivisionByZeroIsNull) {
  EXPECT_EQ(Eval(Op(BinaryOp::kDivide, Real(1), Real(0), TypeKind::kDouble)), "NULL");
  EXPECT_EQ(Eval(Op(BinaryOp::kModulo, Int(7), Int(0), TypeKind::kBigInt)), "NULL");
}

TEST_P(SqliteStorageTest, StatisticsUseASample) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kDouble}}));
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) {
    ASSERT_TRUE(Insert(table, {Datum::Real(value)}).ok());
  }
  const auto spread = [&](plan::AggregateFunction function) {
    return *Read(
        MakeQuery(List(MakeExpr(plan::Aggregate{function, false, Column(1, 0, TypeKind::kDouble)},
                                TypeKind::kDouble)),
                  From(1, table)));
  };
  EXPECT_EQ(spread(plan::AggregateFunction::kVariance).substr(0, 8), "4.571428");  // 32 / 7
  EXPECT_EQ(spread(plan::AggregateFunction::kStddev).substr(0, 8), "2.138089");
}

TEST_P(SqliteStorageTest, LongChainsOfConditions) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  ASSERT_TRUE(Insert(table, {Datum::Integer(4'999)}).ok());
  plan::Logical any{false, {}};
  for (int i = 0; i < 5'000; ++i) {
    any.operands.push_back(Equal(Column(1, 0, TypeKind::kInt), Int(i, TypeKind::kInt)));
  }
  const auto found = Read(MakeQuery(List(Column(1, 0, TypeKind::kInt)), From(1, table),
                                    MakeExpr(std::move(any), TypeKind::kBool)));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, "4999");
}

TEST_P(SqliteStorageTest, DeepExpressionIsAnError) {
  plan::ExprPtr deep = Real(1);
  for (int i = 0; i < 2000; ++i) {
    deep = Op(BinaryOp::kMultiply, Real(1), std::move(deep), TypeKind::kDouble);
  }
  EXPECT_EQ(Eval(std::move(deep)), "INVALID_ARGUMENT");
}

plan::Query Endless(const plan::TablePtr& table) {
  plan::RelationPtr all = From(1, table);
  for (plan::RelationId id = 2; id <= 8; ++id) {
    auto join = std::make_unique<plan::Relation>();
    join->node = plan::Join{plan::JoinKind::kCross, std::move(all), From(id, table), nullptr};
    all = std::move(join);
  }
  return MakeQuery(List(MakeExpr(plan::Aggregate{plan::AggregateFunction::kCountRows, false, {}},
                                 TypeKind::kBigInt)),
                   std::move(all));
}

TEST_P(SqliteStorageTest, QueryStopsAtDeadline) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}}));
  std::vector<Datum> cells(1000, Datum::Integer(1));
  ASSERT_TRUE(Insert(table, cells).ok());
  Cancellation cancel;
  cancel.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  EXPECT_EQ(Read(Endless(table), cancel).status().code(), StatusCode::kDeadlineExceeded);
  std::stop_source stop;
  Cancellation stopped;
  stopped.stop = stop.get_token();
  std::atomic<int> asked{0};
  stopped.client_gone = [&] { return ++asked > 3; };
  EXPECT_EQ(Read(Endless(table), stopped).status().code(), StatusCode::kCancelled);
  EXPECT_EQ(*Read(All(Create(MakeTable(2, {{"a", TypeKind::kInt}})))), "");
}

TEST_P(SqliteStorageTest, ReadersSeeWholeTransactions) {
  const auto table = Create(MakeTable(1, {{"a", TypeKind::kInt}, {"b", TypeKind::kBigInt}}, {0}));
  std::vector<Datum> cells;
  for (int i = 0; i < 100; ++i) {
    cells.push_back(Datum::Integer(i));
    cells.push_back(Datum::Integer(0));
  }
  ASSERT_TRUE(Insert(table, cells).ok());
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  std::vector<std::jthread> readers;
  for (int r = 0; r < 3; ++r) {
    readers.emplace_back([&] {
      while (!done) {
        // In every committed state all rows have the same value.
        plan::Query query =
            MakeQuery(List(MakeExpr(plan::Aggregate{plan::AggregateFunction::kCount, true,
                                                    Column(1, 1, TypeKind::kBigInt)},
                                    TypeKind::kBigInt)),
                      From(1, table));
        const auto distinct = Read(query);
        ASSERT_TRUE(distinct.ok()) << distinct.status();
        ASSERT_EQ(*distinct, "1");
        ++reads;
      }
    });
  }
  for (int i = 1; i <= 300 || reads < 300; ++i) {
    plan::Update update;
    update.table = table;
    update.relation = 1;
    update.assignments.push_back({1, Int(i)});
    auto tx = storage_->Begin(Intent::kSchema, {});
    ASSERT_TRUE(tx.ok());
    ASSERT_TRUE((*tx)->Update(update, {}).ok());
    ASSERT_TRUE((*tx)->Commit().ok());
  }
  done = true;
}

TEST_P(SqliteStorageTest, CatalogIsPersistent) {
  if (!GetParam()) GTEST_SKIP() << "a database in memory ends with its storage";
  plan::TableDef def =
      MakeTable(7, {{"a \"quoted\"\nname", TypeKind::kInt}, {"b", TypeKind::kVarchar}}, {1, 0});
  def.schema_id = 3;
  def.name = std::string("t\0'able", 7);
  def.guid = "1face894-021b-44c7-af14-55099a196c19";
  def.kind = plan::TableKind::kFact;
  def.columns[1].default_text = "";
  def.columns[1].parsing_hint = "%Y%m%d";
  def.partition = plan::Partition{32, {1}};
  def.load_priority = 7;
  def.live_schema_version = 4;
  def.foreign_keys.push_back({11, "fk", {0, 1}, 5, {1, 0}});
  def.relationships.push_back({12, "", 5, "\"a\".\"x\" = \"b\".\"y\""});
  {
    auto tx = storage_->Begin(Intent::kSchema, {});
    ASSERT_TRUE((*tx)->PutDatabase({2, "retail", "guid-d"}).ok());
    ASSERT_TRUE((*tx)->PutSchema({3, 2, "eu", "guid-s"}).ok());
    ASSERT_TRUE((*tx)->CreateTable(def).ok());
    ASSERT_TRUE((*tx)->PutVersion(163, 12).ok());
    ASSERT_TRUE((*tx)->Commit().ok());
  }
  Open();
  const auto records = storage_->Load();
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->schema_version, 163);
  EXPECT_EQ(records->last_id, 12);
  ASSERT_EQ(records->databases.size(), 1U);
  EXPECT_EQ(records->databases[0].name, "retail");
  ASSERT_EQ(records->schemas.size(), 1U);
  EXPECT_EQ(records->schemas[0].database_id, 2);
  ASSERT_EQ(records->tables.size(), 1U);
  const plan::TableDef& table = records->tables[0];
  EXPECT_EQ(table.name, def.name);
  EXPECT_EQ(table.guid, def.guid);
  EXPECT_EQ(table.kind, def.kind);
  EXPECT_EQ(table.columns[0].name, def.columns[0].name);
  EXPECT_EQ(table.columns[0].default_text, std::nullopt);
  EXPECT_EQ(table.columns[1].default_text, "");
  EXPECT_EQ(table.columns[1].parsing_hint, "%Y%m%d");
  EXPECT_EQ(table.primary_key, def.primary_key);
  ASSERT_TRUE(table.partition);
  EXPECT_EQ(table.partition->shards, 32);
  EXPECT_EQ(table.partition->key, def.partition->key);
  EXPECT_EQ(table.load_priority, 7);
  EXPECT_EQ(table.live_schema_version, 4);
  ASSERT_EQ(table.foreign_keys.size(), 1U);
  EXPECT_EQ(table.foreign_keys[0].name, "fk");
  EXPECT_EQ(table.foreign_keys[0].columns, def.foreign_keys[0].columns);
  EXPECT_EQ(table.foreign_keys[0].target_columns, def.foreign_keys[0].target_columns);
  ASSERT_EQ(table.relationships.size(), 1U);
  EXPECT_EQ(table.relationships[0].condition, def.relationships[0].condition);
}

/// A file created by the statements, and deleted by the destructor.
class SqlFile {
 public:
  SqlFile(const std::string& name, const std::string& sql)
      : path_(::testing::TempDir() + "/tqlkit-" + name + std::to_string(getpid()) + ".db") {
    Remove();
    EXPECT_EQ(Run(sql), SQLITE_OK);
  }
  ~SqlFile() { Remove(); }
  const std::string& path() const { return path_; }
  int Run(const std::string& sql) const {
    sqlite3* db = nullptr;
    int code = sqlite3_open(path_.c_str(), &db);
    if (code == SQLITE_OK) code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(db);
    return code;
  }

 private:
  void Remove() const {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path_ + suffix);
    }
  }
  const std::string path_;
};

TEST(OpenSqlite, RejectsForeignFiles) {
  const SqlFile file("foreign", "CREATE TABLE mine (a)");
  EXPECT_EQ(OpenSqlite({file.path(), 128}).status(),
            FailedPreconditionError(file.path() + " is a database of another program"));
}

TEST(OpenSqlite, UpgradesOlderFormat) {
  std::ifstream dump(TestData("storage/format_1.sql"));
  const SqlFile file("old", {std::istreambuf_iterator<char>(dump), {}});
  for (int opened = 0; opened < 2; ++opened) {
    auto storage = OpenSqlite({file.path(), 128});
    ASSERT_TRUE(storage.ok()) << storage.status();
    auto records = (*storage)->Load();
    ASSERT_TRUE(records.ok()) << records.status();
    ASSERT_EQ(records->tables.size(), 1U);
    EXPECT_EQ(records->tables[0].name, "kept");
    EXPECT_TRUE(records->tables[0].columns[0].shows_default_hint);
    EXPECT_EQ(records->tables[0].columns[0].compression, "");
    const auto table = std::make_shared<const plan::TableDef>(records->tables[0]);
    const plan::Query names = MakeQuery(List(Column(1, 1, TypeKind::kVarchar)), From(1, table));
    auto cursor = (*storage)->Open(names, {});
    ASSERT_TRUE(cursor.ok()) << cursor.status();
    ASSERT_TRUE(*(*cursor)->Next());
    EXPECT_EQ((*cursor)->row()[0].text(), "one");
  }
}

TEST(OpenSqlite, RejectsNewerFormat) {
  std::ifstream dump(TestData("storage/format_1.sql"));
  const SqlFile file("new", {std::istreambuf_iterator<char>(dump), {}});
  ASSERT_EQ(file.Run("PRAGMA user_version=1000"), SQLITE_OK);
  const Status status = OpenSqlite({file.path(), 128}).status();
  EXPECT_EQ(status.code(), StatusCode::kFailedPrecondition);
  EXPECT_TRUE(status.message().starts_with(file.path() + " has format 1000")) << status;
}

TEST(OpenSqlite, OneServerPerFile) {
  const SqlFile file("shared", "");
  const auto first = OpenSqlite({file.path(), 128});
  ASSERT_TRUE(first.ok()) << first.status();
  const std::string link = file.path() + ".link";
  std::filesystem::remove(link);
  std::filesystem::create_hard_link(file.path(), link);
  for (const std::string& path : {file.path(), link}) {
    EXPECT_EQ(OpenSqlite({path, 128}).status(),
              UnavailableError(path + " is in use by another server"));
  }
  std::filesystem::remove(link);
}

}  // namespace
}  // namespace tql::storage
