#include "client/src/relogin_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

using namespace std::chrono_literals;
using ::testing::_;
using ::testing::AllOf;
using ::testing::Field;
using ::testing::InSequence;
using ::testing::Return;

const Status kGone = UnauthenticatedError("no session");
using Version = StatusOr<std::int64_t>;
using Stream = StatusOr<std::unique_ptr<ResultStream>>;

Stream EmptyAnswer() {
  return std::unique_ptr<ResultStream>(
      std::make_unique<mocks::FakeResultStream>(std::vector<mocks::FakeEvent>()));
}

class ReloginTransportTest : public ::testing::Test {
 protected:
  void LogIn() {
    EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(Status())).RetiresOnSaturation();
    ASSERT_EQ(transport_->Login({"ann", "secret", {}}), Status());
  }

  std::shared_ptr<mocks::MockTransport> inner_ = std::make_shared<mocks::MockTransport>();
  std::shared_ptr<Transport> transport_ = MakeReloginTransport(inner_, 30s);
};

TEST_F(ReloginTransportTest, RepeatsCallsAfterLogin) {
  LogIn();
  EXPECT_CALL(*inner_, Login(AllOf(Field(&LoginParams::user, "ann"),
                                   Field(&LoginParams::password, "secret"))))
      .Times(4)
      .WillRepeatedly(Return(Status()));
  EXPECT_CALL(*inner_, Query(Field(&QueryParams::statement, "insert;")))
      .WillOnce([](const auto&) { return Stream(kGone); })
      .WillOnce([](const auto&) { return EmptyAnswer(); });
  EXPECT_CALL(*inner_, RunScript(Field(&ScriptParams::script, "a; b;")))
      .WillOnce([](const auto&) { return Stream(kGone); })
      .WillOnce([](const auto&) { return EmptyAnswer(); });
  EXPECT_CALL(*inner_, GetTokens(_))
      .WillOnce([](const auto&) { return StatusOr<Tokens>(kGone); })
      .WillOnce([](const auto&) { return StatusOr<Tokens>(Tokens()); });
  EXPECT_CALL(*inner_, SchemaVersion(_))
      .WillOnce(Return(Version(kGone)))
      .WillOnce(Return(Version(7)));
  QueryParams query;
  query.statement = "insert;";
  EXPECT_TRUE(transport_->Query(query).ok());
  ScriptParams script;
  script.script = "a; b;";
  EXPECT_TRUE(transport_->RunScript(script).ok());
  EXPECT_TRUE(transport_->GetTokens({}).ok());
  EXPECT_EQ(*transport_->SchemaVersion({}), 7);
}

TEST_F(ReloginTransportTest, LogsInOncePerCall) {
  LogIn();
  EXPECT_CALL(*inner_, SchemaVersion(_)).Times(2).WillRepeatedly(Return(Version(kGone)));
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(Status()));
  EXPECT_EQ(transport_->SchemaVersion({}).status(), kGone);
}

TEST_F(ReloginTransportTest, FailedLoginFailsCall) {
  LogIn();
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillOnce(Return(Version(kGone)));
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(UnauthenticatedError("wrong password")));
  EXPECT_EQ(transport_->SchemaVersion({}).status(), UnauthenticatedError("wrong password"));
}

TEST_F(ReloginTransportTest, PassesOtherErrors) {
  LogIn();
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillOnce(Return(Version(UnavailableError("lost"))));
  EXPECT_EQ(transport_->SchemaVersion({}).status(), UnavailableError("lost"));
}

TEST_F(ReloginTransportTest, DoesNothingWithoutLogin) {
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(UnauthenticatedError("wrong password")));
  EXPECT_FALSE(transport_->Login({"ann", "wrong", {}}).ok());
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillOnce(Return(Version(kGone)));
  EXPECT_EQ(transport_->SchemaVersion({}).status(), kGone);
}

TEST_F(ReloginTransportTest, LogoutForgetsPassword) {
  LogIn();
  EXPECT_CALL(*inner_, Logout(_)).WillOnce(Return(Status()));
  EXPECT_EQ(transport_->Logout({}), Status());
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillOnce(Return(Version(kGone)));
  EXPECT_EQ(transport_->SchemaVersion({}).status(), kGone);
}

TEST_F(ReloginTransportTest, FailedLogoutKeepsCredentials) {
  LogIn();
  EXPECT_CALL(*inner_, Logout(_)).WillOnce(Return(UnavailableError("lost")));
  EXPECT_FALSE(transport_->Logout({}).ok());
  EXPECT_CALL(*inner_, SchemaVersion(_))
      .WillOnce(Return(Version(kGone)))
      .WillOnce(Return(Version(7)));
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(Status()));
  EXPECT_TRUE(transport_->SchemaVersion({}).ok());
}

TEST_F(ReloginTransportTest, LoginHasDeadlineOfCall) {
  LogIn();
  SchemaVersionParams params;
  params.limits.deadline = std::chrono::steady_clock::now() + 10s;
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillOnce(Return(Version(kGone)));
  EXPECT_CALL(*inner_, Login(_)).WillOnce([&](const LoginParams& login) {
    EXPECT_EQ(login.limits.deadline, params.limits.deadline);
    return CancelledError("the call was cancelled");
  });
  EXPECT_EQ(transport_->SchemaVersion(params).status().code(), StatusCode::kCancelled);
}

/// All calls find the session expired before the first of them logs in.
class ManyThreadsTest : public ReloginTransportTest {
 protected:
  static constexpr int kThreads = 8;

  std::vector<Version> CallFromAll(const std::function<Status(const LoginParams&)>& login) {
    LogIn();
    std::latch all_refused(kThreads);
    EXPECT_CALL(*inner_, SchemaVersion(_)).WillRepeatedly([&](const auto&) -> Version {
      if (open_) return 7;
      all_refused.arrive_and_wait();
      return kGone;
    });
    EXPECT_CALL(*inner_, Login(_)).WillRepeatedly([&](const LoginParams& params) {
      EXPECT_EQ(++logging_in_, 1);
      ++logins_;
      Status status = login(params);
      if (status.ok()) open_ = true;
      --logging_in_;
      return status;
    });
    std::vector<Version> results(kThreads, kGone);
    std::vector<std::thread> threads;
    for (Version& result : results) {
      threads.emplace_back([&] { result = transport_->SchemaVersion({}); });
    }
    for (std::thread& thread : threads) thread.join();
    return results;
  }

  std::atomic<bool> open_{false};
  std::atomic<int> logging_in_{0};
  std::atomic<int> logins_{0};
};

TEST_F(ManyThreadsTest, ShareOneLogin) {
  for (const Version& result : CallFromAll([](const auto&) { return Status(); })) {
    EXPECT_TRUE(result.ok()) << result.status();
  }
  EXPECT_EQ(logins_, 1);
}

TEST_F(ManyThreadsTest, ShareARefusal) {
  const Status refused = UnauthenticatedError("wrong password");
  for (const Version& result : CallFromAll([&](const auto&) { return refused; })) {
    EXPECT_EQ(result.status(), refused);
  }
  EXPECT_EQ(logins_, 1);
}

TEST_F(ManyThreadsTest, CancelledLoginIsNotShared) {
  int ok = 0;
  const auto cut_the_first = [this](const auto&) {
    return logins_ == 1 ? CancelledError("the call was cancelled") : Status();
  };
  for (const Version& result : CallFromAll(cut_the_first)) ok += result.ok() ? 1 : 0;
  EXPECT_EQ(ok, kThreads - 1);
  EXPECT_EQ(logins_, 2);
}

TEST_F(ReloginTransportTest, WaitForLoginCanBeCancelled) {
  LogIn();
  std::stop_source stop;
  EXPECT_CALL(*inner_, SchemaVersion(_)).WillRepeatedly(Return(Version(kGone)));
  EXPECT_CALL(*inner_, Login(_)).WillOnce([&](const LoginParams&) {
    // Another call during this login.
    SchemaVersionParams other;
    other.limits.stop = stop.get_token();
    stop.request_stop();
    EXPECT_EQ(transport_->SchemaVersion(other).status().code(), StatusCode::kCancelled);
    SchemaVersionParams late;
    late.limits.deadline = std::chrono::steady_clock::now();
    EXPECT_EQ(transport_->SchemaVersion(late).status().code(), StatusCode::kDeadlineExceeded);
    return Status();
  });
  EXPECT_EQ(transport_->SchemaVersion({}).status(), kGone);
}

}  // namespace
}  // namespace tql
