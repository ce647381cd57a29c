#include "mockserver/testdouble/verify.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "proto/document/message_reader.h"

namespace tql::testdouble {
namespace {

class VerifyTest : public ::testing::Test {
 protected:
  void Add(std::string text, mockpb::Outcome outcome = mockpb::OK) {
    auto record = std::make_unique<Record>();
    record->call = mockpb::QUERY;
    record->text = std::move(text);
    record->database = "d";
    record->schema = "falcon_default_schema";
    record->outcome = outcome;
    space_.journal().Add(std::move(record));
  }
  StatusOr<mockpb::VerifyResponse> Run(std::string_view request,
                                       const storage::Cancellation& cancellation = {}) {
    mockpb::VerifyRequest message;
    const Status read = document::ReadMessage(request, &message);
    if (!read.ok()) return read;
    return Verify(message, space_, cancellation);
  }
  mockpb::VerifyResponse Result(std::string_view request) {
    const auto result = Run(request);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? *result : mockpb::VerifyResponse();
  }

  JournalBudget budget_;
  Double space_{{.records = 1000}, budget_};
};

TEST_F(VerifyTest, TheNearestMissesComeFirst) {
  Add("drop table t");
  Add("select a from sale");
  Add("insert into sales values ('north', 1.5)");
  Add("insert into sale values ('north')");
  const mockpb::VerifyResponse response = Result(
      "expect: [{match: {kind: [INSERT], table: [sale], like: 'insert into sale values (?, ?)'}}]");
  EXPECT_FALSE(response.ok());
  ASSERT_EQ(response.failure_size(), 1);
  const auto& failure = response.failure(0);
  EXPECT_EQ(failure.found(), 0U);
  ASSERT_EQ(failure.near_size(), 3) << "at most three";
  EXPECT_EQ(failure.near(0).seq(), 4U) << "only the text differs";
  EXPECT_EQ(failure.near(1).seq(), 3U);
  EXPECT_EQ(failure.near(1).difference(0), "table: expected sale, found sales");
  EXPECT_NE(response.explanation().find(
                "#3  insert into sales values ('north', 1.5)    table: expected sale, found sales"),
            std::string::npos)
      << response.explanation();
}

TEST_F(VerifyTest, AMatchIsNotANearMiss) {
  Add("drop table t");
  Add("drop table u");
  const auto response = Result("expect: [{match: {table: [t]}, exactly: 2}]");
  ASSERT_EQ(response.failure_size(), 1);
  EXPECT_EQ(response.failure(0).found(), 1U);
  ASSERT_EQ(response.failure(0).seq_size(), 1);
  EXPECT_EQ(response.failure(0).seq(0), 1U);
  ASSERT_EQ(response.failure(0).near_size(), 1);
  EXPECT_EQ(response.failure(0).near(0).seq(), 2U);
}

TEST_F(VerifyTest, TooManyMatchesHaveNoNearMisses) {
  Add("drop table t");
  Add("drop table t");
  const auto response = Result("expect: [{match: {table: [t]}, at_most: 1}]");
  ASSERT_EQ(response.failure_size(), 1);
  EXPECT_EQ(response.failure(0).near_size(), 0);
  EXPECT_EQ(response.explanation(), "expected at most 1 of t   found 2\n");
}

TEST_F(VerifyTest, ARangeWithDroppedEntriesIsNotOk) {
  for (int i = 0; i < 1002; ++i) Add("drop table t");
  const auto response = Result("expect: [{match: {table: [t]}}]");
  EXPECT_FALSE(response.ok());
  EXPECT_EQ(response.dropped(), 2U);
  EXPECT_TRUE(Result("{expect: [{match: {table: [t]}}], after: 2}").ok());
  EXPECT_FALSE(Result("{expect: [{match: {table: [t]}}], after: 1}").ok());
}

TEST_F(VerifyTest, Order) {
  Add("drop table a");
  Add("drop table b");
  Add("drop table a");
  const auto in_order = [&](std::string_view tables) {
    std::string request = "{in_order: true, expect: [";
    for (const char table : tables) request += std::string("{match: {table: [") + table + "]}},";
    return Result(request + "]}").ok();
  };
  EXPECT_TRUE(in_order("ab"));
  EXPECT_TRUE(in_order("aba"));
  EXPECT_TRUE(in_order("aa"));
  EXPECT_FALSE(in_order("bb"));
  EXPECT_FALSE(in_order("baa"));
  EXPECT_TRUE(Result("{in_order: true, expect: [{match: {table: [b]}},"
                     " {match: {table: [a]}, at_most: 2}]}")
                  .ok())
      << "without a minimum it has no place";
}

TEST_F(VerifyTest, WaitsForSuccessUntilTheStop) {
  constexpr std::string_view kRequest =
      "{within: 600s, expect: [{match: {table: [t]}, exactly: 2}]}";
  Add("drop table t");
  std::jthread later([&] { Add("drop table t"); });
  EXPECT_TRUE(Result(kRequest).ok());
  later.join();
  Add("drop table t");
  std::stop_source stop;
  std::jthread ending([&] { stop.request_stop(); });
  EXPECT_EQ(Run(kRequest, {.stop = stop.get_token(), .client_gone = {}}).status().code(),
            StatusCode::kCancelled);
}

TEST_F(VerifyTest, TheClientEndsAWaitWhenItLeaves) {
  Add("drop table u");
  std::atomic<int> looks = 0;
  const storage::Cancellation leaving{.stop = {}, .client_gone = [&] { return ++looks > 3; }};
  EXPECT_EQ(Run("{within: 600s, expect: [{match: {table: [t]}}]}", leaving).status().code(),
            StatusCode::kCancelled);
  mockpb::JournalRequest request;
  request.set_after(1);
  request.mutable_wait()->set_seconds(600);
  looks = 0;
  const auto journal = ReadJournal(request, space_, leaving);
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_EQ(journal->entry_size(), 0);
}

TEST_F(VerifyTest, ALookAtTheJournalIsBounded) {
  for (int i = 0; i < 10; ++i) Add("drop table t");
  int looks = 0;
  const storage::Cancellation leaving{.stop = {}, .client_gone = [&] { return ++looks > 5; }};
  EXPECT_EQ(Run("expect: [{match: {regex: x}}]", leaving).status().code(), StatusCode::kCancelled);
  const auto late =
      Run("expect: [{match: {regex: x}}]",
          {.stop = {}, .deadline = std::chrono::steady_clock::now(), .client_gone = {}});
  EXPECT_EQ(late.status().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(late.status().message().find("use fewer or simpler expectations"), std::string::npos);
}

TEST_F(VerifyTest, AnExplanationIsBounded) {
  for (int i = 0; i < 200; ++i) Add("drop table t");
  std::string request = "expect: [";
  for (int i = 0; i < 100; ++i) {
    request += "{match: {kind: [INSERT]}}, {match: {kind: [DROP TABLE]}, exactly: 0}, ";
  }
  const mockpb::VerifyResponse response = Result(request + "]");
  ASSERT_EQ(response.failure_size(), 200);
  EXPECT_EQ(response.failure(0).near_size(), 3);
  EXPECT_EQ(response.failure(198).near_size(), 0);
  EXPECT_EQ(response.failure(1).found(), 200U);
  EXPECT_EQ(response.failure(1).seq_size(), 100);
}

TEST_F(VerifyTest, InvalidRequests) {
  for (const auto& [request, message] : {
           std::pair{"expect: [{exactly: 1, at_least: 1}]",
                     "expect[0]: exactly cannot be combined with at_least or at_most"},
           std::pair{"expect: [{}, {at_least: 2, at_most: 1}]",
                     "expect[1]: at_most is less than at_least"},
           std::pair{"within: -1s", "within: line 1, column 9: expected a duration"},
       }) {
    const auto result = Run(request);
    ASSERT_FALSE(result.ok()) << request;
    EXPECT_NE(result.status().message().find(message), std::string::npos)
        << result.status().message();
  }
  Double without_journal({.records = 0}, budget_);
  mockpb::VerifyRequest request;
  EXPECT_TRUE(Verify(request, without_journal, {}).ok());
  request.add_expect()->set_at_most(0);
  EXPECT_EQ(Verify(request, without_journal, {}).status().code(), StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace tql::testdouble
