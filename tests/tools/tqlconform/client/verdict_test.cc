#include "tools/tqlconform/client/verdict.h"

#include <gtest/gtest.h>

#include <string_view>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

using Kind = Observation::Kind;

Observation Success(std::vector<std::string> rows) {
  Observation seen;
  seen.succeeded = true;
  seen.rows = std::move(rows);
  seen.headers = {"a INT"};
  seen.out = "(2 result rows)\n";
  seen.statements = 1;
  return seen;
}
Observation Failure(std::vector<std::string> rows, const std::string& text) {
  Observation seen = Success(std::move(rows));
  seen.succeeded = false;
  seen.failure = text;
  return seen;
}

confpb::Result Judged(std::string_view client, const Observation& seen,
                      Received received = {.was_called = true, .verified = {}, .requests = {}},
                      bool strict = false) {
  confpb::Case test;
  EXPECT_EQ(tql::document::ReadMessage(client, test.mutable_client()), tql::Status());
  test.set_level(confpb::MUST);
  test.set_evidence(confpb::DOC);
  confpb::Result result;
  Judge(test, seen, received, strict, &result);
  return result;
}

void ExpectPass(std::string_view client, const Observation& seen) {
  const confpb::Result result = Judged(client, seen);
  EXPECT_EQ(result.outcome(), confpb::PASSED) << client << ": " << result.reason();
}
void ExpectFailure(std::string_view client, const Observation& seen, std::string_view check) {
  const confpb::Result result = Judged(client, seen);
  EXPECT_EQ(result.outcome(), confpb::FAILED) << client;
  ASSERT_EQ(result.finding_size(), 1) << client;
  EXPECT_EQ(result.finding(0).check(), check) << client;
}

TEST(VerdictTest, End) {
  ExpectPass("{expect: {end: SUCCESS}}", Success({}));
  ExpectPass("{expect: {end: FAILURE}}", Failure({}, "lost"));
  ExpectPass("{expect: {end: ANY}}", Failure({}, "lost"));
  ExpectFailure("{expect: {end: SUCCESS}}", Failure({}, "lost"), "expect.end");
  ExpectFailure("{expect: {end: FAILURE}}", Success({}), "expect.end");
}

TEST(VerdictTest, Rows) {
  ExpectPass("{expect: {rows: [a, b]}}", Success({"a", "b"}));
  ExpectFailure("{expect: {rows: [a, b]}}", Success({"a"}), "expect.rows[1]");
  ExpectFailure("{expect: {rows: [a, b]}}", Success({"a", "b", "b"}), "expect.rows[2]");
  ExpectFailure("{expect: {rows: [a, b]}}", Success({"b", "a"}), "expect.rows[0]");
  ExpectFailure("{expect: {no_rows: true}}", Success({"a"}), "expect.rows[0]");
  ExpectFailure("{expect: {row_count: 2}}", Success({"a"}), "expect.row_count");
}

TEST(VerdictTest, AFailureMayHaveShownFewerRowsButNoOthers) {
  ExpectPass("{expect: {end: FAILURE, rows: [a, b]}}", Failure({"a"}, "lost"));
  ExpectFailure("{expect: {end: FAILURE, rows: [a, b]}}", Failure({"x"}, "lost"), "expect.rows[0]");
  ExpectFailure("{expect: {end: FAILURE, rows: [a, b], no_rows_lost: true}}",
                Failure({"a"}, "lost"), "expect.rows[1]");
}

TEST(VerdictTest, RowsThatWerePrintedAreLines) {
  Observation seen = Success({"one", "two", "three"});
  seen.rows_are_lines = true;
  ExpectPass("{expect: {rows: [\"one\\ntwo\", three]}}", seen);
}

TEST(VerdictTest, HeadersAndTexts) {
  ExpectPass("{expect: {headers: [a]}}", Success({}));
  ExpectPass("{expect: {headers: [a INT]}}", Success({}));
  ExpectFailure("{expect: {headers: [a BIGINT]}}", Success({}), "expect.headers");
  ExpectPass("{expect: {out: result rows}}", Success({}));
  ExpectFailure("{expect: {out: '3 result rows'}}", Success({}), "expect.out");
  ExpectFailure("{expect: {error: locked}}", Failure({}, "lost"), "expect.error");
  ExpectFailure("{expect: {statements: 2}}", Success({}), "expect.statements");
}

TEST(VerdictTest, WhatADepthDoesNotSeeIsNotJudged) {
  const Received received{.was_called = true, .verified = {}, .requests = {}};
  EXPECT_EQ(Judged("{expect: {end: FAILURE, rows: [a]}}", {}, received).outcome(), confpb::SKIPPED);
  EXPECT_EQ(Judged("{expect: {end: FAILURE}, verify: {}}", {}, received).outcome(), confpb::PASSED);
}

TEST(VerdictTest, InWireDepthTheEndOfTheProgramExplainsTheVerdict) {
  Observation seen;
  seen.ending = "the program exited with status 127; its standard error ends with \"no curl\"";
  EXPECT_EQ(
      Judged("{verify: {}}", seen, {.was_called = false, .verified = {}, .requests = {}}).reason(),
      "the program sent nothing to the server: " + seen.ending);
  const Received refused{
      .was_called = true, .verified = tql::FailedPreconditionError("nothing"), .requests = {}};
  EXPECT_EQ(Judged("{verify: {}}", seen, refused).reason(),
            "verify: verify: expected what the case verifies, found nothing; " + seen.ending);
  EXPECT_EQ(Judged("{verify: {}}", seen).reason(), "");
}

TEST(VerdictTest, Requests) {
  const Received received{.was_called = true,
                          .verified = {},
                          .requests = {{"POST /q HTTP/1.1\r\n\r\n{\"q\":\"yes\"}"}}};
  EXPECT_EQ(Judged("{expect: {sent: [yes]}}", Success({}), received).outcome(), confpb::PASSED);
  EXPECT_EQ(Judged("{expect: {sent: ['\"no\"']}}", Success({}), received).outcome(),
            confpb::FAILED);
  EXPECT_EQ(Judged("{expect: {never_sent: [yes]}}", Success({}), received).outcome(),
            confpb::FAILED);
  const Received refused{.was_called = true,
                         .verified = tql::FailedPreconditionError("found 2 INSERT"),
                         .requests = {}};
  const confpb::Result result = Judged("{verify: {}}", Success({}), refused);
  EXPECT_EQ(result.outcome(), confpb::FAILED);
  EXPECT_EQ(result.finding(0).found(), "found 2 INSERT");
}

TEST(VerdictTest, NoVerdictOnWhatWasNotSeen) {
  const Received nothing{.was_called = false, .verified = {}, .requests = {}};
  EXPECT_EQ(Judged("{expect: {end: FAILURE}}", Failure({}, "x"), nothing).outcome(),
            confpb::NOT_JUDGED);
  const Observation broken{.kind = Kind::kBroken, .reason = "exited"};
  EXPECT_EQ(Judged("{expect: {end: FAILURE}}", broken).outcome(), confpb::NOT_JUDGED);
  const Observation unsupported{.kind = Kind::kUnsupported, .reason = "gRPC"};
  EXPECT_EQ(Judged("{expect: {end: FAILURE}}", unsupported).outcome(), confpb::SKIPPED);
  const Observation hung{.kind = Kind::kTimeout, .reason = "no end"};
  EXPECT_EQ(Judged("{expect: {end: FAILURE}}", hung, nothing).outcome(), confpb::NOT_JUDGED);
  EXPECT_EQ(Judged("{expect: {end: FAILURE}}", hung).outcome(), confpb::FAILED);
}

TEST(VerdictTest, ChoicesDifferAndAreFailedOnlyWhenStrict) {
  confpb::Case test;
  test.set_level(confpb::MUST);
  test.set_evidence(confpb::INFERRED);
  test.mutable_client()->mutable_expect()->set_end(confpb::ClientExpect::SUCCESS);
  const Received received{.was_called = true, .verified = {}, .requests = {}};
  for (const bool strict : {false, true}) {
    confpb::Result result;
    Judge(test, Failure({}, "x"), received, strict, &result);
    EXPECT_EQ(result.outcome(), strict ? confpb::FAILED : confpb::DIFFERS);
  }
}

}  // namespace
}  // namespace tqlconform
