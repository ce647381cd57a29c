// Responses as messages: the contents of each message.
#include "mockserver/frontend/messages/message_sink.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "mockserver/engine/row_encoder.h"

namespace tql::frontend {
namespace {

class FixedClock : public engine::Clock {
 public:
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
  engine::MachineClock::time_point MachineNow() const override { return now; }
  engine::MachineClock::time_point now;
};

class Kept : public MessageReceiver {
 public:
  bool Take(pb::ExecuteQueryResponse& message, std::string& rows) override {
    messages.push_back(message);
    if (!rows.empty()) messages.back().mutable_result()->mutable_table()->MergeFromString(rows);
    return messages.size() < most;
  }
  bool Gone() const override { return messages.size() >= most; }
  void End(const net::Cut& cut) override {
    cuts.push_back(cut.how);
    most = 0;
  }
  std::vector<net::Cut::How> cuts;
  std::vector<pb::ExecuteQueryResponse> messages;
  std::size_t most = 1'000'000;
};

class MessageSinkTest : public ::testing::Test {
 protected:
  engine::StatementSink& Begin(std::size_t index, bool script = false) {
    service::ResponseSink::StatementInfo info;
    info.index = index;
    info.script = script;
    engine::StatementSink& statement = sink_.BeginStatement(info);
    statement.Begin({.database = "d", .server_schema_version = 7});
    return statement;
  }
  static bool AddRow(engine::StatementSink& statement, const std::string& cell) {
    const std::string_view cells[] = {cell};
    return statement.Row(cells);
  }
  FixedClock clock_;
  Kept kept_;
  MessageSink sink_{kept_, clock_};
};

const std::vector<engine::Column> kOneColumn = {
    {.name = "a", .type = {.kind = values::TypeKind::kVarchar}}};

TEST_F(MessageSinkTest, ShortResponseIsOneMessage) {
  engine::StatementSink& statement = Begin(0);
  statement.Header(kOneColumn);
  AddRow(statement, "x");
  statement.Message(engine::MessageType::kInfo, "done");
  statement.End();
  EXPECT_TRUE(kept_.messages.empty());  // It is not yet known whether it is the last one.
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 1U);
  EXPECT_EQ(kept_.messages[0].ShortDebugString(),
            "result { final_context { schema: \"falcon_default_schema\" database: \"d\" "
            "server_schema_version: 7 } table { headers { name: \"a\" type: VARCHAR } rows { v: "
            "\"x\" } } message { type: INFO value: \"done\" } complete: true }");
}

TEST_F(MessageSinkTest, SplitsMessagesBySize) {
  engine::StatementSink& statement = Begin(0);
  statement.Header(kOneColumn);
  const std::string cell(1000, 'x');
  for (int i = 0; i < 4000; ++i) AddRow(statement, cell);
  statement.End();
  sink_.Finish();
  int rows = 0;
  for (const pb::ExecuteQueryResponse& message : kept_.messages) {
    EXPECT_LE(message.ByteSizeLong(), 260U << 10);
    rows += message.result().table().rows_size();
    EXPECT_EQ(message.result().complete(), &message == &kept_.messages.back());
    EXPECT_EQ(message.result().has_final_context(), &message == &kept_.messages.front());
    EXPECT_EQ(message.result().table().headers_size(), &message == &kept_.messages.front() ? 1 : 0);
  }
  EXPECT_EQ(rows, 4000);
  EXPECT_LE(kept_.messages.size(), 18U);
}

TEST_F(MessageSinkTest, LargeRowHasItsOwnMessage) {
  engine::StatementSink& statement = Begin(0);
  for (const std::size_t size : {std::size_t{10}, std::size_t{1} << 20, std::size_t{10}}) {
    AddRow(statement, std::string(size, 'x'));
  }
  statement.End();
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 3U);
  for (const auto& message : kept_.messages) EXPECT_EQ(message.result().table().rows_size(), 1);
}

TEST_F(MessageSinkTest, EncodedRowsAreMessages) {
  engine::StatementSink& statement = Begin(0);
  statement.Header(kOneColumn);
  AddRow(statement, "first");
  std::vector<std::string> expected = {"first"};
  // The sizes of the cells of each batch: none is split but the last one, for its large row.
  const std::vector<std::vector<std::size_t>> batches = {
      {3, 5}, std::vector<std::size_t>(270, 1000), {1}, {10, 20'000, 1U << 20, 10, 10}};
  for (const std::vector<std::size_t>& sizes : batches) {
    engine::EncodedRows rows;
    for (const std::size_t size : sizes) {
      expected.emplace_back(size, static_cast<char>('a' + expected.size() % 26));
      const std::string_view cell = expected.back();
      statement.row_encoder()->Append({&cell, 1}, rows.bytes);
      ++rows.rows;
    }
    EXPECT_TRUE(statement.Rows(rows));
  }
  AddRow(statement, "last");
  expected.push_back("last");
  statement.End();
  sink_.Finish();
  std::vector<std::string> found;
  std::vector<int> rows;
  for (const pb::ExecuteQueryResponse& message : kept_.messages) {
    rows.push_back(message.result().table().rows_size());
    for (const auto& row : message.result().table().rows()) found.push_back(row.v(0));
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(rows, (std::vector<int>{3, 270, 3, 1, 3}));
  EXPECT_TRUE(kept_.messages.back().result().complete());
}

TEST_F(MessageSinkTest, SendsFirstRowsImmediately) {
  engine::StatementSink& statement = Begin(0);
  AddRow(statement, "1");
  EXPECT_TRUE(kept_.messages.empty());
  clock_.now += std::chrono::milliseconds(5);
  AddRow(statement, "2");
  ASSERT_EQ(kept_.messages.size(), 1U);
  EXPECT_EQ(kept_.messages[0].result().table().rows_size(), 2);
}

TEST_F(MessageSinkTest, LastMessageOfScriptIsScriptComplete) {
  for (std::size_t i = 0; i < 3; ++i) Begin(i, true).End();
  EXPECT_EQ(kept_.messages.size(), 2U);
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 3U);
  for (const auto& message : kept_.messages) {
    EXPECT_TRUE(message.result().complete());
    EXPECT_EQ(message.has_script_complete(), &message == &kept_.messages.back());
  }
}

TEST_F(MessageSinkTest, CompleteOnLastStatementOnly) {
  for (std::size_t i = 0; i < 3; ++i) Begin(i).End();
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 3U);
  for (const auto& message : kept_.messages) {
    EXPECT_EQ(message.result().has_complete(), &message == &kept_.messages.back());
    EXPECT_TRUE(message.result().has_final_context());
  }
}

TEST_F(MessageSinkTest, CutSendsWhatWasWritten) {
  engine::StatementSink& statement = Begin(0);
  statement.Header(kOneColumn);
  AddRow(statement, "1");
  sink_.control()->End({.how = net::Cut::How::kReset, .released = {}});
  EXPECT_FALSE(AddRow(statement, "2"));
  statement.End();
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 1U);
  EXPECT_EQ(kept_.messages[0].result().table().rows_size(), 1);
  EXPECT_FALSE(kept_.messages[0].result().has_complete());
  EXPECT_EQ(kept_.cuts, std::vector({net::Cut::How::kReset}));
}

TEST_F(MessageSinkTest, OmitsTheCompleteMarkOfOneStatement) {
  for (std::size_t i = 0; i < 3; ++i) {
    engine::StatementSink& statement = Begin(i, true);
    if (i == 1) sink_.control()->OmitComplete();
    statement.End();
  }
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 3U);
  EXPECT_TRUE(kept_.messages[0].result().complete());
  EXPECT_FALSE(kept_.messages[1].result().has_complete());
  EXPECT_TRUE(kept_.messages[2].result().complete());
  EXPECT_TRUE(kept_.messages[2].script_complete());
}

/// Holds messages back, and writes them in the opposite order at the end.
class Reversing : public service::MessageFilter {
 public:
  bool Pass(pb::ExecuteQueryResponse& message, std::string& rows,
            service::MessageOutput& /*out*/) override {
    held_.emplace_back(message, rows);
    return true;
  }
  bool Finish(service::MessageOutput& out) override {
    for (auto held = held_.rbegin(); held != held_.rend(); ++held) {
      if (!out.Write(held->first, held->second)) return false;
    }
    return true;
  }

 private:
  std::vector<std::pair<pb::ExecuteQueryResponse, std::string>> held_;
};

TEST_F(MessageSinkTest, FilterHasTheMessagesOfItsStatements) {
  Reversing reversing;
  const engine::Progress stage{.id = "s", .label = "l", .percentage = 1, .details = ""};
  for (std::size_t i = 0; i < 3; ++i) {
    service::ResponseSink::StatementInfo info;
    info.index = i;
    info.script = true;
    engine::StatementSink& statement = sink_.BeginStatement(info);
    sink_.control()->FilterMessages(i == 1 ? &reversing : nullptr);
    statement.OnProgress({&stage, 1});
    statement.Message(engine::MessageType::kInfo, "m");
    statement.End();
  }
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const bool progress = kept_.messages[i].result().progress_size() > 0;
    EXPECT_EQ(progress, i == 0 || i == 3 || i == 4) << i;
  }
}

TEST_F(MessageSinkTest, QuestionAfterStatementsEndsResponse) {
  Begin(0).End();
  engine::StatementSink& statement = sink_.BeginStatement({});
  statement.OnQuestion({.id = "q", .banner = "b", .prompt = "p", .options = {"yes", "no"}});
  statement.End();
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 2U);
  for (const auto& message : kept_.messages) EXPECT_FALSE(message.result().has_complete());
}

TEST_F(MessageSinkTest, ResponseWithQuestionIsNotComplete) {
  engine::StatementSink& statement = sink_.BeginStatement({});
  statement.OnQuestion({.id = "q", .banner = "b", .prompt = "p", .options = {"yes", "no"}});
  statement.End();
  sink_.Finish();
  ASSERT_EQ(kept_.messages.size(), 1U);
  EXPECT_FALSE(kept_.messages[0].result().has_complete());
  EXPECT_EQ(kept_.messages[0].result().interactive_question(0).options_size(), 2);
}

TEST_F(MessageSinkTest, ReplacesInvalidUtf8) {
  engine::StatementSink& statement = Begin(0);
  AddRow(statement, "a\xff");
  statement.Message(engine::MessageType::kError, "\xc0");
  statement.End();
  sink_.Finish();
  EXPECT_EQ(kept_.messages[0].result().table().rows(0).v(0), "a\xEF\xBF\xBD");
  EXPECT_EQ(kept_.messages[0].result().message(0).value(), "\xEF\xBF\xBD");
}

TEST_F(MessageSinkTest, AddRowFailsAfterLostReceiver) {
  kept_.most = 1;
  engine::StatementSink& statement = Begin(0);
  const std::string cell(std::size_t{200} << 10, 'x');
  EXPECT_TRUE(AddRow(statement, cell));
  EXPECT_FALSE(AddRow(statement, cell));
  EXPECT_FALSE(AddRow(statement, "y"));
  statement.End();
  sink_.Finish();
  EXPECT_EQ(kept_.messages.size(), 1U);
}

}  // namespace
}  // namespace tql::frontend
