// SHOW STATISTICS while tables are changed concurrently.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/forwarding_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

/// A storage that reports a bound table as changed whenever `changed` returns true.
class ChangingStorage : public testing::ForwardingStorage {
 public:
  ChangingStorage(std::unique_ptr<storage::Storage> real, std::function<bool()>& changed)
      : ForwardingStorage(std::move(real)), changed_(changed) {}

  StatusOr<storage::ShardCounts> ShardRows(const plan::TablePtr& table,
                                           const storage::Cancellation& cancellation) override {
    if (changed_ && changed_()) return AbortedError("a table of the statement has changed");
    return ForwardingStorage::ShardRows(table, cancellation);
  }

 private:
  std::function<bool()>& changed_;
};

class ExecStatisticsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    storage::SqliteOptions options;
    options.path = ":memory:";
    auto storage = storage::OpenSqlite(options);
    ASSERT_TRUE(storage.ok()) << storage.status();
    auto engine = Engine::Create(std::make_unique<ChangingStorage>(*std::move(storage), changed_),
                                 RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    for (const char* statement :
         {"create database d", "create table d.falcon_default_schema.first (a int)",
          "create table d.falcon_default_schema.second (a int)"}) {
      ASSERT_TRUE(Run(statement).ok()) << statement;
    }
  }

  Status Run(std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    if (!statement.ok()) return statement.status();
    testing::TextSink sink;
    const Status status = engine_->Execute(
        {.text = text, .statement = *statement, .context = {}, .options = {}, .cancellation = {}},
        sink);
    text_ = sink.text;
    return status;
  }
  bool Shows(std::string_view table) const {
    return text_.find("|" + std::string(table) + ' ') != text_.npos ||
           text_.find("|" + std::string(table) + '|') != text_.npos;
  }

  std::function<bool()> changed_;
  std::unique_ptr<Engine> engine_;
  std::string text_;  // The result of the last statement.
};

TEST_F(ExecStatisticsTest, RereadsAlteredTable) {
  int times = 3;
  changed_ = [&] { return times-- > 0; };
  ASSERT_TRUE(Run("show statistics for database d").ok()) << text_;
  EXPECT_TRUE(Shows("first")) << text_;
  EXPECT_TRUE(Shows("second")) << text_;
}

TEST_F(ExecStatisticsTest, SkipsDroppedTable) {
  bool dropped = false;
  changed_ = [&] {
    if (dropped) return false;
    dropped = true;
    EXPECT_TRUE(Run("drop table d.falcon_default_schema.first").ok());
    return true;
  };
  ASSERT_TRUE(Run("show statistics for database d").ok()) << text_;
  EXPECT_TRUE(dropped);
  EXPECT_FALSE(Shows("first")) << text_;
  EXPECT_TRUE(Shows("second")) << text_;
}

TEST_F(ExecStatisticsTest, GivesUpOnChangingTable) {
  changed_ = [] { return true; };
  EXPECT_EQ(Run("show statistics for database d").code(), StatusCode::kAborted);
}

}  // namespace
}  // namespace tql::engine
