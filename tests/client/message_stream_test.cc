// The events of responses that arrive as messages, including invalid ones.
#include "client/src/message_stream.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/src/messages.h"
#include "tql/wire/row_message.h"

namespace tql {
namespace {

class FakeMessageStream : public MessageStream {
 public:
  explicit FakeMessageStream(std::vector<std::string> messages, Status last = {})
      : messages_(std::move(messages)), last_(std::move(last)) {}
  void Cancel() override {}

 private:
  StatusOr<bool> Receive(Received& received) override {
    if (next_ == messages_.size()) return last_.ok() ? StatusOr<bool>(false) : last_;
    pb::ExecuteQueryResponse message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(messages_[next_++], &message));
    bytes_ = message.SerializeAsString();
    EXPECT_TRUE(SplitResponse(bytes_, received.message, received.rows));
    return true;
  }
  std::string bytes_;
  std::vector<std::string> messages_;
  Status last_;
  std::size_t next_ = 0;
};

/// Returns one letter per event, rows as their cells in brackets, then the error.
std::string Read(FakeMessageStream stream) {
  constexpr std::string_view kLetters = "RHCMPQBEZ";
  std::string read;
  for (;;) {
    const StatusOr<ResultEvent> event = stream.Next();
    if (!event.ok()) return read + ' ' + std::string(StatusCodeName(event.status().code()));
    read += kLetters[event->index()];
    if (const auto* row = std::get_if<RowView>(&*event)) {
      for (const std::string_view cell : *row) read.append("[").append(cell).append("]");
    }
    if (!std::holds_alternative<StreamEnd>(*event)) continue;
    EXPECT_EQ(stream.Next()->index(), event->index());
    return read;
  }
}

constexpr const char* kFirst =
    "result { final_context { database: 'd' } table { headers { name: 'a' } headers { name: 'b' } "
    "rows { v: '1' v: '' } } }";
constexpr const char* kLast =
    "result { table { rows { v: '2' v: 'x' } } message { value: 'm' } complete: true }";

TEST(MessageStreamTest, EventsMatchHttp) {
  EXPECT_EQ(Read(FakeMessageStream({kFirst, kLast})), "CHR[1][]R[2][x]MEZ");
}

TEST(MessageStreamTest, ScriptResponsesNumberStatements) {
  EXPECT_EQ(Read(FakeMessageStream(
                {"request { query { statement: 'a;' } } result { complete: true }",
                 "result { message { value: 'm' } complete: true } script_complete: true"})),
            "BEMEZ");
}

TEST(MessageStreamTest, CompleteOnLastStatementOnly) {
  constexpr const char* kIncomplete = "result { table { headers { name: 'c' } rows { v: '3' } } }";
  EXPECT_EQ(Read(FakeMessageStream({kIncomplete, kFirst, kLast})), "HR[3]CHR[1][]R[2][x]MEZ");
  EXPECT_EQ(Read(FakeMessageStream({kFirst, kLast, kIncomplete})),
            "CHR[1][]R[2][x]MEHR[3] DATA_LOSS");
}

TEST(MessageStreamTest, UnknownTypes) {
  // { result { table { headers { name: "a" type: 99 } } message { type: 9 value: "m" } } }
  pb::ExecuteQueryResponse message;
  ASSERT_TRUE(
      message.ParseFromString(std::string("\x1a\x10\x22\x07\x0a\x05\x0a\x01"
                                          "a\x10\x63\x2a\x05\x08\x09\x12\x01"
                                          "m",
                                          18)));
  EXPECT_EQ(FromMessage(message.result().table()).columns,
            (std::vector<Column>{{"a", ColumnType::kUnknown}}));
  EXPECT_EQ(FromMessage(message.result().message(0)), (Message{Severity::kInfo, "m"}));
}

TEST(MessageStreamTest, QuestionEndsResponse) {
  EXPECT_EQ(Read(FakeMessageStream({"result { interactive_question { question_id: 'q' } }"})),
            "QZ");
}

TEST(MessageStreamTest, EarlyEndIsAnError) {
  EXPECT_EQ(Read(FakeMessageStream({})), " DATA_LOSS");
  EXPECT_EQ(Read(FakeMessageStream({kFirst})), "CHR[1][] DATA_LOSS");
  EXPECT_EQ(Read(FakeMessageStream({"result { progress { id: 'p' } }"})), "P DATA_LOSS");
}

TEST(MessageStreamTest, ErrorFollowsEventsAndRemains) {
  FakeMessageStream stream({kFirst}, UnavailableError("lost"));
  EXPECT_EQ(Read(FakeMessageStream({kFirst}, UnavailableError("lost"))), "CHR[1][] UNAVAILABLE");
  while (stream.Next().ok()) {
  }
  EXPECT_EQ(stream.Next().status(), UnavailableError("lost"));
}

}  // namespace
}  // namespace tql
