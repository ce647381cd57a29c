// The fixture of the storage tests: a storage in memory or in a file, and shorthands.
#ifndef TQLKIT_TESTS_MOCKSERVER_STORAGE_STORAGE_TEST_BASE_H_
#define TQLKIT_TESTS_MOCKSERVER_STORAGE_STORAGE_TEST_BASE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/values/number_text.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using plan::BinaryOp;
using values::Datum;
using values::TypeKind;

inline std::string TextOf(const Datum& datum) {
  char buffer[values::kMaxNumberText];
  switch (datum.kind()) {
    case Datum::Kind::kNull:
      return "NULL";
    case Datum::Kind::kInteger:
      return std::to_string(datum.integer());
    case Datum::Kind::kReal:
      return {buffer, values::FormatDouble(datum.real(), buffer)};
    case Datum::Kind::kText:
      return std::string(datum.text());
  }
  return {};
}

/// The parameter is whether the storage is in a file.
class StorageTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = info->name();
    for (char& c : name) c = c == '/' ? '_' : c;
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ("tqlkit-" + name + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    options_.path = GetParam() ? (folder_ / "data.db").string() : ":memory:";
    Open();
  }
  void TearDown() override {
    storage_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    storage_.reset();
    auto storage = OpenSqlite(options_);
    ASSERT_TRUE(storage.ok()) << storage.status();
    storage_ = *std::move(storage);
  }

  plan::TablePtr Create(plan::TableDef def) {
    auto table = std::make_shared<const plan::TableDef>(std::move(def));
    auto tx = storage_->Begin(Intent::kSchema, {});
    EXPECT_TRUE(tx.ok()) << tx.status();
    EXPECT_EQ((*tx)->CreateTable(*table), Status());
    EXPECT_EQ((*tx)->Commit(), Status());
    return table;
  }

  /// Literal rows for all columns.
  plan::Insert InsertOf(const plan::TablePtr& table, std::vector<Datum> cells) {
    plan::Insert insert;
    insert.table = table;
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      insert.columns.push_back(static_cast<std::int32_t>(i));
    }
    plan::LiteralRows rows;
    rows.cells = std::move(cells);
    insert.source = std::move(rows);
    return insert;
  }
  StatusOr<std::int64_t> Insert(const plan::TablePtr& table, std::vector<Datum> cells) {
    const plan::Insert insert = InsertOf(table, std::move(cells));
    auto tx = storage_->Begin(Intent::kSchema, {});
    if (!tx.ok()) return tx.status();
    auto count = (*tx)->Insert(insert, {});
    if (!count.ok()) return count.status();
    if (Status status = (*tx)->Commit(); !status.ok()) return status;
    return count;
  }

  /// Returns rows as "a|b;c|d".
  static StatusOr<std::string> Drain(Cursor& cursor) {
    std::string all;
    for (;;) {
      const StatusOr<bool> more = cursor.Next();
      if (!more.ok()) return more.status();
      if (!*more) return all;
      if (!all.empty()) all += ";";
      for (std::size_t i = 0; i < cursor.row().size(); ++i) {
        all += (i > 0 ? "|" : "") + TextOf(cursor.row()[i]);
      }
    }
  }
  StatusOr<std::string> Read(const plan::Query& query, const Cancellation& cancel = {}) {
    auto cursor = storage_->Open(query, cancel);
    if (!cursor.ok()) return cursor.status();
    return Drain(**cursor);
  }
  /// Returns the rows, or the error.
  std::string Rows(const plan::Query& query) {
    const auto rows = Read(query);
    return rows.ok() ? *rows : rows.status().ToString();
  }
  std::string Eval(plan::ExprPtr expr) {
    const auto result = Read(MakeQuery(List(std::move(expr))));
    return result.ok() ? *result : std::string(StatusCodeName(result.status().code()));
  }
  plan::Query All(const plan::TablePtr& table) {
    std::vector<plan::ExprPtr> items;
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      items.push_back(Column(1, static_cast<std::int32_t>(i), table->columns[i].type.kind));
    }
    return MakeQuery(std::move(items), From(1, table));
  }

  std::filesystem::path folder_;
  SqliteOptions options_;
  std::unique_ptr<Storage> storage_;
};

/// Instantiates a suite derived from StorageTest.
#define TQLKIT_IN_MEMORY_AND_IN_A_FILE(Suite)                \
  INSTANTIATE_TEST_SUITE_P(Places, Suite, ::testing::Bool(), \
                           [](const auto& param) { return param.param ? "File" : "Memory"; })

}  // namespace tql::storage

#endif  // TQLKIT_TESTS_MOCKSERVER_STORAGE_STORAGE_TEST_BASE_H_
