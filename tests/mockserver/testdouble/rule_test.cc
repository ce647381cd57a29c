#include "mockserver/testdouble/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/mockserver/testdouble/texts.h"

namespace tql::testdouble {
namespace {

using testing::StartsWith;

std::string ErrorOf(const std::string& text) {
  const auto rule = Rule::Compile(Message<mockpb::Rule>(text), "rule[0]", Regexes());
  EXPECT_TRUE(rule.ok() || rule.status().code() == StatusCode::kInvalidArgument);
  return rule.ok() ? "no error" : rule.status().message();
}

Rule Compiled(const std::string& text) {
  const auto rule = Rule::Compile(Message<mockpb::Rule>(text), "rule[0]", Regexes());
  EXPECT_TRUE(rule.ok()) << text << ": " << rule.status();
  return rule.ok() ? *rule : *Rule::Compile({}, "", Regexes());
}

TEST(Rule, AcceptsEveryAction) {
  for (const char* text : {
           "",
           "delay {seconds: 3}",
           "delay {}",
           "answer {result {complete: true}}",
           "answer {error: 'x'}",
           "answer {piece {text: 'a'} piece {data: '\\377'}}",
           "status {http: 503 message: 'busy'}",
           "status {grpc: 'UNAVAILABLE'}",
           "status {http: 502 grpc: 'UNAVAILABLE'}",
           "status {http: 302 content_type: 'text/html' body: '<p>'}",
           "cut {}",
           "cut {at {row: 3} how: STALL}",
           "cut {at {complete: true} how: RESET}",
           "cut {at {end: true}}",
           "cut {at {byte: 40}}",
           "edit {insert: 'x'}",
           "edit {at {end: true} insert_data: 'x'}",
           "edit {at {complete: true} drop: 1}",
           "edit {at {line: 1} swap: true}",
           "edit {at {message: 0} repeat: 2}",
           "edit {replace {regex: '(a)b' with: '\\\\1' times: 1}}",
           "drip {bytes: 1 every {nanos: 5000000} from {row: 1}}",
           "head {set {key: 'Content-Type' value: 'application/json'} remove: 'Date'}",
           "session {what: EXPIRE_ALL}",
           "run: FIRST cut {how: RESET}",
           "run: NOT cut {}",
       }) {
    const std::string action = *text == '\0' ? "" : "do {" + std::string(text) + "}";
    EXPECT_EQ(ErrorOf(action), "no error") << text;
  }
}

TEST(Rule, ErrorsNameThePath) {
  const struct {
    const char* actions;
    const char* error;
  } cases[] = {
      {"do {}", "rule[0].do[0]: expected one of delay, answer, status, cut, edit, drip, head"},
      {"do {delay {}} do {}", "rule[0].do[1]: expected one of"},
      {"do {delay {seconds: -1}}", "rule[0].do[0].delay: the duration is negative"},
      {"do {delay {nanos: -1}}", "rule[0].do[0].delay: the duration is negative"},
      {"do {delay {nanos: 1000000000}}", "rule[0].do[0].delay: the duration has more than"},
      {"do {delay {seconds: 86401}}", "rule[0].do[0].delay: found a duration of more than 86400 s"},
      {"do {delay {seconds: 9223372036854775807}}", "rule[0].do[0].delay: found a duration"},
      {"do {answer {}}", "rule[0].do[0].answer: expected exactly one of result, error and piece"},
      {"do {answer {error: 'x' result {}}}", "rule[0].do[0].answer: expected exactly one of"},
      {"do {answer {piece {text: 'a'} piece {}}}",
       "rule[0].do[0].answer.piece[1]: expected text or data"},
      {"do {status {}}", "rule[0].do[0].status: expected http or grpc"},
      {"do {status {http: 200}}", "rule[0].do[0].status.http: found 200, expected 300 to 599"},
      {"do {status {http: 600}}", "rule[0].do[0].status.http: found 600, expected 300 to 599"},
      {"do {status {grpc: 'OK'}}", "rule[0].do[0].status.grpc: found 'OK', expected the name"},
      {"do {status {grpc: 'UNAVAILABEL'}}",
       "rule[0].do[0].status.grpc: found 'UNAVAILABEL', expected the name of an error code of "
       "gRPC; near names: UNAVAILABLE"},
      {"do {status {http: 503 grpc: 'NOT_FOUND'}}",
       "rule[0].do[0].status: http 503 means UNAVAILABLE, found grpc NOT_FOUND"},
      {"do {status {http: 503 content_type: 'text/html'}}",
       "rule[0].do[0].status.content_type: is the type of `body`, which is empty"},
      {"do {status {http: 503 content_type: 'a\\r\\nb: c' body: 'x'}}",
       "rule[0].do[0].status.content_type: the value of a header has no control characters"},
      {"do {cut {at {complete: false}}}",
       "rule[0].do[0].cut.at.complete: found false, expected true"},
      {"do {cut {at {end: false}}}", "rule[0].do[0].cut.at.end: found false, expected true"},
      {"do {edit {}}", "rule[0].do[0].edit: expected one of insert, insert_data, drop"},
      {"do {edit {drop: 1}}",
       "rule[0].do[0].edit.at: found nothing, expected line, row, message, byte or complete for "
       "`drop`"},
      {"do {edit {at {line: 0} drop: 0}}", "rule[0].do[0].edit.drop: found 0, expected at least 1"},
      {"do {edit {at {end: true} drop: 1}}", "rule[0].do[0].edit.at: found end, expected line"},
      {"do {edit {at {complete: true} repeat: 1}}",
       "rule[0].do[0].edit.at: found complete, expected line, row, message or byte for `repeat`"},
      {"do {edit {at {line: 0} repeat: 1000001}}",
       "rule[0].do[0].edit.repeat: found 1000001, expected 1 to 1000000"},
      {"do {edit {at {line: 0} swap: false}}",
       "rule[0].do[0].edit.swap: found false, expected true"},
      {"do {edit {at {end: true} swap: true}}", "rule[0].do[0].edit.at: found end"},
      {"do {edit {at {line: 0} replace {regex: 'a'}}}",
       "rule[0].do[0].edit.at: has no effect on `replace`"},
      {"do {edit {replace {regex: 'a('}}}",
       "rule[0].do[0].edit.replace.regex: invalid regular expression \"a(\""},
      {"do {edit {replace {regex: 'a' with: '\\\\1'}}}", "rule[0].do[0].edit.replace.with: "},
      {"do {edit {replace {regex: 'a' with: '\\\\n'}}}", "rule[0].do[0].edit.replace.with: "},
      {"do {drip {every {nanos: 1}}}", "rule[0].do[0].drip.bytes: found 0, expected at least 1"},
      {"do {drip {bytes: 1}}", "rule[0].do[0].drip.every: is not set, expected a duration"},
      {"do {drip {bytes: 1 every {seconds: -1}}}", "rule[0].do[0].drip.every: the duration is"},
      {"do {drip {bytes: 1 every {} from {end: false}}}", "rule[0].do[0].drip.from.end: found"},
      {"do {head {}}", "rule[0].do[0].head: expected set or remove"},
      {"do {head {set {key: 'a b' value: 'c'}}}",
       "rule[0].do[0].head.set[\"a b\"]: found 'a b', expected the name of a header"},
      {"do {head {set {key: 'a' value: 'b\\nc'}}}",
       "rule[0].do[0].head.set[\"a\"]: the value of a header has no control characters"},
      {"do {head {remove: 'a' remove: ''}}", "rule[0].do[0].head.remove[1]: found ''"},
      {"do {run: NOT delay {}}", "rule[0].do[0].run: NOT needs an `answer`, a `status` or a `cut`"},
      {"do {run: NOT cut {}} do {run: FIRST delay {}}",
       "rule[0].do[1].run: differs from the `run` of another action of the rule"},
      {"do {answer {error: 'x'}} do {status {http: 503}}",
       "rule[0].do[1]: a rule has at most one `answer` or `status`"},
      {"match {kind: 'X'}", "rule[0].match.kind[0]: unknown kind"},
  };
  for (const auto& c : cases) EXPECT_THAT(ErrorOf(c.actions), StartsWith(c.error)) << c.actions;

  mockpb::Rule rule;
  rule.add_do_()->mutable_cut()->set_how(static_cast<mockpb::Action::Cut::How>(9));
  EXPECT_THAT(Rule::Compile(rule, "rule[0]", Regexes()).status().message(),
              StartsWith("rule[0].do[0].cut.how: found the number 9, expected CLOSE, RESET or "));
  rule.mutable_do_(0)->set_run(static_cast<mockpb::Action::Run>(9));
  EXPECT_THAT(Rule::Compile(rule, "rule[0]", Regexes()).status().message(),
              StartsWith("rule[0].do[0].run: found the number 9"));
  rule.Clear();
  for (int i = 0; i < 101; ++i) rule.add_do_()->mutable_delay();
  EXPECT_THAT(Rule::Compile(rule, "rule[0]", Regexes()).status().message(),
              StartsWith("rule[0].do: found 101 actions, expected at most 100"));
  rule.Clear();
  rule.set_id(std::string(201, 'x'));
  EXPECT_THAT(Rule::Compile(rule, "rule[0]", Regexes()).status().message(),
              StartsWith("rule[0].id: "));
}

TEST(Rule, WhetherTheStatementRuns) {
  const struct {
    const char* actions;
    bool runs;
  } cases[] = {
      {"", true},
      {"do {delay {}}", true},
      {"do {cut {}}", true},
      {"do {answer {error: 'x'}}", false},
      {"do {delay {}} do {status {http: 503}}", false},
      {"do {run: FIRST status {http: 503}}", true},
      {"do {run: NOT cut {}}", false},
      {"do {run: NOT delay {}} do {cut {}}", false},
      {"do {run: FIRST delay {}} do {status {http: 503}}", true},
  };
  for (const auto& c : cases) EXPECT_EQ(Compiled(c.actions).runs(), c.runs) << c.actions;
}

TEST(Rule, CompilesWhatTheMessageDescribes) {
  const Rule rule = Compiled(R"(
    id: 'x' skip: 5
    do {delay {seconds: 1 nanos: 5}}
    do {edit {replace {regex: 'a+' with: 'b'}}}
    do {drip {bytes: 1 every {nanos: 7}}})");
  EXPECT_EQ(rule.id(), "x");
  EXPECT_EQ(rule.skip(), 5);
  EXPECT_EQ(rule.times(), 1);
  EXPECT_EQ(rule.actions()[0].duration, std::chrono::nanoseconds(1'000'000'005));
  EXPECT_NE(rule.actions()[1].regex, nullptr);
  EXPECT_EQ(rule.actions()[2].duration, std::chrono::nanoseconds(7));
  EXPECT_EQ(Compiled("times: 0").times(), 0);
}

TEST(Rule, OneStatusDeterminesTheOther) {
  const RuleAction busy = Compiled("do {status {http: 503}}").actions()[0];
  EXPECT_EQ(busy.code, StatusCode::kUnavailable);
  EXPECT_EQ(busy.http, 503);
  const RuleAction denied = Compiled("do {status {grpc: 'PERMISSION_DENIED'}}").actions()[0];
  EXPECT_EQ(denied.code, StatusCode::kPermissionDenied);
  EXPECT_EQ(denied.http, 403);
  const RuleAction gateway = Compiled("do {status {http: 504 grpc: 'UNAVAILABLE'}}").actions()[0];
  EXPECT_EQ(gateway.code, StatusCode::kUnavailable);
  EXPECT_EQ(gateway.http, 504);
}

}  // namespace
}  // namespace tql::testdouble
