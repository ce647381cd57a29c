// Scripts, and INSERTs that share a transaction.
#include "mockserver/service/statement_runner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/forwarding_storage.h"

namespace tql::service {
namespace {

/// Counts commits, and makes some of them or all queries fail.
struct Faults {
  int commits = 0;
  int failing = 0;  // The number of next commits that fail.
  Status failure = UnavailableError("the disk is full");
  bool stored = false;  // Whether a commit that fails stores the rows nevertheless.
  bool full = false;    // Whether queries fail for lack of resources.
  std::chrono::milliseconds open_delay{0};  // Before a query is opened.
};

class FaultyTransaction : public testing::ForwardingTransaction {
 public:
  FaultyTransaction(std::unique_ptr<storage::Transaction> real, Faults& faults)
      : ForwardingTransaction(std::move(real)), faults_(faults) {}

  Status Commit(const std::function<void()>& stored) override {
    ++faults_.commits;
    if (faults_.failing == 0) return ForwardingTransaction::Commit(stored);
    --faults_.failing;
    if (faults_.stored) {
      EXPECT_EQ(ForwardingTransaction::Commit(stored), Status());
    }
    return faults_.failure;
  }

 private:
  Faults& faults_;
};

class FaultyStorage : public testing::ForwardingStorage {
 public:
  FaultyStorage(std::unique_ptr<storage::Storage> real, Faults& faults)
      : ForwardingStorage(std::move(real)), faults_(faults) {}

  std::unique_ptr<storage::Transaction> Wrap(std::unique_ptr<storage::Transaction> real) override {
    return std::make_unique<FaultyTransaction>(std::move(real), faults_);
  }
  StatusOr<std::unique_ptr<storage::Cursor>> Open(
      const plan::Query& query, const storage::Cancellation& cancellation) override {
    if (faults_.full) return ResourceExhaustedError("too many");
    std::this_thread::sleep_for(faults_.open_delay);
    return ForwardingStorage::Open(query, cancellation);
  }

 private:
  Faults& faults_;
};

/// One line per result: "INDEX text" with the last message, or the rows.
class AnswerLines : public ResponseSink, private engine::StatementSink {
 public:
  /// Answers these statements itself.
  std::map<std::string, Answered, std::less<>> own = {};

  bool Answers(const PendingStatement& pending) override { return own.contains(pending.info.text); }
  Answered Answer(const PendingStatement& pending) override {
    const bool parsed = pending.statement != nullptr;
    BeginStatement(pending.info);
    Add(std::string("own ") + (parsed ? "" : "unparsed ") + "in " + pending.context.database);
    return own.find(pending.info.text)->second;
  }
  engine::StatementSink& BeginStatement(const StatementInfo& info) override {
    lines_.push_back(std::to_string(info.index));
    return *this;
  }
  void Finish() override {}
  std::vector<std::string> Take() { return std::exchange(lines_, {}); }

 private:
  bool OnProgress(std::span<const engine::Progress> stages) override {
    for (const engine::Progress& stage : stages) {
      Add(std::to_string(stage.percentage) + "% " + stage.details + ":");
    }
    return true;
  }
  bool OnQuestion(const engine::Question&) override { return Add("?"); }
  bool Begin(const engine::Context&) override { return true; }
  bool Header(std::span<const engine::Column>) override { return true; }
  bool Row(std::span<const std::string_view> cells) override { return Add(cells[0]); }
  bool Message(engine::MessageType type, std::string_view text) override {
    if (type == engine::MessageType::kError) return Add("error");
    return text.starts_with("Statement executed") ? Add("ok") : true;
  }
  void End() override {}
  bool Add(std::string_view text) {
    lines_.back() += ' ' + std::string(text);
    return true;
  }
  std::vector<std::string> lines_;
};

/// A clock of the server that stands still.
class StoppedClock : public engine::Clock {
 public:
  explicit StoppedClock(std::chrono::hours time) : time_(time) {}
  TimePoint Now() const override { return time_; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }

 private:
  const TimePoint time_;
};

class StatementRunnerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    storage::SqliteOptions options;
    options.path = ":memory:";
    auto storage = storage::OpenSqlite(options);
    ASSERT_TRUE(storage.ok()) << storage.status();
    auto engine = engine::Engine::Create(
        std::make_unique<FaultyStorage>(*std::move(storage), faults_), engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    Run("create database d; use d; create table t (a int, primary key (a));");
    faults_.commits = 0;
  }

  std::vector<std::string> Run(std::string_view text, bool script = true, bool go_on = true,
                               std::chrono::milliseconds progress_pause = std::chrono::hours(1)) {
    AnswerLines answers;
    answers.own = own_;
    engine::StatementOptions options;
    options.interactive = !script;
    StatementRunner runner(*engine_, engine::SystemClock(), std::string(text), {},
                           {.options = options,
                            .context = {.database = "d"},
                            .script = script,
                            .go_on = go_on,
                            .progress_pause = progress_pause});
    status_ = runner.Admit();
    if (status_.ok()) (void)runner.Run(answers);  // Errors are among the answers.
    return answers.Take();
  }
  using Lines = std::vector<std::string>;

  Faults faults_;
  std::map<std::string, ResponseSink::Answered, std::less<>> own_;  // of the sink
  std::unique_ptr<engine::Engine> engine_;
  Status status_;  // Of the last Run().
};

TEST_F(StatementRunnerTest, InsertsShareATransaction) {
  std::string script;
  for (int i = 0; i < 100; ++i) script += "insert into t values (" + std::to_string(i) + ");\n";
  const Lines lines = Run(script);
  ASSERT_EQ(lines.size(), 100U);
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i], std::to_string(i) + " ok");
  EXPECT_LT(faults_.commits, 100);
  EXPECT_EQ(Run("select count(*) from t;"), Lines({"0 100 ok"}));
}

TEST_F(StatementRunnerTest, EmptyTextHasOneResult) {
  for (const char* const text : {"", ";", " -- nothing", "/* a */;;\n"}) {
    EXPECT_EQ(Run(text, /*script=*/true), Lines({"0 ok"})) << text;
    EXPECT_EQ(Run(text, /*script=*/false), Lines({"0 ok"})) << text;
  }
}

TEST_F(StatementRunnerTest, InsertsOfQueriesDoNotShareATransaction) {
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2);", /*script=*/false),
            Lines({"0 ok", "1 ok"}));
  EXPECT_EQ(faults_.commits, 2);
}

TEST_F(StatementRunnerTest, LaterStatementsSeeInsertedRows) {
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2); select count(*) from t;"
                "insert into t values (3); update t set a = a + 10; insert into t values (4);"
                "insert into t select a + 100 from t; nonsense; insert into t values (5);"
                "select max(a) from t; select count(*) from t;"),
            Lines({"0 ok", "1 ok", "2 2 ok", "3 ok", "4 ok", "5 ok", "6 ok", "7 error", "8 ok",
                   "9 113 ok", "10 9 ok"}));
}

TEST_F(StatementRunnerTest, FailedInsertKeepsItsGroup) {
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2), ('x'); insert into t (b) "
                "values (3); insert into t values (4), (5); select count(*) from t;"),
            Lines({"0 ok", "1 error", "2 error", "3 ok", "4 3 ok"}));
}

TEST_F(StatementRunnerTest, ErrorStopsScriptAfterItsGroup) {
  EXPECT_EQ(Run("insert into t values (1); insert into t values ('x'); insert into t values (2);",
                /*script=*/true, /*go_on=*/false),
            Lines({"0 ok", "1 error"}));
  EXPECT_EQ(Run("select max(a) from t;"), Lines({"0 1 ok"}));
}

TEST_F(StatementRunnerTest, FailedGroupIsRetriedIndividually) {
  faults_.failing = 3;  // The group, and its first two statements alone.
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2); insert into t values (3);"
                "select min(a) from t; select count(*) from t;"),
            Lines({"0 error", "1 error", "2 ok", "3 3 ok", "4 1 ok"}));
  EXPECT_EQ(faults_.commits, 4);
}

TEST_F(StatementRunnerTest, AbortedGroupRunsAgainAsAWhole) {
  faults_.failing = 2;
  faults_.failure = AbortedError("the servers conflict");
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2), ('x'); insert into t values "
                "(3); select count(*) from t;"),
            Lines({"0 ok", "1 error", "2 ok", "3 2 ok"}));
  EXPECT_EQ(faults_.commits, 3);
}

TEST_F(StatementRunnerTest, NothingRunsAgainAfterAnUnknownOutcome) {
  faults_.failure = UnknownError("the connection was lost");
  for (const bool stored : {false, true}) {
    faults_.stored = stored;
    faults_.failing = 1;
    faults_.commits = 0;
    EXPECT_EQ(Run("insert into t values (1); insert into t values ('x'); insert into t values (2);"
                  "select count(*) from t;"),
              Lines({"0 error", "1 error", "2 error", stored ? "3 2 ok" : "3 0 ok"}));
    EXPECT_EQ(faults_.commits, 1);
  }
}

TEST_F(StatementRunnerTest, UnknownOutcomeStopsScript) {
  faults_.failure = UnknownError("the connection was lost");
  faults_.failing = 1;
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2); select count(*) from t;",
                /*script=*/true, /*go_on=*/false),
            Lines({"0 error"}));
  EXPECT_EQ(faults_.commits, 1);
}

TEST_F(StatementRunnerTest, FailedGroupStopsScript) {
  faults_.failing = 2;
  EXPECT_EQ(Run("insert into t values (1); insert into t values (2); select count(*) from t;",
                /*script=*/true, /*go_on=*/false),
            Lines({"0 error"}));
}

TEST_F(StatementRunnerTest, ReportsProgressOfSlowScript) {
  const std::string_view text = "show databases; insert into t values (1);\nselect a from t;";
  const std::chrono::milliseconds at_once(0);
  EXPECT_EQ(Run(text, true, true, at_once),
            (Lines{"0 0% statement 1: ok", "1 27% statement 2: ok", "2 72% statement 3: 1 ok"}));
  EXPECT_EQ(Run(text, false, true, at_once), (Lines{"0 ok", "1 ok", "2 1 ok"})) << "a query";
}

TEST_F(StatementRunnerTest, TimeoutIsByTheClockOfTheMachine) {
  faults_.open_delay = std::chrono::milliseconds(5);
  constexpr std::chrono::hours kCentury(24 * 36525);
  for (const std::chrono::hours time : {-kCentury, kCentury}) {
    const StoppedClock clock(time);
    for (const std::chrono::milliseconds timeout :
         {std::chrono::milliseconds(1), std::chrono::milliseconds(3'600'000)}) {
      StatementRunner runner(
          *engine_, clock, "select a from t;", {},
          {.options = {}, .context = {.database = "d"}, .statement_timeout = timeout});
      EXPECT_EQ(runner.Admit(), Status());
      AnswerLines answers;
      EXPECT_EQ(runner.Run(answers).code(),
                timeout.count() == 1 ? StatusCode::kDeadlineExceeded : StatusCode::kOk);
    }
  }
}

TEST_F(StatementRunnerTest, RefusesSelectWithoutResources) {
  faults_.full = true;
  for (const bool script : {false, true}) {
    EXPECT_EQ(Run("select a from t; insert into t values (1);", script), Lines());
    EXPECT_EQ(status_, ResourceExhaustedError("too many"));
  }
  EXPECT_EQ(Run("insert into t values (2); select a from t; insert into t values (3);"),
            Lines({"0 ok", "1 error", "2 ok"}));
  EXPECT_EQ(status_, Status());
  faults_.full = false;
  EXPECT_EQ(Run("select min(a) from t; select count(*) from t;"), Lines({"0 2 ok", "1 2 ok"}));
  EXPECT_EQ(status_, Status());
}

TEST_F(StatementRunnerTest, SinkAnswersInsteadOfTheStatement) {
  own_ = {{"insert into d.t values (2)", {}},
          {"selekt", {.status = InvalidArgumentError("no")}},
          {"use nowhere", {}},
          {"", {}}};
  EXPECT_EQ(Run("insert into t values (1); insert into d.t values (2); use nowhere; selekt;"
                "insert into t values (3); select count(*) from t;"),
            Lines({"0 ok", "1 own in d", "2 own in d", "3 own unparsed in d", "4 ok", "5 2 ok"}));
  EXPECT_EQ(Run("selekt; select count(*) from t;", /*script=*/true, /*go_on=*/false),
            Lines({"0 own unparsed in d"}));
  EXPECT_EQ(Run(" -- nothing"), Lines({"0 own unparsed in d"}));
  own_ = {{"show databases", {.status = {}, .last = true}}, {"exit", {}}};
  EXPECT_EQ(Run("insert into t values (4); show databases; select 1;"),
            Lines({"0 ok", "1 own in d"}));
  EXPECT_EQ(Run("exit; select 1;"), Lines({"0 own in d"}));
}

TEST_F(StatementRunnerTest, FirstStatementIsKnownAtAdmission) {
  StatementRunner runner(*engine_, engine::SystemClock(), "use d; select 1;", {},
                         {.options = {}, .context = {.database = "e"}, .script = true});
  ASSERT_TRUE(runner.Admit().ok());
  const ResponseSink::PendingStatement first = runner.First();
  EXPECT_EQ(first.info.text, "use d");
  EXPECT_FALSE(first.info.last);
  ASSERT_NE(first.statement, nullptr);
  EXPECT_EQ(first.statement->kind(), dialect::StatementKind::kUse);
  EXPECT_EQ(first.context.database, "e");
}

TEST_F(StatementRunnerTest, ExitEndsScriptAndGroup) {
  EXPECT_EQ(Run("insert into t values (1); exit; insert into t values (2);"),
            Lines({"0 ok", "1 ok"}));
  EXPECT_EQ(Run("select count(*) from t;"), Lines({"0 1 ok"}));
}

}  // namespace
}  // namespace tql::service
