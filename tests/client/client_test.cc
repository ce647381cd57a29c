#include "tql/client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

using mocks::FakeEvent;
using mocks::FakeResultStream;
using mocks::FakeRow;
using mocks::MockTransport;
using ::testing::_;
using ::testing::Return;

std::unique_ptr<ResultStream> Answer(std::vector<FakeEvent> events, Status last = {}) {
  return std::make_unique<FakeResultStream>(std::move(events), std::move(last));
}

std::vector<FakeEvent> TwoRows() {
  return {ContextChange{"sales", "s", 7},
          Header{{{"region", ColumnType::kVarchar}, {"n", ColumnType::kBigInt}}},
          FakeRow{"north", "1"},
          FakeRow{"south", "2"},
          Message{Severity::kInfo, "(2 result rows)\n"},
          StatementEnd{}};
}

class ClientTest : public ::testing::Test {
 protected:
  void Answers(std::vector<FakeEvent> events, Status last = {}) {
    EXPECT_CALL(*transport_, Query(_))
        .WillOnce([events = std::move(events), last](const QueryParams&) {
          return StatusOr<std::unique_ptr<ResultStream>>(Answer(events, last));
        });
  }
  std::shared_ptr<MockTransport> transport_ = std::make_shared<MockTransport>();
  Client client_{transport_};
};

TEST_F(ClientTest, TypedRowsOfTemporary) {
  Answers(TwoRows());
  std::int64_t sum = 0;
  for (auto& row : client_.Query("select;").rows<std::string, std::int64_t>()) {
    ASSERT_TRUE(row.ok()) << row.status();
    sum += std::get<1>(*row);
  }
  EXPECT_EQ(sum, 3);
}

TEST_F(ClientTest, ColumnsBeforeRows) {
  Answers(TwoRows());
  QueryResult result = client_.Query("select;");
  ASSERT_EQ(result.columns().size(), 2u);
  int rows = 0;
  for (auto& row : result) rows += row.ok() ? 1 : 0;
  EXPECT_EQ(rows, 2);
  EXPECT_EQ(result.messages().size(), 1u);
}

TEST_F(ClientTest, KeepsDatabaseAndVersion) {
  Answers(TwoRows());
  Client copy = client_;
  EXPECT_TRUE(client_.Execute("use sales;").status.ok());
  EXPECT_EQ(client_.context(), (Context{"sales", "falcon_default_schema", 7}));
  EXPECT_EQ(copy.context(), Context());
}

TEST_F(ClientTest, ErrorMessageBecomesStatus) {
  Answers({Message{Severity::kError, "Error parsing SQL. Check SQL input.\n"}, StatementEnd{}});
  Outcome outcome = client_.Execute("selec;");
  EXPECT_EQ(outcome.status, InvalidArgumentError("Error parsing SQL. Check SQL input."));
  EXPECT_EQ(outcome.messages.size(), 1u);
}

TEST_F(ClientTest, TruncatedResponseIsLastElement) {
  Answers({FakeRow{"1"}}, DataLossError("cut"));
  std::vector<StatusCode> codes;
  for (auto& row : client_.Query("select;")) codes.push_back(row.status().code());
  EXPECT_EQ(codes, (std::vector{StatusCode::kOk, StatusCode::kDataLoss}));
}

TEST_F(ClientTest, ResendsStatementWithAnswers) {
  EXPECT_CALL(*transport_, Query(_))
      .WillOnce([](const QueryParams& params) {
        EXPECT_TRUE(params.answers.empty());
        return StatusOr<std::unique_ptr<ResultStream>>(
            Answer({Question{"q1", "Careful", "Sure?", {"yes", "no"}}, StatementEnd{}}));
      })
      .WillOnce([](const QueryParams& params) {
        EXPECT_EQ(params.answers, (std::vector<tql::Answer>{{"q1", "yes"}}));
        return StatusOr<std::unique_ptr<ResultStream>>(
            Answer({Message{Severity::kInfo, "done"}, StatementEnd{}}));
      });
  RequestOptions request;
  request.on_question = [](const Question&) { return StatusOr<std::string>("yes"); };
  Outcome outcome = client_.Execute("drop table t;", request);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.messages.size(), 1u);
}

TEST_F(ClientTest, UnansweredQuestionIsAnError) {
  Answers({Question{"q1", "Careful", "Sure?", {}}, StatementEnd{}});
  EXPECT_EQ(client_.Execute("drop;").status.code(), StatusCode::kFailedPrecondition);
}

/// Sends one message repeatedly, and counts how often it is read and cancelled.
class EndlessMessages : public ResultStream {
 public:
  EndlessMessages(std::string text, int& asked, int& cancelled)
      : text_(std::move(text)), asked_(asked), cancelled_(cancelled) {}
  StatusOr<ResultEvent> Next() override {
    ++asked_;
    return ResultEvent(Message{Severity::kInfo, text_});
  }
  void Cancel() override { ++cancelled_; }

 private:
  const std::string text_;
  int& asked_;
  int& cancelled_;
};

TEST_F(ClientTest, LimitsMessages) {
  int asked = 0;
  int cancelled = 0;
  EXPECT_CALL(*transport_, Query(_)).Times(4).WillRepeatedly([&](const QueryParams&) {
    return StatusOr<std::unique_ptr<ResultStream>>(
        std::make_unique<EndlessMessages>(std::string(1 << 20, 'x'), asked, cancelled));
  });
  const Status expected =
      ResourceExhaustedError("the messages of the response take more than 64 MiB: found 64 so far");
  EXPECT_EQ(client_.QueryTable("select;").status(), expected);
  EXPECT_EQ(client_.QueryValue<int>("select;").status(), expected);
  EXPECT_EQ(client_.Execute("select;").status, expected);
  QueryResult result = client_.Query("select;");
  EXPECT_TRUE(result.columns().empty());
  EXPECT_EQ(result.messages().size(), 63U);
  EXPECT_EQ(result.Finish(), expected);
  EXPECT_EQ(asked, 4 * 64);
  EXPECT_EQ(cancelled, 4);
}

TEST_F(ClientTest, LimitsEmptyMessages) {
  int asked = 0;
  int cancelled = 0;
  EXPECT_CALL(*transport_, Query(_)).WillOnce([&](const QueryParams&) {
    return StatusOr<std::unique_ptr<ResultStream>>(
        std::make_unique<EndlessMessages>("", asked, cancelled));
  });
  EXPECT_EQ(client_.QueryTable("select;").status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(cancelled, 1);
}

TEST_F(ClientTest, RejectsInvalidUtf8InCredentials) {
  EXPECT_CALL(*transport_, Login(_)).Times(0);
  EXPECT_EQ(client_.Login("ts\xFF", "secret"),
            InvalidArgumentError("the user is not valid UTF-8: found the byte 0xFF at line 1, "
                                 "column 3"));
  EXPECT_EQ(client_.Login("ts", "secret\xFF"),
            InvalidArgumentError("the password is not valid UTF-8"));
}

TEST(ConnectTest, RejectsInvalidRetryOptions) {
  const auto connected = [](const RetryOptions& retry) {
    Options options;
    options.retry = retry;
    return Client::Connect("http://h", options).status();
  };
  using std::chrono::milliseconds;
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(connected({.max_attempts = 0}),
            InvalidArgumentError("retry.max_attempts must be 1 or more: found 0"));
  EXPECT_EQ(connected({.max_attempts = -3}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(connected({.multiplier = 0.5}),
            InvalidArgumentError(
                "retry.multiplier must be a finite number of 1 or more: found 0.500000"));
  for (const double multiplier : {kNaN, kInfinite, -kInfinite, -1.0}) {
    EXPECT_EQ(connected({.multiplier = multiplier}).code(), StatusCode::kInvalidArgument)
        << multiplier;
  }
  EXPECT_EQ(connected({.initial_backoff = milliseconds(-1)}),
            InvalidArgumentError("retry.initial_backoff must not be negative: found -1 ms"));
  EXPECT_EQ(connected({.max_backoff = milliseconds(-1)}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(connected({.max_elapsed = milliseconds(-1)}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(connected({.max_attempts = 1,
                       .initial_backoff = milliseconds(0),
                       .max_backoff = milliseconds::max(),
                       .multiplier = 1,
                       .max_elapsed = milliseconds::max()}),
            Status());
}

TEST_F(ClientTest, RejectsInvalidUtf8InStatement) {
  EXPECT_CALL(*transport_, Query(_)).Times(0);
  EXPECT_CALL(*transport_, RunScript(_)).Times(0);
  const std::string text = "insert into t\nvalues ('Gran V\xED');";
  const Status status = client_.Execute(text).status;
  EXPECT_EQ(status, InvalidArgumentError("the statement is not valid UTF-8: found the byte 0xED at "
                                         "line 2, column 16"));
  ASSERT_NE(status.place(), nullptr);
  EXPECT_EQ(*status.place(), (TextPlace{29, 2, 16}));
  const Status script = client_.RunScript("\xC0\xAF;").status();
  EXPECT_EQ(script,
            InvalidArgumentError("the script is not valid UTF-8: found the byte 0xC0 at line "
                                 "1, column 1"));
}

TEST_F(ClientTest, RejectsInvalidUtf8InNamesAndOptions) {
  EXPECT_CALL(*transport_, Query(_)).Times(0);
  RequestOptions request;
  request.statement.null_string = "nul\xFF";
  EXPECT_EQ(
      client_.Execute("select;", request).status,
      InvalidArgumentError("the option null_string is not valid UTF-8: found the byte 0xFF at "
                           "line 1, column 4"));
  client_.set_context({"d\x80", "s", 1});
  const Status status = client_.Execute("select;").status;
  EXPECT_EQ(status,
            InvalidArgumentError("the database of the context is not valid UTF-8: found the "
                                 "byte 0x80 at line 1, column 2"));
  EXPECT_EQ(status.place(), nullptr);
}

TEST_F(ClientTest, RejectsInvalidUtf8InAnswers) {
  Answers({Question{"q1", "Careful", "Sure?", {}}, StatementEnd{}});
  RequestOptions request;
  request.on_question = [](const Question&) { return StatusOr<std::string>("\xE9"); };
  EXPECT_EQ(client_.Execute("drop;", request).status,
            InvalidArgumentError("the answer to a question is not valid UTF-8: found the byte 0xE9 "
                                 "at line 1, column 1"));
}

TEST_F(ClientTest, QueryValueRequiresOneCell) {
  Answers({FakeRow{"7"}, StatementEnd{}});
  EXPECT_EQ(*client_.QueryValue<int>("select;"), 7);
  Answers({FakeRow{"7"}, FakeRow{"8"}, StatementEnd{}});
  EXPECT_EQ(client_.QueryValue<int>("select;").status().code(), StatusCode::kFailedPrecondition);
}

TEST_F(ClientTest, QueryTable) {
  Answers(TwoRows());
  StatusOr<Table> table = client_.QueryTable("select;");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->size(), 2u);
  EXPECT_EQ(table->columns()[1], (Column{"n", ColumnType::kBigInt}));
  EXPECT_EQ(*(*table)[0].get<std::string>("region"), "north");
  EXPECT_EQ(*(*table)[1].get<std::int64_t>("n"), 2);
  EXPECT_EQ(table->messages(), (std::vector<Message>{{Severity::kInfo, "(2 result rows)\n"}}));
}

TEST_F(ClientTest, TruncatedTableIsAnError) {
  Answers({FakeRow{"1"}}, DataLossError("cut"));
  EXPECT_EQ(client_.QueryTable("select;").status(), DataLossError("cut"));
}

TEST_F(ClientTest, DistinguishesNullFromText) {
  EXPECT_CALL(*transport_, Query(_)).WillOnce([](const QueryParams& params) {
    EXPECT_NE(params.options.null_string.value_or("(null)"), "(null)");
    return StatusOr<std::unique_ptr<ResultStream>>(
        Answer({FakeRow{"(null)", params.options.null_string}, StatementEnd{}}));
  });
  StatusOr<Table> table = client_.QueryTable("select;");
  ASSERT_TRUE(table.ok()) << table.status();
  const Row& row = (*table)[0];
  EXPECT_FALSE(row.is_null(0));
  EXPECT_TRUE(row.is_null(1));
  EXPECT_EQ(row.text(1), "(null)");
}

TEST_F(ClientTest, KeepsNullStringOfRequest) {
  EXPECT_CALL(*transport_, Query(_)).WillOnce([](const QueryParams& params) {
    EXPECT_EQ(params.options.null_string, "-");
    return StatusOr<std::unique_ptr<ResultStream>>(Answer({FakeRow{"-"}, StatementEnd{}}));
  });
  RequestOptions request;
  request.statement.null_string = "-";
  StatusOr<Table> table = client_.QueryTable("select;", request);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_TRUE((*table)[0].is_null(0));
  EXPECT_EQ((*table)[0].text(0), "-");
}

TEST_F(ClientTest, ScriptsReturnOneResultPerStatement) {
  EXPECT_CALL(*transport_, RunScript(_)).WillOnce([](const ScriptParams&) {
    return StatusOr<std::unique_ptr<ResultStream>>(
        Answer({StatementBegin{"select 1;"}, FakeRow{"1"}, FakeRow{"2"}, StatementEnd{},
                Message{Severity::kError, "bad"}, StatementEnd{}}));
  });
  ScriptResult script = client_.RunScript("…");
  std::optional<QueryResult> first = script.Next();
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->Next().ok());  // Leaves a row unread.
  EXPECT_EQ(first->statement(), "select 1;");
  std::optional<QueryResult> second = script.Next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->Finish().code(), StatusCode::kFailedPrecondition);
  EXPECT_FALSE(script.Next());
  EXPECT_TRUE(script.status().ok());
}

TEST_F(ClientTest, StreamsScripts) {
  for (const ScriptKind kind : {ScriptKind::kTql, ScriptKind::kProto}) {
    EXPECT_CALL(*transport_, RunScript(_)).WillOnce([&](const ScriptParams& params) {
      EXPECT_EQ(params.script, "…");
      EXPECT_EQ(params.kind, kind);
      return StatusOr<std::unique_ptr<ResultStream>>(
          Answer({StatementBegin{"select 1;"}, FakeRow{"1"}, StatementEnd{}}));
    });
    auto stream = client_.StreamScript("…", {}, kind);
    ASSERT_TRUE(stream.ok()) << stream.status();
    StatusOr<ResultEvent> event = (*stream)->Next();
    ASSERT_TRUE(event.ok()) << event.status();
    EXPECT_EQ(std::get<StatementBegin>(*event).statement, "select 1;");
  }
}

}  // namespace
}  // namespace tql
