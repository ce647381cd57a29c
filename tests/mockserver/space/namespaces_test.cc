#include "mockserver/space/namespaces.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "mockserver/dialect/parser.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/forwarding_storage.h"

namespace tql::space {
namespace {

/// The cells of an answer, each followed by a blank.
class Cells : public engine::StatementSink {
 public:
  bool OnProgress(std::span<const engine::Progress>) override { return true; }
  bool OnQuestion(const engine::Question&) override { return true; }
  bool Begin(const engine::Context&) override { return true; }
  bool Header(std::span<const engine::Column>) override { return true; }
  bool Row(std::span<const std::string_view> cells) override {
    for (const std::string_view cell : cells) text.append(cell) += ' ';
    return true;
  }
  bool Message(engine::MessageType, std::string_view) override { return true; }
  void End() override {}
  std::string text;
};

class FixedClock : public engine::Clock {
 public:
  TimePoint Now() const override { return now; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
  TimePoint now;
};

class NamespacesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto storage = storage::OpenSqlite({});
    ASSERT_TRUE(storage.ok()) << storage.status();
    Start(*std::move(storage));
  }
  /// Namespaces with a database d and one row in its table t.
  void Start(std::unique_ptr<storage::Storage> storage) {
    auto engine = engine::Engine::Create(std::move(storage), engine::RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    namespaces_ = std::make_unique<Namespaces>(
        std::make_shared<Namespace>(
            std::string(kMain), *std::move(engine),
            std::make_shared<Environment>(kMain, engine::SystemClock()),
            Namespace::Settings{.statement_timeout = std::chrono::seconds(7)}, stop_.get_token()),
        clock_);
    Run(kMain, "create database d");
    Run(kMain, "create table t (a int)");
    Run(kMain, "insert into t values (1)");
  }

  /// The cells of the answer to a statement that must succeed.
  std::string Run(std::string_view space, std::string_view text) {
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << statement.status();
    engine::Context context;
    context.database = "d";
    engine::StatementOptions options;
    options.format_output = false;
    Cells sink;
    const std::shared_ptr<Namespace> found = namespaces_->Find(space);
    EXPECT_TRUE(found) << space;
    EXPECT_EQ(found->engine().Execute({.text = text,
                                       .statement = *statement,
                                       .context = context,
                                       .options = options,
                                       .cancellation = {}},
                                      sink),
              Status())
        << text;
    return sink.text;
  }
  StatusCode ForkCode(std::string_view name, std::string_view from = kMain) {
    return namespaces_->Fork(name, from, {}).status().code();
  }

  std::stop_source stop_;
  FixedClock clock_;
  std::unique_ptr<Namespaces> namespaces_;
};

TEST_F(NamespacesTest, MainAloneIsThereAtFirst) {
  EXPECT_EQ(namespaces_->Names(), (std::vector<std::string>{"main"}));
  EXPECT_EQ(namespaces_->Find("main")->name(), "main");
  EXPECT_EQ(namespaces_->Find("t1"), nullptr);
}

TEST_F(NamespacesTest, AForkHasEverythingAndGoesItsOwnWay) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  ASSERT_EQ(ForkCode("t2", "t1"), StatusCode::kOk);
  EXPECT_EQ(namespaces_->Find("t1")->settings().statement_timeout, std::chrono::seconds(7));
  Run("t1", "insert into t values (2)");
  Run("main", "insert into t values (3)");
  Run("main", "alter table t add column b int default 9");
  Run("t2", "drop table t");
  Run("t2", "create table u (a int)");
  EXPECT_EQ(Run("t1", "select * from t order by a"), "1 2 ");
  EXPECT_EQ(Run("main", "select * from t order by a"), "1 9 3 9 ");
  EXPECT_EQ(Run("t2", "select * from u"), "");
  EXPECT_EQ(Run("t1", "show tables").find(" u "), std::string::npos);
}

TEST_F(NamespacesTest, StatisticsOfAForkBeginWithThoseOfItsOrigin) {
  const std::string before = Run("main", "show statistics for table t");
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  EXPECT_EQ(Run("t1", "show statistics for table t"), before);
}

TEST_F(NamespacesTest, ANameIsReplacedAtOnce) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  Run("t1", "insert into t values (2)");
  const std::shared_ptr<Namespace> replaced = namespaces_->Find("t1");
  EXPECT_FALSE(replaced->stop().stop_requested());
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  EXPECT_TRUE(replaced->stop().stop_requested());
  EXPECT_FALSE(namespaces_->Find("t1")->stop().stop_requested());
  EXPECT_EQ(Run("t1", "select * from t"), "1 ");
}

TEST_F(NamespacesTest, RemoveCancelsAndForgets) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  const std::shared_ptr<Namespace> removed = namespaces_->Find("t1");
  EXPECT_EQ(namespaces_->Remove("t1"), Status());
  EXPECT_TRUE(removed->stop().stop_requested());
  EXPECT_EQ(namespaces_->Remove("t1").code(), StatusCode::kNotFound);
  EXPECT_EQ(namespaces_->Remove("main").code(), StatusCode::kInvalidArgument);
}

TEST_F(NamespacesTest, MainIsReplacedByWhatItWasAtTheStart) {
  EXPECT_EQ(ForkCode("main", ""), StatusCode::kFailedPrecondition) << "nothing was kept";
  ASSERT_EQ(namespaces_->KeepStart({}), Status());
  Run("main", "insert into t values (2)");
  ASSERT_EQ(ForkCode("now", "main"), StatusCode::kOk);
  ASSERT_EQ(ForkCode("start", ""), StatusCode::kOk);
  ASSERT_EQ(ForkCode("main", ""), StatusCode::kOk);
  EXPECT_EQ(Run("now", "select * from t order by a"), "1 2 ");
  EXPECT_EQ(Run("start", "select * from t"), "1 ");
  EXPECT_EQ(Run("main", "select * from t"), "1 ");
  Run("main", "insert into t values (3)");
  ASSERT_EQ(ForkCode("main", ""), StatusCode::kOk);
  EXPECT_EQ(Run("main", "select * from t"), "1 ");
}

TEST_F(NamespacesTest, ANamespaceThatIsNotCalledExpires) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  ASSERT_EQ(ForkCode("t2"), StatusCode::kOk);
  std::shared_ptr<Namespace> used = namespaces_->Find("t1");
  namespaces_->SetTtl(*used, std::chrono::seconds(10));
  clock_.now += std::chrono::seconds(9);
  EXPECT_NE(namespaces_->Find("t1"), nullptr);
  clock_.now += std::chrono::seconds(9);
  EXPECT_NE(namespaces_->Find("t1"), nullptr) << "each call counts";
  clock_.now += std::chrono::seconds(11);
  EXPECT_EQ(namespaces_->Find("t1"), nullptr);
  namespaces_->RemoveExpired();
  EXPECT_EQ(namespaces_->Names(), (std::vector<std::string>{"main", "t1", "t2"})) << "it is in use";
  used.reset();
  namespaces_->RemoveExpired();
  EXPECT_EQ(namespaces_->Names(), (std::vector<std::string>{"main", "t2"}));
}

TEST_F(NamespacesTest, ALookIsNoCall) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  namespaces_->SetTtl(*namespaces_->Find("t1"), std::chrono::seconds(10));
  clock_.now += std::chrono::seconds(9);
  EXPECT_NE(namespaces_->Peek("t1"), nullptr);
  clock_.now += std::chrono::seconds(2);
  EXPECT_EQ(namespaces_->Peek("t1"), nullptr);
  EXPECT_EQ(namespaces_->Find("t1"), nullptr);
  EXPECT_EQ(namespaces_->Peek("t2"), nullptr);
}

TEST_F(NamespacesTest, AForkHasTheClockOfItsOriginAndMovesItAlone) {
  engine::AdjustableClock& main = namespaces_->Find("main")->environment()->clock;
  ASSERT_EQ(
      main.Adjust({.now = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1), .frozen = true}),
      Status());
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  engine::AdjustableClock& fork = namespaces_->Find("t1")->environment()->clock;
  EXPECT_EQ(fork.WallTime(), main.WallTime());
  ASSERT_EQ(fork.Adjust({.advance = std::chrono::hours(24)}), Status());
  Run("t1", "insert into t values (2)");
  EXPECT_NE(Run("t1", "show statistics for table t").find("2030-01-02"), std::string::npos);
  EXPECT_EQ(Run("main", "show statistics for table t").find("2030-01-02"), std::string::npos);
}

TEST_F(NamespacesTest, SessionsThatOutliveTheirNamespaceKeepTheirNumbers) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  EXPECT_EQ(namespaces_->Find("t1")->environment()->identifiers.NewSessionNumber(), 1U);
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  EXPECT_EQ(namespaces_->Find("t1")->environment()->identifiers.NewSessionNumber(), 2U);
  namespaces_->Find("main")->environment()->identifiers.SetSeed(7);
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  const auto& seeded = namespaces_->Find("t1")->environment()->identifiers;
  EXPECT_EQ(seeded.seed(), 7U);
  EXPECT_EQ(namespaces_->Find("t1")->environment()->identifiers.NewSessionNumber(), 1U);
}

TEST_F(NamespacesTest, AForkOwnsOnlyWhatItChanges) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  EXPECT_EQ(namespaces_->Find("t1")->engine().OwnBytes(), 0U);
  Run("t1", "insert into t values (2)");
  const std::uint64_t own = namespaces_->Find("t1")->engine().OwnBytes();
  EXPECT_GT(own, 0U);
  EXPECT_LT(own, std::uint64_t{1} << 20U);
  EXPECT_EQ(own % 4096, 0U);
}

TEST_F(NamespacesTest, NamesAreChecked) {
  for (const std::string& name :
       {std::string(), std::string("-a"), std::string("a b"), std::string("a+b"),
        std::string("a/b"), std::string("\xC3\xA4"), std::string(65, 'a')}) {
    EXPECT_EQ(ForkCode(name), StatusCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(ForkCode("0.A_b-c"), StatusCode::kOk);
  EXPECT_EQ(ForkCode(std::string(64, 'a')), StatusCode::kOk);
  EXPECT_EQ(namespaces_->Fork("t1", "nowhere", {}).status(),
            NotFoundError("unknown namespace \"nowhere\""));
}

TEST_F(NamespacesTest, ThereAreTenThousandAtMost) {
  for (int i = 1; i < 10'000; ++i) {
    ASSERT_EQ(ForkCode("t" + std::to_string(i)), StatusCode::kOk);
  }
  EXPECT_EQ(ForkCode("more"), StatusCode::kResourceExhausted);
  EXPECT_EQ(ForkCode("t5000"), StatusCode::kOk);  // replaces one
  EXPECT_EQ(namespaces_->Remove("t77"), Status());
  EXPECT_EQ(ForkCode("more"), StatusCode::kOk);
  EXPECT_EQ(Run("t9999", "select * from t"), "1 ");
}

TEST_F(NamespacesTest, TheEndOfTheServerEndsAll) {
  ASSERT_EQ(ForkCode("t1"), StatusCode::kOk);
  stop_.request_stop();
  EXPECT_TRUE(namespaces_->Find("main")->stop().stop_requested());
  EXPECT_TRUE(namespaces_->Find("t1")->stop().stop_requested());
}

/// Counts the storages of its kind that may hold connections.
class CountingStorage : public testing::ForwardingStorage {
 public:
  CountingStorage(std::unique_ptr<storage::Storage> real, int& connected)
      : ForwardingStorage(std::move(real)), connected_(connected) {}
  StatusOr<std::unique_ptr<storage::Transaction>> Begin(
      storage::Intent intent, const storage::Cancellation& cancellation) override {
    Use();
    return ForwardingStorage::Begin(intent, cancellation);
  }
  StatusOr<storage::ForkedStorage> Fork(const storage::Cancellation& cancellation) override {
    auto fork = ForwardingStorage::Fork(cancellation);
    if (fork.ok()) {
      fork->storage = std::make_unique<CountingStorage>(std::move(fork->storage), connected_);
    }
    return fork;
  }
  bool ReleaseIdle() override {
    const bool released = ForwardingStorage::ReleaseIdle();
    if (released && in_use_) --connected_;
    in_use_ = in_use_ && !released;
    return released;
  }

 private:
  void Use() {
    if (!in_use_) ++connected_;
    in_use_ = true;
  }
  int& connected_;
  bool in_use_ = false;
};

TEST_F(NamespacesTest, OnlyTheNamespacesUsedLastKeepConnections) {
  int connected = 0;
  auto storage = storage::OpenSqlite({});
  ASSERT_TRUE(storage.ok()) << storage.status();
  Start(std::make_unique<CountingStorage>(*std::move(storage), connected));
  constexpr int kForks = 100;
  constexpr int kLimit = static_cast<int>(Namespaces::kMostConnected);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < kForks; ++i) {
      const std::string name = "t" + std::to_string(i);
      if (round == 0) {
        ASSERT_EQ(ForkCode(name), StatusCode::kOk);
      }
      Run(name, "insert into t values (" + std::to_string(i) + ")");
      EXPECT_LE(connected, kLimit + 1) << "with main";
    }
  }
  EXPECT_EQ(connected, kLimit + 1);
  for (int i = 0; i < kForks; ++i) {
    EXPECT_EQ(Run("t" + std::to_string(i), "select count(*) from t"), "3 ");
  }
}

}  // namespace
}  // namespace tql::space
