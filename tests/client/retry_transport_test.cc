#include "client/src/retry_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

using std::chrono::milliseconds;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Return;

class RetryTransportTest : public ::testing::Test {
 protected:
  std::shared_ptr<Transport> Make(RetryOptions options = {}) {
    RetryEnvironment environment;
    environment.now = [this] { return now_; };
    environment.sleep = [this](milliseconds pause, const std::stop_token&) {
      sleeps_.push_back(pause);
      now_ += pause;
    };
    environment.random = [] { return 0.5; };
    return MakeRetryTransport(inner_, options, environment);
  }

  std::shared_ptr<mocks::MockTransport> inner_ = std::make_shared<mocks::MockTransport>();
  std::chrono::steady_clock::time_point now_{};
  std::vector<milliseconds> sleeps_;
};

TEST_F(RetryTransportTest, RetriesLogin) {
  EXPECT_CALL(*inner_, Login(_))
      .WillOnce(Return(UnavailableError("no")))
      .WillOnce(Return(UnavailableError("no")))
      .WillOnce(Return(Status()));
  EXPECT_EQ(Make()->Login({}), Status());
  EXPECT_THAT(sleeps_, ElementsAre(milliseconds(50), milliseconds(100)));
}

TEST_F(RetryTransportTest, GivesUpAfterLastAttempt) {
  EXPECT_CALL(*inner_, SchemaVersion(_)).Times(3).WillRepeatedly([](const auto&) {
    return StatusOr<std::int64_t>(UnavailableError("no"));
  });
  EXPECT_EQ(Make()->SchemaVersion({}).status(), UnavailableError("no"));
}

TEST_F(RetryTransportTest, DoesNotRetryPermanentErrors) {
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(UnauthenticatedError("wrong password")));
  EXPECT_EQ(Make()->Login({}).code(), StatusCode::kUnauthenticated);
  EXPECT_TRUE(sleeps_.empty());
}

TEST_F(RetryTransportTest, DoesNotRetryInsert) {
  EXPECT_CALL(*inner_, Query(_)).WillOnce([](const auto&) {
    return StatusOr<std::unique_ptr<ResultStream>>(UnavailableError("cut"));
  });
  QueryParams params;
  params.statement = "insert into t values (1);";
  EXPECT_EQ(Make()->Query(params).status().code(), StatusCode::kUnavailable);
}

TEST_F(RetryTransportTest, RetriesIdempotentInsert) {
  EXPECT_CALL(*inner_, Query(_)).Times(2).WillRepeatedly([](const auto&) {
    return StatusOr<std::unique_ptr<ResultStream>>(UnavailableError("cut"));
  });
  QueryParams params;
  params.statement = "insert into t values (1);";
  params.idempotent = true;
  EXPECT_FALSE(Make({.max_attempts = 2})->Query(params).ok());
}

TEST_F(RetryTransportTest, DoesNotRetryScript) {
  EXPECT_CALL(*inner_, RunScript(_)).WillOnce([](const auto&) {
    return StatusOr<std::unique_ptr<ResultStream>>(UnavailableError("cut"));
  });
  EXPECT_FALSE(Make()->RunScript({}).ok());
}

/// A failure with details from the transport.
template <typename Params>
StatusOr<std::unique_ptr<ResultStream>> Fails(const Params& params, FailureNote note) {
  *params.limits.note = note;
  return UnavailableError("no");
}

TEST_F(RetryTransportTest, RetriesUnsentRequests) {
  EXPECT_CALL(*inner_, Query(_)).Times(3).WillRepeatedly([](const QueryParams& params) {
    return Fails(params, {.nothing_sent = true});
  });
  QueryParams insert;
  insert.statement = "insert into t values (1);";
  EXPECT_FALSE(Make()->Query(insert).ok());
  // The second attempt was sent, so it is the last.
  int attempts = 0;
  EXPECT_CALL(*inner_, RunScript(_)).Times(2).WillRepeatedly([&](const ScriptParams& params) {
    return Fails(params, {.nothing_sent = ++attempts == 1});
  });
  EXPECT_FALSE(Make()->RunScript({}).ok());
}

TEST_F(RetryTransportTest, RespectsRetryAfter) {
  EXPECT_CALL(*inner_, Query(_)).Times(3).WillRepeatedly([](const QueryParams& params) {
    return Fails(params, {.retry_after = milliseconds(75)});
  });
  QueryParams select;
  select.statement = "select 1;";
  EXPECT_FALSE(Make()->Query(select).ok());
  // At least as long as the server asks for and as our own backoff requires.
  EXPECT_THAT(sleeps_, ElementsAre(milliseconds(75), milliseconds(100)));
}

TEST_F(RetryTransportTest, GivesUpOnLongRetryAfter) {
  EXPECT_CALL(*inner_, Query(_)).WillOnce([](const QueryParams& params) {
    return Fails(params, {.retry_after = milliseconds(3000)});
  });
  QueryParams select;
  select.statement = "select 1;";
  select.limits.deadline = now_ + milliseconds(2999);
  EXPECT_EQ(Make()->Query(select).status(), UnavailableError("no"));
  EXPECT_TRUE(sleeps_.empty());
}

TEST_F(RetryTransportTest, DoesNotWaitBeyondDeadline) {
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(UnavailableError("no")));
  LoginParams params;
  params.limits.deadline = now_ + milliseconds(40);
  EXPECT_EQ(Make()->Login(params), UnavailableError("no"));
  EXPECT_TRUE(sleeps_.empty());
}

TEST_F(RetryTransportTest, BacksOff) {
  EXPECT_CALL(*inner_, Login(_)).Times(5).WillRepeatedly(Return(UnavailableError("no")));
  RetryOptions options;
  options.max_attempts = 5;
  options.initial_backoff = milliseconds(20);
  options.max_backoff = milliseconds(200);
  options.multiplier = 3;
  EXPECT_FALSE(Make(options)->Login({}).ok());
  EXPECT_THAT(sleeps_,
              ElementsAre(milliseconds(10), milliseconds(30), milliseconds(90), milliseconds(100)));
}

TEST_F(RetryTransportTest, LimitsElapsedTime) {
  EXPECT_CALL(*inner_, Login(_)).Times(2).WillRepeatedly(Return(UnavailableError("no")));
  RetryOptions options;
  options.max_attempts = 9;
  options.max_elapsed = milliseconds(120);
  EXPECT_FALSE(Make(options)->Login({}).ok());
  EXPECT_THAT(sleeps_, ElementsAre(milliseconds(50)));
}

TEST_F(RetryTransportTest, RetriesConfiguredErrors) {
  EXPECT_CALL(*inner_, Login(_))
      .WillOnce(Return(InternalError("odd")))
      .WillOnce(Return(UnavailableError("no")));
  RetryOptions options;
  options.retry_on = [](const Status& status) { return status.code() == StatusCode::kInternal; };
  EXPECT_EQ(Make(options)->Login({}), UnavailableError("no"));
}

TEST_F(RetryTransportTest, UsesSleepOption) {
  EXPECT_CALL(*inner_, Login(_))
      .WillOnce(Return(UnavailableError("no")))
      .WillOnce(Return(Status()));
  std::vector<milliseconds> own;
  RetryOptions options;
  options.sleep = [&](milliseconds pause, const std::stop_token&) { own.push_back(pause); };
  EXPECT_EQ(Make(options)->Login({}), Status());
  EXPECT_THAT(own, ElementsAre(milliseconds(50)));
  EXPECT_TRUE(sleeps_.empty());
}

TEST_F(RetryTransportTest, StopsOnCancellation) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_CALL(*inner_, Login(_)).WillOnce(Return(UnavailableError("no")));
  LoginParams params;
  params.limits.stop = stop.get_token();
  EXPECT_EQ(Make()->Login(params).code(), StatusCode::kCancelled);
}

TEST(OnlyReads, RecognizesReads) {
  for (const char* text : {"select 1;", "  /* insert */ SELECT a FROM t", "-- x\nshow tables",
                           "Script server;;", "select 'into', \"into\" from t"}) {
    EXPECT_TRUE(OnlyReads(text)) << text;
  }
  for (const char* text :
       {"insert into t values (1)", "select a into b from t", "select 1; delete from t",
        "select 1; select 2", "", "use d", "-- select\ndrop table t", "/* unfinished"}) {
    EXPECT_FALSE(OnlyReads(text)) << text;
  }
}

}  // namespace
}  // namespace tql
