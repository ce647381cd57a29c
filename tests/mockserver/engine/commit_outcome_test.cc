// Servers that share a storage, and commits that abort or whose outcome is unknown.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/forwarding_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

/// Takes the place of a commit; empty: it is as usual.
using CommitHook = std::function<Status(const std::function<Status()>& commit)>;

class HookedTransaction : public testing::ForwardingTransaction {
 public:
  HookedTransaction(std::unique_ptr<storage::Transaction> real, const CommitHook& hook)
      : ForwardingTransaction(std::move(real)), hook_(hook) {}
  Status Commit(const std::function<void()>& stored) override {
    if (!hook_) return ForwardingTransaction::Commit(stored);
    return hook_([&] { return ForwardingTransaction::Commit({}); });
  }

 private:
  const CommitHook& hook_;
};

class HookedStorage : public testing::ForwardingStorage {
 public:
  HookedStorage(std::shared_ptr<storage::Storage> real, const CommitHook& hook)
      : ForwardingStorage(std::move(real)), hook_(hook) {}
  std::unique_ptr<storage::Transaction> Wrap(std::unique_ptr<storage::Transaction> real) override {
    return std::make_unique<HookedTransaction>(std::move(real), hook_);
  }

 private:
  const CommitHook& hook_;
};

/// Also keeps the cells, each with a space after it.
class Sink : public testing::TextSink {
 public:
  bool Row(std::span<const std::string_view> cells) override {
    for (const std::string_view cell : cells) text.append(cell) += ' ';
    return true;
  }
};

class CommitOutcomeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto storage = storage::OpenSqlite({});
    ASSERT_TRUE(storage.ok()) << storage.status();
    storage_ = *std::move(storage);
    server_ = Start();
    ASSERT_EQ(Run("create database d"), Status());
    ASSERT_EQ(Run("create table t (a int, primary key (a))"), Status());
  }

  /// A server that shares the storage with the others.
  std::unique_ptr<Engine> Start() {
    auto engine =
        Engine::Create(std::make_unique<HookedStorage>(storage_, hook_), RandomGuidSource());
    EXPECT_TRUE(engine.ok()) << engine.status();
    return engine.ok() ? *std::move(engine) : nullptr;
  }
  /// The outcome of a statement; its answer is text_.
  Status RunOn(Engine& server, std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << statement.status();
    Context context;
    context.database = "d";
    StatementOptions options;
    options.interactive = false;
    options.format_output = false;
    Sink sink;
    const Status status = server.Execute({.text = text,
                                          .statement = *statement,
                                          .context = context,
                                          .options = options,
                                          .cancellation = {}},
                                         sink);
    text_ = sink.text;
    return status;
  }
  Status Run(std::string_view text) { return RunOn(*server_, text); }
  bool Answers(std::string_view text) const { return text_.find(text) != std::string::npos; }

  CommitHook hook_;
  std::shared_ptr<storage::Storage> storage_;
  std::unique_ptr<Engine> server_;
  std::string text_;
};

TEST_F(CommitOutcomeTest, AServerDoesNotCreateTheBuiltInDatabasesAgain) {
  const std::unique_ptr<Engine> other = Start();
  EXPECT_EQ(other->Names(), server_->Names());
}

TEST_F(CommitOutcomeTest, ATransactionSeesWhatAnotherServerDefined) {
  const std::unique_ptr<Engine> other = Start();
  ASSERT_EQ(Run("create table u (a int)"), Status());
  ASSERT_EQ(RunOn(*other, "insert into u values (1)"), Status());
  EXPECT_EQ(other->SchemaVersion(), server_->SchemaVersion());
  ASSERT_EQ(RunOn(*other, "create table v (a int)"), Status());
  ASSERT_EQ(Run("create table w (a int)"), Status());
  EXPECT_EQ(RunOn(*other, "create table w (a int)").code(), StatusCode::kAlreadyExists);
  ASSERT_EQ(Run("drop table u"), Status());
  EXPECT_EQ(RunOn(*other, "insert into u values (1)").code(), StatusCode::kNotFound);
}

TEST_F(CommitOutcomeTest, AReadSeesWhatAnotherServerAltered) {
  const std::unique_ptr<Engine> other = Start();
  ASSERT_EQ(Run("insert into t values (1)"), Status());
  ASSERT_EQ(Run("alter table t add column b int default 7"), Status());
  ASSERT_EQ(RunOn(*other, "select * from t"), Status());
  EXPECT_TRUE(Answers("7 ")) << text_;
  ASSERT_EQ(Run("drop table t"), Status());
  EXPECT_EQ(RunOn(*other, "select * from t").code(), StatusCode::kNotFound);
}

TEST_F(CommitOutcomeTest, AbortedChangesRunAgain) {
  int failing = 0;
  hook_ = [&](const std::function<Status()>& commit) {
    return failing-- > 0 ? AbortedError("the servers conflict") : commit();
  };
  for (const char* const text :
       {"insert into t values (1)", "update t set a = 2", "create table u (a int)",
        "alter table u add column b int", "select a into v from t", "truncate table u",
        "drop table u", "delete from t", "create database e", "drop database e"}) {
    failing = 3;
    EXPECT_EQ(Run(text), Status()) << text;
    EXPECT_EQ(failing, -1) << text;
  }
  ASSERT_EQ(Run("select count(*) from v"), Status());
  EXPECT_TRUE(Answers("1 ")) << text_;
}

TEST_F(CommitOutcomeTest, ARepeatedChangeWarnsOnce) {
  int failing = 2;
  hook_ = [&](const std::function<Status()>& commit) {
    return failing-- > 0 ? AbortedError("the servers conflict") : commit();
  };
  ASSERT_EQ(Run("create table u (a int, foreign key (a) references missing (a))"), Status());
  const std::string_view warning = "The table was created without";
  const std::size_t first = text_.find(warning);
  ASSERT_NE(first, std::string::npos) << text_;
  EXPECT_EQ(text_.find(warning, first + 1), std::string::npos) << text_;
}

TEST_F(CommitOutcomeTest, AChangeThatAlwaysAbortsFails) {
  int commits = 0;
  hook_ = [&](const std::function<Status()>&) {
    ++commits;
    return AbortedError("the servers conflict");
  };
  EXPECT_EQ(Run("insert into t values (1)").code(), StatusCode::kAborted);
  EXPECT_GT(commits, 1);
  hook_ = nullptr;
  ASSERT_EQ(Run("select count(*) from t"), Status());
  EXPECT_TRUE(Answers("0 ")) << text_;
}

TEST_F(CommitOutcomeTest, AnUnknownOutcomeIsReportedAndNothingRunsAgain) {
  for (const bool stored : {false, true}) {
    int commits = 0;
    hook_ = [&](const std::function<Status()>& commit) {
      ++commits;
      if (stored) {
        EXPECT_EQ(commit(), Status());
      }
      return UnknownError("the connection was lost");
    };
    const Status status = Run("insert into t values (1)");
    EXPECT_EQ(status.code(), StatusCode::kUnknown);
    EXPECT_EQ(status.message(),
              "The outcome of the statement is unknown: the connection was lost. Its change is "
              "stored completely or not at all; check before you repeat the statement");
    EXPECT_EQ(commits, 1);
    hook_ = nullptr;
    ASSERT_EQ(Run("select count(*) from t"), Status());
    EXPECT_TRUE(Answers(stored ? "1 " : "0 ")) << text_;
  }
}

TEST_F(CommitOutcomeTest, TheCatalogIsCurrentAfterAnUnknownOutcome) {
  const std::int64_t before = server_->SchemaVersion();
  for (const bool stored : {false, true}) {
    hook_ = [&](const std::function<Status()>& commit) {
      if (stored) {
        EXPECT_EQ(commit(), Status());
      }
      return UnknownError("the connection was lost");
    };
    EXPECT_EQ(Run("create table u (a int)").code(), StatusCode::kUnknown);
    hook_ = nullptr;
    EXPECT_EQ(server_->SchemaVersion(), before + (stored ? 1 : 0));
    EXPECT_EQ(Run("select * from u").code(), stored ? StatusCode::kOk : StatusCode::kNotFound);
  }
  EXPECT_EQ(Run("create table u (a int)").code(), StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace tql::engine
