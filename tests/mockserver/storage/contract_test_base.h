// The fixture of the tests of what every storage guarantees. To test another storage, add it to
// kStorages.
#ifndef TQLKIT_TESTS_MOCKSERVER_STORAGE_CONTRACT_TEST_BASE_H_
#define TQLKIT_TESTS_MOCKSERVER_STORAGE_CONTRACT_TEST_BASE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/storage/storage.h"
#include "tests/support/plan_builders.h"

namespace tql::storage {

using namespace tql::testing;  // NOLINT: the builders read as a small language
using values::Datum;
using values::TypeKind;

struct Kind {
  const char* name;
  /// Opens a new storage; it may use the folder, which is empty.
  std::function<StatusOr<std::unique_ptr<Storage>>(const std::filesystem::path& folder)> open;
};

inline const Kind kStorages[] = {
    {"SqliteInMemory", [](const auto&) { return OpenSqlite({}); }},
    {"SqliteInAFile",
     [](const auto& folder) { return OpenSqlite({.path = (folder / "data.db").string()}); }},
};

inline plan::TablePtr Numbers(plan::Id id) {
  return std::make_shared<const plan::TableDef>(
      MakeTable(id, {{"n", TypeKind::kBigInt}, {"text", TypeKind::kVarchar}}, {0}));
}

class StorageContract : public ::testing::TestWithParam<Kind> {
 protected:
  using Values = std::vector<std::int64_t>;

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
    auto transaction = storage.Begin(Intent::kSchema, {});
    if (!transaction.ok()) return transaction.status();
    if (Status status = (*transaction)->CreateTable(*table); !status.ok()) return status;
    if (Status status = (*transaction)->PutVersion(version, table->id); !status.ok()) return status;
    return (*transaction)->Commit();
  }
  /// An INSERT of rows `first` to `last` - 1, each with `text`, which is borrowed.
  static plan::Insert RowsOf(const plan::TablePtr& table, std::int64_t first, std::int64_t last,
                             std::string_view text = "x") {
    plan::Insert insert;
    insert.table = table;
    insert.columns = {0, 1};
    plan::LiteralRows rows;
    for (std::int64_t n = first; n < last; ++n) {
      rows.cells.push_back(Datum::Integer(n));
      rows.cells.push_back(Datum::Text(text));
    }
    insert.source = std::move(rows);
    return insert;
  }
  static Status Insert(Storage& storage, const plan::TablePtr& table, std::int64_t first,
                       std::int64_t last, std::string_view text = "x") {
    auto transaction = storage.Begin(Intent::kRows, {});
    if (!transaction.ok()) return transaction.status();
    auto count = (*transaction)->Insert(RowsOf(table, first, last, text), {});
    if (!count.ok()) return count.status();
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

#define TQLKIT_FOR_EVERY_STORAGE(Suite)                                     \
  INSTANTIATE_TEST_SUITE_P(Storages, Suite, ::testing::ValuesIn(kStorages), \
                           [](const auto& param) { return std::string(param.param.name); })

}  // namespace tql::storage

#endif  // TQLKIT_TESTS_MOCKSERVER_STORAGE_CONTRACT_TEST_BASE_H_
