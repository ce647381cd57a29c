// Statements beside a change of the catalog that is being committed.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/forwarding_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

/// What happens around the COMMITs and beside the reads of a storage.
struct Hooks {
  std::function<Status()> before_commit;  // an error takes its place
  std::function<void()> after_commit;     // before the change is known
  std::function<void(const Status&)> after_open;
};

class HookedTransaction : public testing::ForwardingTransaction {
 public:
  HookedTransaction(std::unique_ptr<storage::Transaction> real, const Hooks& hooks)
      : ForwardingTransaction(std::move(real)), hooks_(hooks) {}
  Status Commit(const std::function<void()>& stored) override {
    if (Status status = hooks_.before_commit ? hooks_.before_commit() : Status(); !status.ok()) {
      return status;
    }
    return ForwardingTransaction::Commit([&] {
      if (hooks_.after_commit) hooks_.after_commit();
      if (stored) stored();
    });
  }

 private:
  const Hooks& hooks_;
};

class HookedStorage : public testing::ForwardingStorage {
 public:
  HookedStorage(std::unique_ptr<storage::Storage> real, const Hooks& hooks)
      : ForwardingStorage(std::move(real)), hooks_(hooks) {}
  std::unique_ptr<storage::Transaction> Wrap(std::unique_ptr<storage::Transaction> real) override {
    return std::make_unique<HookedTransaction>(std::move(real), hooks_);
  }
  StatusOr<std::unique_ptr<storage::Cursor>> Open(
      const plan::Query& query, const storage::Cancellation& cancellation) override {
    auto cursor = ForwardingStorage::Open(query, cancellation);
    if (hooks_.after_open) hooks_.after_open(cursor.status());
    return cursor;
  }

 private:
  const Hooks& hooks_;
};

class CatalogChangeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto storage = storage::OpenSqlite({});
    ASSERT_TRUE(storage.ok()) << storage.status();
    auto engine = Engine::Create(std::make_unique<HookedStorage>(*std::move(storage), hooks_),
                                 RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    Run("create database d");
    Run("create table t (a int)");
    Run("insert into t values (1)");
  }

  Status Execute(std::string_view text, StatementSink& sink) {
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << statement.status();
    Context context;
    context.database = "d";
    StatementOptions options;
    options.interactive = false;
    return engine_->Execute({.text = text,
                             .statement = *statement,
                             .context = context,
                             .options = options,
                             .cancellation = {}},
                            sink);
  }
  /// The answer of a statement; empty for one that fails.
  std::string Run(std::string_view text) {
    testing::TextSink sink;
    return Execute(text, sink).ok() ? sink.text : "";
  }
  bool Shows(std::string_view text) { return Run("show tables").find(text) != std::string::npos; }

  Hooks hooks_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(CatalogChangeTest, NothingIsLockedWhileTheStorageCommits) {
  std::latch committing(1);
  std::latch go_on(1);
  hooks_.before_commit = [&] {
    committing.count_down();
    go_on.wait();
    return Status();
  };
  std::jthread writer([&] { Run("create table u (a int)"); });
  committing.wait();
  EXPECT_FALSE(Shows("|u "));
  EXPECT_NE(Run("select * from t").find("a "), std::string::npos);
  EXPECT_NE(Run("script table t").find("CREATE TABLE"), std::string::npos);
  go_on.count_down();
  writer.join();
  EXPECT_TRUE(Shows("|u "));
}

/// The rows are those after the ALTER, the state is still the one before it.
TEST_F(CatalogChangeTest, AReadBetweenTheCommitAndItsStateWaitsForTheState) {
  std::latch committed(1);
  std::latch go_on(1);
  hooks_.after_commit = [&] {
    committed.count_down();
    go_on.wait();
  };
  std::atomic<int> opened = 0;
  hooks_.after_open = [&](const Status& status) {
    if (++opened != 1) return;
    EXPECT_EQ(status.code(), StatusCode::kAborted);
    go_on.count_down();
  };
  std::jthread writer([&] { Run("alter table t add column b int default 7"); });
  committed.wait();
  EXPECT_NE(Run("select * from t").find("a b "), std::string::npos);
  EXPECT_EQ(opened, 2);  // it did not try until the state was there
}

TEST_F(CatalogChangeTest, TheStateStaysWhenTheCommitFails) {
  const std::int64_t before = engine_->SchemaVersion();
  hooks_.before_commit = [] { return UnavailableError("the disk is full"); };
  EXPECT_EQ(Run("create table u (a int)"), "");
  hooks_.before_commit = nullptr;
  EXPECT_EQ(engine_->SchemaVersion(), before);
  EXPECT_FALSE(Shows("|u "));
  EXPECT_NE(Run("create table u (a int)"), "");
  EXPECT_EQ(engine_->SchemaVersion(), before + 1);
  EXPECT_TRUE(Shows("|u "));
}

/// A client that does not read the first line of progress until it is told to.
class SlowReader : public testing::TextSink {
 public:
  explicit SlowReader(std::function<void(int)> on_percentage)
      : on_percentage_(std::move(on_percentage)) {}
  bool OnProgress(std::span<const Progress> stages) override {
    for (const Progress& stage : stages) on_percentage_(stage.percentage);
    return true;
  }

 private:
  std::function<void(int)> on_percentage_;
};

TEST_F(CatalogChangeTest, AnAlterWaitsForItsClientWithoutMakingOthersWait) {
  const std::int64_t before = engine_->SchemaVersion();
  std::latch writing(1);
  std::latch go_on(1);
  std::vector<int> percentages;
  std::int64_t version_at_the_end = 0;
  SlowReader client([&](int percentage) {
    percentages.push_back(percentage);
    if (percentage == 100) version_at_the_end = engine_->SchemaVersion();
    if (percentages.size() > 1) return;
    writing.count_down();
    go_on.wait();
  });
  std::jthread alter([&] {
    EXPECT_EQ(Execute("alter table t set fact partition by hash (4) key (a)", client), Status());
  });
  writing.wait();
  EXPECT_NE(Run("insert into t values (2)"), "");
  go_on.count_down();
  alter.join();
  EXPECT_EQ(percentages.front(), 0);
  EXPECT_EQ(percentages.back(), 100);
  EXPECT_EQ(version_at_the_end, before + 1);
}

}  // namespace
}  // namespace tql::engine
