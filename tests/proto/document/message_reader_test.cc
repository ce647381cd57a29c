#include "proto/document/message_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "tql/wire/json.h"
#include "tqlkit/conform.pb.h"
#include "tqlkit/mock_control.pb.h"

namespace tql::document {
namespace {

namespace mockpb = tqlkit::mock::v1;

template <typename Message = mockpb::Plan>
std::string Read(std::string_view text) {
  Message message;
  const Status status = ReadMessage(text, &message);
  return status.ok() ? message.ShortDebugString() : status.message();
}

TEST(MessageReaderTest, FindsUnknownKeys) {
  const auto unknown = [](std::string_view text) {
    std::string paths;
    for (const std::string& path : UnknownKeys(text, *mockpb::Plan::descriptor())) {
      paths += path + ' ';
    }
    return paths;
  };
  EXPECT_EQ(unknown(R"({"settings": {"unorderedRows": "REVERSED"}, "rule": [{"id": "a"}]})"), "");
  EXPECT_EQ(
      unknown(R"({"sttings": {"x": 1}, "rule": [{"id": "a"}, {"di": "b", "match": {"a": 1}}]})"),
      "sttings rule.di rule.match.a ");
  EXPECT_EQ(unknown(R"({"rule": [{"match": {"header": {"any": "x"}}}]})"), "") << "a map";
  EXPECT_EQ(unknown("{\"a\": "), "") << "not JSON";
  std::string many = "{";
  for (int i = 0; i < 100; ++i) many += (i > 0 ? ", \"k" : "\"k") + std::to_string(i) + "\": 1";
  EXPECT_EQ(UnknownKeys(many + "}", *mockpb::Plan::descriptor()).size(), 20U);
}

TEST(MessageReaderTest, ReadsPlans) {
  const char* const expected =
      "settings { unordered_rows: REVERSED seed: 7 } rule { id: \"slow\" match { call: LOGIN } "
      "times: 0 do { "
      "delay { seconds: 3 } } } rule { match { header { key: \"X-A\" value: \"a.*\" } like: "
      "\"insert into t values (?)\" } do { run: FIRST cut { at { row: 3 } how: RESET } } }";
  EXPECT_EQ(Read("settings: {seed: 7, unordered_rows: REVERSED}\n"
                 "rule:\n"
                 "- {id: slow, match: {call: [LOGIN]}, times: 0, do: [{delay: 3s}]}\n"
                 "- match: {like: \"insert into t values (?)\", header: {X-A: a.*}}\n"
                 "  do: [{run: FIRST, cut: {at: {row: 3}, how: reset}}]\n"),
            expected);
  constexpr const char* kJson =
      R"json({"settings": {"seed": "7", "unordered_rows": "REVERSED"}, "rule": [
      {"id": "slow", "match": {"call": ["LOGIN"]}, "times": 0, "do": [{"delay": "3s"}]},
      {"match": {"like": "insert into t values (?)", "header": {"X-A": "a.*"}},
       "do": [{"run": "FIRST", "cut": {"at": {"row": 3}, "how": "RESET"}}]}]})json";
  EXPECT_EQ(Read(kJson), expected);
}

TEST(MessageReaderTest, TextsStayAsWritten) {
  EXPECT_EQ(Read("rule: [{id: 007, match: {user: no, exact: 2024-01-01}}]"),
            "rule { id: \"007\" match { user: \"no\" exact: \"2024-01-01\" } }");
  EXPECT_EQ(Read("rule: [{do: [{answer: {piece: [{text: busy}, {data: busy}, "
                 "{data: !!binary AQ==}]}}]}]"),
            "rule { do { answer { piece { text: \"busy\" } piece { data: \"busy\" } piece { data: "
            "\"\\001\" } } } }");
}

TEST(MessageReaderTest, BytesOfJsonAreBase64) {
  EXPECT_EQ(
      Read(
          R"json({"rule": [{"do": [{"answer": {"piece": [{"data": "/w=="}, {"text": "/w=="}]}}]}]})json"),
      "rule { do { answer { piece { data: \"\\377\" } piece { text: \"/w==\" } } } }");
}

TEST(MessageReaderTest, BytesSurviveJson) {
  mockpb::Plan plan;
  plan.add_rule()->add_do_()->mutable_answer()->add_piece()->set_data("\xff\0x", 3);
  const std::string json = ToJson(plan);
  EXPECT_EQ(json, R"({"rule":[{"do":[{"answer":{"piece":[{"data":"/wB4"}]}}]}]})");
  mockpb::Plan read;
  EXPECT_EQ(ReadMessage(json, &read), Status());
  EXPECT_EQ(read.rule(0).do_(0).answer().piece(0).data(), std::string("\xff\0x", 3));
}

TEST(MessageReaderTest, ErrorsNamePathAndPlace) {
  const struct {
    const char* text;
    const char* error;
  } kCases[] = {
      {"rules: []", "line 1, column 1: unknown key \"rules\"; known are settings, rule"},
      {"rule: {id: a}", "rule: line 1, column 7: expected a list, found a map"},
      {"rule:\n- id: a\n- match: {like: }",
       "rule[1].match.like: line 3, column 11: expected a text (quote one that begins with !, &, "
       "*, - or ?; \"\" is empty), found nothing"},
      {"rule: [{match: {kind: [~]}}]",
       "rule[0].match.kind[0]: line 1, column 24: expected a text (quote one that begins with !, "
       "&, *, - or ?; \"\" is empty), found nothing"},
      {"rule: [{match: }]", "rule[0].match: line 1, column 9: expected a map, found nothing"},
      {"rule: [{match: {like: a, exact: b}}]",
       "rule[0].match: line 1, column 26: both like and exact are set; expected one of them"},
      {"rule: [{times: often}]",
       "rule[0].times: line 1, column 16: expected a number from 0 to 4294967295, found \"often\""},
      {"rule: [{times: 010}]",
       "rule[0].times: line 1, column 16: expected a number from 0 to 4294967295, found \"010\""},
      {"rule: [{times: +2}]",
       "rule[0].times: line 1, column 16: expected a number from 0 to 4294967295, found \"+2\""},
      {"rule: [{times: 4294967296}]",
       "rule[0].times: line 1, column 16: expected a number from 0 to 4294967295, found "
       "\"4294967296\""},
      {"rule: [{times: -1}]",
       "rule[0].times: line 1, column 16: expected a number from 0 to 4294967295, found \"-1\""},
      {"rule: [{may_stay_unused: yes}]",
       "rule[0].may_stay_unused: line 1, column 26: expected true or false, found \"yes\""},
      {"rule: [{do: [{cut: {how: 1}}]}]",
       "rule[0].do[0].cut.how: line 1, column 26: expected one of CLOSE, RESET, STALL, found "
       "\"1\""},
      {"rule: [{do: [{delay: 3000ms}]}]",
       "rule[0].do[0].delay: line 1, column 22: expected a duration in seconds such as 3s or "
       "0.5s, found \"3000ms\""},
      {"rule: [{do: [{delay: -3s}]}]",
       "rule[0].do[0].delay: line 1, column 22: expected a duration in seconds such as 3s or "
       "0.5s, found \"-3s\""},
      {"rule: [{do: [{delay: .5s}]}]",
       "rule[0].do[0].delay: line 1, column 22: expected a duration in seconds such as 3s or "
       "0.5s, found \".5s\""},
      {"rule: [{do: [{answer: {piece: [{data: !!binary A}]}}]}]",
       "rule[0].do[0].answer.piece[0].data: line 1, column 39: expected base64, found \"A\""},
      {R"({"rule": [{"do": [{"answer": {"piece": [{"data": "b"}]}}]}]})",
       "rule[0].do[0].answer.piece[0].data: line 1, column 50: expected base64, found \"b\""},
  };
  for (const auto& [text, error] : kCases) EXPECT_EQ(Read(text), error) << text;
}

TEST(MessageReaderTest, ReadsDoubles) {
  using Run = tqlkit::conform::v1::ClientRun;
  EXPECT_EQ(Read<Run>("within: 0.25"), "within: 0.25");
  EXPECT_EQ(Read<Run>(R"({"within": 10})"), "within: 10");
  for (const char* const text : {"within: soon", "within: inf", "within: 1s", "within: [1]"}) {
    EXPECT_NE(Read<Run>(text).find("expected a number"), std::string::npos) << Read<Run>(text);
  }
}

TEST(MessageReaderTest, NulInJsonIsPermittedOnDemand) {
  constexpr const char* kJson = R"({"rule": [{"id": "a\u0000b"}]})";
  EXPECT_NE(Read(kJson).find("a text with a NUL"), std::string::npos);
  mockpb::Plan plan;
  EXPECT_EQ(ReadMessage(kJson, &plan, {.permits_nul = true}), Status());
  EXPECT_EQ(plan.rule(0).id(), std::string("a\0b", 3));
}

TEST(MessageReaderTest, ReadsTimes) {
  EXPECT_EQ(Read<mockpb::Entry>("time: 2024-02-29T12:00:00Z"), "time { seconds: 1709208000 }");
  for (const char* const text :
       {"time: 2024-02-29T12:00:00", "time: yesterday", "time: 1709208000"}) {
    EXPECT_NE(Read<mockpb::Entry>(text).find("expected a time such as"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tql::document
