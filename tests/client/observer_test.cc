#include "tql/observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "client/src/retry_transport.h"
#include "tql/client.h"
#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

using mocks::FakeEvent;
using mocks::FakeResultStream;
using mocks::FakeRow;
using std::chrono::milliseconds;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::Return;

class Recorder : public CallObserver {
 public:
  void OnStart(const CallInfo& call) override {
    events.push_back("start " + std::string(OperationName(call.operation)) + " " + call.request_id);
  }
  void OnRetry(const CallInfo&, int attempt, const Status& status, milliseconds) override {
    events.push_back("retry " + std::to_string(attempt) + " " + status.message());
  }
  void OnEnd(const CallInfo& call, const CallOutcome& outcome) override {
    events.push_back("end " + call.request_id + " " + outcome.status.ToString());
    last = outcome;
  }
  std::vector<std::string> events;
  CallOutcome last;
};

class ObserverTest : public ::testing::Test {
 protected:
  Client Make(RetryOptions retry = {}) {
    retry.sleep = [](milliseconds, const std::stop_token&) {};
    Options options;
    options.observer = recorder_;
    return Client(MakeRetryTransport(transport_, retry, SystemRetryEnvironment()), options);
  }
  void Answers(std::vector<FakeEvent> events, Status last = {}) {
    EXPECT_CALL(*transport_, Query(_))
        .WillOnce([events = std::move(events), last](const QueryParams&) {
          return StatusOr<std::unique_ptr<ResultStream>>(
              std::make_unique<FakeResultStream>(events, last));
        });
  }
  static RequestOptions Named(std::string id) {
    RequestOptions request;
    request.request_id = std::move(id);
    return request;
  }

  const std::shared_ptr<mocks::MockTransport> transport_ = std::make_shared<mocks::MockTransport>();
  const std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();
};

TEST_F(ObserverTest, ReportsRowsAndBytes) {
  Answers({FakeRow{"north", "1"}, FakeRow{"south", "22"}, Message{Severity::kInfo, "done"},
           StatementEnd{}});
  ASSERT_EQ(Make().Execute("select;", Named("r1")).status, Status());
  EXPECT_THAT(recorder_->events, ElementsAre("start query r1", "end r1 OK"));
  EXPECT_EQ(recorder_->last.rows, 2u);
  EXPECT_EQ(recorder_->last.bytes, 5u + 1 + 5 + 2 + 4);
  EXPECT_EQ(recorder_->last.attempts, 1);
}

TEST_F(ObserverTest, ReportsAttemptsUnderOneId) {
  std::vector<std::string> sent;
  EXPECT_CALL(*transport_, SchemaVersion(_))
      .WillOnce([&](const SchemaVersionParams& params) {
        sent.push_back(params.limits.trace->call.request_id);
        return StatusOr<std::int64_t>(UnavailableError("away"));
      })
      .WillOnce([&](const SchemaVersionParams& params) {
        sent.push_back(params.limits.trace->call.request_id);
        return StatusOr<std::int64_t>(7);
      });
  EXPECT_EQ(*Make().SchemaVersion(), 7);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].size(), 32u);
  EXPECT_THAT(recorder_->events, ElementsAre("start schema version " + sent[0], "retry 1 away",
                                             "end " + sent[1] + " OK"));
  EXPECT_EQ(recorder_->last.attempts, 2);
}

TEST_F(ObserverTest, ReportsErrorOfStatement) {
  Answers({Message{Severity::kError, "no such table\n"}, StatementEnd{}});
  (void)Make().Execute("select;", Named("r"));
  EXPECT_EQ(recorder_->last.status, FailedPreconditionError("no such table"));
  Answers({FakeRow{"1"}}, DataLossError("cut"));
  (void)Make().Execute("select;", Named("r"));
  EXPECT_EQ(recorder_->last.status, DataLossError("cut"));
}

TEST_F(ObserverTest, ReportsUnreadResponse) {
  Answers({FakeRow{"1"}, FakeRow{"2"}, StatementEnd{}});
  { ASSERT_TRUE(Make().Query("select;", Named("r")).Next().ok()); }
  EXPECT_EQ(recorder_->last.status.code(), StatusCode::kCancelled);
  EXPECT_EQ(recorder_->last.rows, 1u);
  EXPECT_EQ(recorder_->events.size(), 2u);
}

TEST_F(ObserverTest, RejectsInvalidRequestId) {
  EXPECT_CALL(*transport_, Query(_)).Times(0);
  for (const char* id : {"a b", "a\r\nX: y", "\xC3\xA9"}) {
    EXPECT_EQ(Make().Execute("select;", Named(id)).status.code(), StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(recorder_->events.empty());
}

TEST_F(ObserverTest, WithoutObserver) {
  EXPECT_CALL(*transport_, Login(_)).WillOnce([](const LoginParams& params) {
    EXPECT_EQ(params.limits.trace, nullptr);
    return Status();
  });
  EXPECT_EQ(Client(transport_).Login("u", "p"), Status());
}

}  // namespace
}  // namespace tql
