#include "tools/tqlconform/server/expectations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/document/message_reader.h"

namespace tqlconform {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kRows[] =
    R"({"result":{"final_context":{"schema":"s","database":"d","server_schema_version":"7"},)"
    R"("table":{"headers":[{"name":"a","type":"INT"},{"name":"b","type":"VARCHAR"}],)"
    R"("rows":[{"v":["1","x"]},{"v":["2","y"]}]},"message":[{"type":"INFO","value":"(2 rows)\n"},)"
    R"({"type":"INFO","value":"Statement executed successfully. \n"}],"complete":true}})";
constexpr char kError[] =
    R"({"result":{"message":[{"type":"ERROR","value":"no table \n"}],"complete":true}})";

Answer AnswerOf(const std::vector<std::string>& lines) {
  Answer answer;
  answer.status = 200;
  answer.headers = {{"content-type", "application/x-ndjson"}};
  for (const std::string& line : lines) answer.body += line + '\n';
  return answer;
}

std::vector<confpb::Finding> FindingsOf(const std::string& expect, const Answer& answer,
                                        const std::string& call) {
  confpb::Step step;
  const tql::Status status =
      tql::document::ReadMessage("{" + call + ", expect: " + expect + "}", &step);
  EXPECT_TRUE(status.ok()) << status;
  const Lookup lookup = [](std::string_view name) -> tql::StatusOr<std::string> {
    if (name == "db") return std::string("d");
    return tql::InvalidArgumentError("unknown variable");
  };
  std::vector<confpb::Finding> findings;
  CheckExpectations(step, answer, lookup, "step 0", &findings);
  return findings;
}

/// The checks that do not hold.
std::vector<std::string> Failing(const std::string& expect, const Answer& answer,
                                 const std::string& call = "query: q") {
  std::vector<std::string> checks;
  for (const auto& finding : FindingsOf(expect, answer, call)) checks.push_back(finding.check());
  return checks;
}

TEST(ExpectationsTest, WhatHolds) {
  const Answer answer = AnswerOf({kRows});
  for (const char* expect : {
           "{}",
           "{status: [200], ok: true}",
           "{status: [404, 2]}",
           "{header: {Content-Type: ndjson, x-a: '-'}}",
           "{headers: [a INT, b VARCHAR], rows: ['1|x', '2|y'], row_count: 2}",
           "{rows: ['2|y', '1|x'], any_order: true}",
           "{info: ['^.2 rows.$', '^Statement executed successfully\\.$']}",
           "{info: ['...', successfully]}",
           "{json: {/0/result/final_context/database: '^${db}$', /0/result/x: '-'}}",
           "{json: {'/*/result/message/*/type': ^INFO$}}",
           "{line: ['{\"result\": {\"complete\": true}}']}",
           "{never: ['\"complete\":false']}",
           "{first_byte_within: 1s}",
       }) {
    EXPECT_THAT(Failing(expect, answer), IsEmpty()) << expect;
  }
}

TEST(ExpectationsTest, WhatDoesNotHold) {
  const std::pair<const char*, const char*> kCases[] = {
      {"{status: [404, 5]}", "expect.status"},
      {"{header: {content-type: '!ndjson'}}", "expect.header[content-type]"},
      {"{headers: [a INT]}", "expect.headers"},
      {"{rows: ['1|x', '2|z']}", "expect.rows[1]"},
      {"{rows: ['1|x']}", "expect.rows"},
      {"{rows: ['1|x', '2|y', '3|z']}", "expect.rows[2]"},
      {"{rows: ['2|y', '1|x']}", "expect.rows[0]"},
      {"{rows: ['2|y', '2|y'], any_order: true}", "expect.rows"},
      {"{no_rows: true}", "expect.no_rows"},
      {"{row_count: 0}", "expect.row_count"},
      {"{info: [successfully]}", "expect.info[0]"},
      {"{ok: false}", "expect.ok"},
      {"{error: x}", "expect.error"},
      {"{asks: [sure]}", "expect.asks[0]"},
      {"{json: {/0/result/complete: ^false$}}", "expect.json[/0/result/complete]"},
      {"{json: {/1/result: '*'}}", "expect.json[/1/result]"},
      {"{line: ['{}', '{}']}", "expect.line[1]"},
      {"{never: [complete]}", "expect.never[0]"},
      {"{body: x}", "expect.body"},
      {"{rows: ['${x}']}", "expect.rows"},
      {"{first_byte_after: 1s}", "expect.first_byte_after"},
      {"{streams_for: 1s}", "expect.streams_for"},
  };
  for (const auto& [expect, check] : kCases) {
    EXPECT_THAT(Failing(expect, AnswerOf({kRows})), ElementsAre(check)) << expect;
  }
}

TEST(ExpectationsTest, RowsInAnyOrderNameWhatDiffers) {
  const std::pair<const char*, const char*> kCases[] = {
      {"['2|y', '0|a', '1|x']", R"(2 rows: missing "0|a")"},
      {"['2|y']", R"(2 rows: unexpected "1|x")"},
      {"['3|z', '2|y', '0|a']", R"(2 rows: missing "0|a", "3|z"; unexpected "1|x")"},
      {"['1|x', '1|x', '2|y']", R"(2 rows: missing "1|x")"},
  };
  for (const auto& [rows, found] : kCases) {
    const auto findings = FindingsOf("{any_order: true, rows: " + std::string(rows) + "}",
                                     AnswerOf({kRows}), "query: q");
    ASSERT_EQ(1U, findings.size()) << rows;
    EXPECT_EQ(found, findings[0].found());
  }
}

TEST(ExpectationsTest, FindingsHaveTheSameOrderInEachRun) {
  EXPECT_THAT(Failing("{json: {/c: x, /a: x, /b: x}, header: {z: x, y: x}}", AnswerOf({kRows})),
              ElementsAre("expect.header[y]", "expect.header[z]", "expect.json[/a]",
                          "expect.json[/b]", "expect.json[/c]"));
}

TEST(ExpectationsTest, FailuresOfStatementsAndCalls) {
  const Answer statement = AnswerOf({kError});
  EXPECT_THAT(Failing("{ok: false, error: ^no table$, status: [200]}", statement), IsEmpty());
  EXPECT_THAT(Failing("{ok: true}", statement), ElementsAre("expect.ok"));
  Answer call;
  call.status = 401;
  call.body = "who are you";
  EXPECT_THAT(Failing("{ok: false, error: who, status: [4]}", call), IsEmpty());
  EXPECT_THAT(Failing("{ok: true}", call), ElementsAre("expect.ok"));
  Answer grpc;
  grpc.grpc = "UNAUTHENTICATED";
  grpc.error = "who are you";
  EXPECT_THAT(Failing("{ok: false, error: who, grpc: [UNAUTHENTICATED], status: [200]}", grpc),
              IsEmpty());
  EXPECT_THAT(Failing("{grpc: [OK]}", grpc), ElementsAre("expect.grpc"));
}

TEST(ExpectationsTest, SuccessNeedsAWholeResponse) {
  EXPECT_THAT(Failing("{ok: true}", AnswerOf({R"({"result":{}})"})), ElementsAre("expect.ok"));
  EXPECT_THAT(Failing("{ok: true}", AnswerOf({kRows, "<html>"})), ElementsAre("expect.ok"));
  Answer cut = AnswerOf({kRows});
  cut.end = Answer::End::kCut;
  EXPECT_THAT(Failing("{}", cut), ElementsAre("response"));
}

TEST(ExpectationsTest, OtherCallsHaveOneDocument) {
  Answer answer = AnswerOf({R"({"tokens":["abs","add"]})"});
  EXPECT_THAT(Failing("{json: {/tokens/0: ^abs$, /tokens/2: '-'}}", answer, "tokens: STATIC"),
              IsEmpty());
  EXPECT_THAT(Failing("{json: {/tokens: '*'}}", AnswerOf({"{", "}}"}), "tokens: STATIC"),
              ElementsAre("expect.json"));
}

}  // namespace
}  // namespace tqlconform
