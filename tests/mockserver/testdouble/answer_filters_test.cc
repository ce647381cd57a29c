#include "mockserver/testdouble/answer_filters.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/document/message_reader.h"
#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

constexpr std::string_view kLines = "zero\none\ntwo\nthree\n";

std::vector<RuleAction> Compiled(const mockpb::Rule& rule) {
  std::vector<RuleAction> actions;
  for (const mockpb::Action& action : rule.do_()) {
    StatusOr<RuleAction> compiled = CompileAction(action, "do", Regexes());
    EXPECT_TRUE(compiled.ok()) << compiled.status();
    if (compiled.ok()) actions.push_back(*std::move(compiled));
  }
  return actions;
}

class Received : public service::BodyOutput {
 public:
  bool Write(std::string_view bytes) override {
    text += bytes;
    return true;
  }
  bool Flush() override {
    pieces.push_back(text.substr(flushed));
    flushed = text.size();
    return true;
  }
  void End(const net::Cut& cut) override { how = cut.how; }
  bool Gone() override { return false; }

  std::string text;
  std::size_t flushed = 0;
  std::vector<std::string> pieces;
  std::optional<net::Cut::How> how;
};

class BodyFilterTest : public ::testing::Test {
 protected:
  /// The body after the actions, a list in YAML, when it comes in pieces of `size` bytes.
  std::string Filtered(std::string_view actions, std::string_view body = kLines,
                       std::size_t size = 1'000) {
    mockpb::Rule rule;
    const Status status = document::ReadMessage("do: " + std::string(actions), &rule);
    EXPECT_TRUE(status.ok()) << status;
    received_ = Received();
    pauses_ = cuts_ = 0;
    const std::vector<RuleAction> all = Compiled(rule);
    const std::unique_ptr<service::BodyFilter> filter =
        MakeBodyFilter(all, {.released = [] { return true; },
                             .pause =
                                 [this](std::chrono::nanoseconds) {
                                   ++pauses_;
                                   return true;
                                 },
                             .on_cut = [this] { ++cuts_; }});
    if (!filter) return "no filter";
    bool go_on = true;
    while (!body.empty() && go_on) {
      go_on = filter->Pass(body.substr(0, size), received_);
      body.remove_prefix(std::min(size, body.size()));
    }
    if (go_on) filter->Finish(received_);
    return received_.text;
  }
  /// The same, for pieces of several sizes.
  void ExpectFiltered(std::string_view actions, std::string_view expected) {
    for (const std::size_t size : {1, 2, 3, 5, 7, 1'000}) {
      EXPECT_EQ(Filtered(actions, kLines, size), expected) << actions << " in pieces of " << size;
    }
  }

  Received received_;
  int pauses_ = 0;
  int cuts_ = 0;
};

TEST_F(BodyFilterTest, EditsLines) {
  ExpectFiltered("[{edit: {at: {line: 1}, insert: \"new\\n\"}}]", "zero\nnew\none\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {line: 0}, insert: x}}]", "xzero\none\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {line: 1}, drop: 2}}]", "zero\nthree\n");
  ExpectFiltered("[{edit: {at: {line: 3}, drop: 100}}]", "zero\none\ntwo\n");
  ExpectFiltered("[{edit: {at: {line: 1}, repeat: 2}}]", "zero\none\none\none\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {line: 1}, swap: true}}]", "zero\ntwo\none\nthree\n");
  ExpectFiltered("[{edit: {at: {line: 3}, swap: true}}]", kLines);
  ExpectFiltered("[{edit: {at: {line: 9}, drop: 1}}]", kLines);
}

TEST_F(BodyFilterTest, EditsBytes) {
  ExpectFiltered("[{edit: {at: {byte: 5}, insert: x}}]", "zero\nxone\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {byte: 4}, insert_data: !!binary AAE=}}]",
                 std::string_view("zero\0\1\none\ntwo\nthree\n", 21));
  ExpectFiltered("[{edit: {at: {byte: 0}, drop: 5}}]", "one\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {byte: 1}, repeat: 3}}]", "zeeeero\none\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {byte: 0}, swap: true}}]", "ezro\none\ntwo\nthree\n");
  ExpectFiltered("[{edit: {at: {byte: 18}, swap: true}}]", kLines);
}

TEST_F(BodyFilterTest, ReplacesInEveryLine) {
  ExpectFiltered("[{edit: {replace: {regex: o, with: 0}}}]", "zer0\n0ne\ntw0\nthree\n");
  ExpectFiltered("[{edit: {replace: {regex: o, with: 0, times: 2}}}]", "zer0\n0ne\ntwo\nthree\n");
  ExpectFiltered("[{edit: {replace: {regex: '^(.)(.)', with: '\\2\\1'}}}]",
                 "ezro\nnoe\nwto\nhtree\n");
  ExpectFiltered("[{edit: {replace: {regex: '', with: -, times: 2}}}]",
                 "-z-ero\none\ntwo\nthree\n");
}

TEST_F(BodyFilterTest, Cuts) {
  ExpectFiltered("[{cut: {at: {line: 2}, how: RESET}}]", "zero\none\n");
  EXPECT_EQ(received_.how, net::Cut::How::kReset);
  EXPECT_EQ(cuts_, 1);
  ExpectFiltered("[{cut: {at: {line: 0}}}]", "");
  ExpectFiltered("[{cut: {at: {byte: 6}, how: STALL}}]", "zero\no");
  EXPECT_EQ(received_.how, net::Cut::How::kStall);
  ExpectFiltered("[{cut: {at: {byte: 0}}}]", "");
  ExpectFiltered("[{cut: {at: {line: 4}}}]", kLines);  // the body has four lines
  EXPECT_EQ(received_.how, std::nullopt);
  EXPECT_EQ(cuts_, 0);
}

TEST_F(BodyFilterTest, DripsSlowly) {
  EXPECT_EQ(Filtered("[{drip: {bytes: 8, every: 0.001s}}]"), kLines);
  EXPECT_EQ(received_.pieces, std::vector<std::string>({"zero\none", "\ntwo\nthr", "ee\n"}));
  EXPECT_EQ(pauses_, 3);
  EXPECT_EQ(Filtered("[{drip: {bytes: 8, every: 0.001s, from: {line: 2}}}]"), kLines);
  EXPECT_EQ(received_.pieces, std::vector<std::string>({"zero\none\ntwo\nthre", "e\n"}));
  EXPECT_EQ(Filtered("[{drip: {bytes: 8, every: 0.001s, from: {byte: 17}}}]"), kLines);
  EXPECT_EQ(received_.pieces.size(), 1U);
}

TEST_F(BodyFilterTest, ActionsFollowEachOther) {
  ExpectFiltered(
      "[{edit: {replace: {regex: two, with: TWO}}}, {edit: {at: {line: 1}, drop: 1}}, "
      "{cut: {at: {line: 2}}}]",
      "zero\nTWO\n");
}

TEST_F(BodyFilterTest, OtherActionsNeedNoFilter) {
  EXPECT_EQ(
      Filtered("[{delay: 1s}, {cut: {at: {row: 3}}}, {edit: {at: {complete: true}, drop: 1}}]"),
      "no filter");
}

TEST_F(BodyFilterTest, HoldsBackABoundedLineOnly) {
  const std::string body = std::string(std::size_t{20} << 20, 'o') + "\no\n";
  const std::string filtered =
      Filtered("[{edit: {replace: {regex: o, with: 0}}}]", body, std::size_t{1} << 20);
  EXPECT_EQ(filtered.size(), body.size());
  EXPECT_TRUE(filtered.ends_with("o\n0\n"));
}

class Messages : public service::MessageOutput {
 public:
  bool Write(pb::ExecuteQueryResponse& message, std::string& rows) override {
    text += message.result().message(0).value() + rows + ' ';
    message.Clear();
    return true;
  }
  void End(const net::Cut& /*cut*/) override { text += "cut"; }
  std::string text;
};

std::string FilteredMessages(std::string_view actions) {
  mockpb::Rule rule;
  const Status status = document::ReadMessage("do: " + std::string(actions), &rule);
  EXPECT_TRUE(status.ok()) << status;
  const std::vector<RuleAction> all = Compiled(rule);
  const auto filter =
      MakeMessageFilter(all, {.released = [] { return true; }, .pause = {}, .on_cut = [] {}});
  if (!filter) return "no filter";
  Messages messages;
  bool go_on = true;
  for (int i = 0; i < 4 && go_on; ++i) {
    pb::ExecuteQueryResponse message;
    message.mutable_result()->add_message()->set_value(std::to_string(i));
    std::string rows = "r";
    go_on = filter->Pass(message, rows, messages);
  }
  if (go_on) filter->Finish(messages);
  return messages.text;
}

TEST(MessageFilterTest, EditsAndCutsMessages) {
  EXPECT_EQ(FilteredMessages("[{edit: {at: {line: 1}, drop: 2}}]"), "0r 3r ");
  EXPECT_EQ(FilteredMessages("[{edit: {at: {line: 1}, repeat: 1}}]"), "0r 1r 1r 2r 3r ");
  EXPECT_EQ(FilteredMessages("[{edit: {at: {line: 1}, swap: true}}]"), "0r 2r 1r 3r ");
  EXPECT_EQ(FilteredMessages("[{edit: {at: {line: 3}, swap: true}}]"), "0r 1r 2r 3r ");
  EXPECT_EQ(FilteredMessages("[{cut: {at: {line: 2}}}]"), "0r 1r cut");
  EXPECT_EQ(FilteredMessages("[{cut: {at: {byte: 2}}}, {edit: {at: {line: 1}, insert: x}}]"),
            "no filter");
}

}  // namespace
}  // namespace tql::testdouble
