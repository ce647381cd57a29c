#include "mockserver/plan_messages.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "proto/document/message_reader.h"

namespace tql::mock {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::StartsWith;

// The plan of the structs, as users write it in a file.
constexpr std::string_view kPlan = R"yaml(
settings: {unmatched: FAIL, unordered_rows: SHUFFLED, seed: 7, strict: ERROR, evidence: CLIENT}
rule:
- id: calls
  match: {call: [LOGIN, REST], transport: [HTTP, IN_PROCESS], user: me, header: {X-A: "1.*"},
          path: ["/api/*"], method: POST, outcome: [CUT], error: busy, rule: r1}
  skip: 3
  times: 0
  may_stay_unused: true
  do:
  - delay: 0.25s
  - run: FIRST
    status: {http: 429, grpc: RESOURCE_EXHAUSTED, message: later, content_type: text/plain, body: wait}
  - head: {set: {X-B: "2"}, remove: [Date]}
  - session: {what: EXPIRE}
  - session: {what: EXPIRE_ALL}
- match: {kind: [INSERT, ""], table: [sales, "d.*.t"], like: "insert into t values (?)", literal: ["*"],
          index: 0, option: {adv_options.allow_unsafe: "true"}, database: d}
  times: 1
  do:
  - run: NOT
    answer:
      result:
      - final_context: {database: d}
        progress: [{id: "1", label: Loading, percentage: 40, details: x}]
        table:
          headers: [{name: a, type: BIGINT}, {name: b, type: VARCHAR}]
          rows: [{v: ["1", x]}, {v: ["2", "-"]}]
        message: [{type: INFO, value: i}, {type: WARNING, value: w}, {type: ERROR, value: e}]
      - {message: [{type: INFO, value: done}], complete: true}
      null_string: "-"
  - answer: {result: [{interactive_question: [{question_id: q, banner: b, prompt: p, options: ["yes", "no"]}]}]}
  - answer: {error: "no\n"}
  - answer: {piece: [{data: !!binary YWI=}, {data: !!binary AA==}]}
- match: {exact: help}
  times: 1
  do:
  - {run: FIRST, cut: {at: {line: 1}, how: RESET}}
  - {cut: {at: {row: 2}, how: STALL}}
  - {edit: {at: {message: 3}, swap: true}}
  - {edit: {at: {byte: 5000000000}, drop: 4}}
  - {edit: {at: {complete: true}, repeat: 5}}
  - {edit: {at: {end: true}, insert_data: !!binary AP8=}}
  - {edit: {replace: {regex: a(b), with: '\1', times: 2}}}
  - {drip: {bytes: 16, every: 0.001s, from: {line: 2}}}
- {match: {regex: "^a"}, times: 1}
)yaml";

Plan ThePlan() {
  using namespace std::chrono_literals;
  using namespace std::string_literals;
  using Type = Answer::Message::Type;
  return {
      .settings = {.fail_unmatched = true,
                   .unordered_rows = RowOrder::kShuffled,
                   .seed = 7,
                   .strict = Strictness::kError,
                   .evidence = Evidence::kClient},
      .rules = {
          {.id = "calls",
           .match = {.call = {Match::Call::kLogin, Match::Call::kRest},
                     .transport = {Match::Transport::kHttp, Match::Transport::kInProcess},
                     .user = "me",
                     .header = {{"X-A", "1.*"}},
                     .path = {"/api/*"},
                     .method = "POST",
                     .outcome = {Match::Outcome::kCut},
                     .error = "busy",
                     .rule = "r1"},
           .skip = 3,
           .times = 0,
           .may_stay_unused = true,
           .actions = {Delay{250ms},
                       Refusal{.run = Run::kFirst,
                               .http = 429,
                               .grpc = "RESOURCE_EXHAUSTED",
                               .message = "later",
                               .content_type = "text/plain",
                               .body = "wait"},
                       Head{.set = {{"X-B", "2"}}, .remove = {"Date"}}, Expire{},
                       Expire{.all = true}}},
          {.match = {.kind = {"INSERT", ""},
                     .table = {"sales", "d.*.t"},
                     .like = "insert into t values (?)",
                     .literal = {"*"},
                     .index = 0,
                     .option = {{"adv_options.allow_unsafe", "true"}},
                     .database = "d"},
           .actions = {Answer{.run = Run::kNot,
                              .results = {{.database = "d",
                                           .progress = {{"1", "Loading", 40, "x"}},
                                           .columns = {{"a", "BIGINT"}, {.name = "b"}},
                                           .rows = {{"1", "x"}, {"2", "-"}},
                                           .messages = {{.text = "i"},
                                                        {Type::kWarning, "w"},
                                                        {Type::kError, "e"}}},
                                          {.messages = {{.text = "done"}}}},
                              .null_string = "-"},
                       Answer{.results = {{.questions = {{"q", "b", "p", {"yes", "no"}}}}}},
                       Answer{.error = "no\n"}, Answer{.pieces = {"ab", "\0"s}}}},
          {.match = {.exact = "help"},
           .actions = {Cut{.run = Run::kFirst, .at = Position::Line(1), .how = Cut::How::kReset},
                       Cut{.at = Position::Row(2), .how = Cut::How::kStall},
                       Edit{.at = Position::Message(3), .swap = true},
                       Edit{.at = Position::Byte(5'000'000'000), .drop = 4},
                       Edit{.at = Position::Complete(), .repeat = 5},
                       Edit{.at = Position::End(), .insert = "\0\xff"s},
                       Replace{.regex = "a(b)", .with = "\\1", .times = 2},
                       Drip{.bytes = 16, .every = 1ms, .from = Position::Line(2)}}},
          {.match = {.regex = "^a"}}}};
}

template <typename T>
T Read(std::string_view yaml) {
  T message;
  EXPECT_EQ(document::ReadMessage(yaml, &message), Status());
  return message;
}

TEST(PlanMessages, APlanIsTheSameAsInAFile) {
  const auto plan = ToMessage(ThePlan());
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(Read<mockpb::Plan>(kPlan), *plan)) << difference;
}

/// The fields of these messages and of their parts, but for those of other files.
void AddFields(const Descriptor& type, std::set<std::string>& names) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!names.insert(field.full_name()).second || field.message_type() == nullptr) continue;
    if (field.message_type()->file() == type.file()) AddFields(*field.message_type(), names);
  }
}
void AddFieldsSet(const Message& message, std::set<std::string>& names) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    names.insert(field->full_name());
    if (field->message_type() == nullptr || field->is_map()) continue;
    if (!field->is_repeated()) {
      AddFieldsSet(message.GetReflection()->GetMessage(message, field), names);
      continue;
    }
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
      AddFieldsSet(message.GetReflection()->GetRepeatedMessage(message, field, i), names);
    }
  }
}

TEST(PlanMessages, EveryFieldHasAMember) {
  std::set<std::string> names;
  AddFields(*mockpb::Plan::descriptor(), names);
  std::set<std::string> set;
  AddFieldsSet(*ToMessage(ThePlan()), set);
  // Parts of responses, what another field can do as well, and the entries of maps.
  const std::set<std::string> others = {"Rule.seen", "Rule.fired", "Action.Edit.insert",
                                        "Action.Piece.text"};
  for (const std::string& name : names) {
    const std::string rest = name.substr(mockpb::Plan::descriptor()->file()->package().size() + 1);
    if (rest.find("Entry.") != rest.npos || others.contains(rest)) continue;
    EXPECT_TRUE(set.contains(name)) << name;
  }
}

TEST(PlanMessages, EnumsHaveTheNumbersOfTheProtocol) {
  EXPECT_EQ(static_cast<int>(Match::Call::kRest), mockpb::REST);
  EXPECT_EQ(static_cast<int>(Match::Call::kRest), mockpb::Call_MAX) << "a call has no value";
  EXPECT_EQ(static_cast<int>(Match::Transport::kInProcess), mockpb::IN_PROCESS);
  EXPECT_EQ(static_cast<int>(Match::Outcome::kCancelled), mockpb::CANCELLED);
}

TEST(PlanMessages, Verifications) {
  const Verification verification{
      .expect = {{.match = {.kind = {"INSERT"}}, .exactly = 1},
                 {.match = {.outcome = {Match::Outcome::kOk}}, .at_least = 2, .at_most = 3}},
      .in_order = true,
      .nothing_else = true,
      .within = std::chrono::seconds(2),
      .after = 17};
  const auto message = ToMessage(verification);
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      Read<mockpb::VerifyRequest>(
          "{expect: [{match: {kind: [INSERT]}, exactly: 1}, {match: {outcome: [OK]}, at_least: 2, "
          "at_most: 3}], in_order: true, nothing_else: true, within: 2s, after: 17}"),
      *message))
      << message->DebugString();
}

TEST(PlanMessages, MistakesHaveAPath) {
  const auto error = [](Rule rule) { return ToMessage(Plan{.rules = {{}, rule}}).status(); };
  EXPECT_EQ(error({.match = {.like = "help", .regex = "help"}}),
            InvalidArgumentError("rule[1].match: at most one of like, exact and regex can be set"));
  EXPECT_EQ(
      error({.actions = {Delay{}, Edit{.drop = 1, .swap = true}}}),
      InvalidArgumentError("rule[1].do[1].edit: expected one of insert, drop, repeat and swap"));
  EXPECT_EQ(error({.actions = {Edit{}}}).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(error({.actions = {Answer{.results = {{.columns = {{"a", "NUMBER"}}}}}}}),
            InvalidArgumentError("rule[1].do[0].answer.result[0].table.headers[0].type: unknown "
                                 "type 'NUMBER'"));
  EXPECT_THAT(error({.actions = {Cut{
                         .at = {Position::Unit::kRow, std::numeric_limits<std::uint64_t>::max()}}}})
                  .message(),
              StartsWith("rule[1].do[0].cut.at: found 18446744073709551615"));
  EXPECT_EQ(error({.actions = {Refusal{.http = -1}}}),
            InvalidArgumentError("rule[1].do[0].status.http: the status is negative"));
  EXPECT_EQ(ToMessage(Verification{.expect = {{.match = {.like = "a", .exact = "b"}}}}).status(),
            InvalidArgumentError("expect[0].match: at most one of like, exact and regex can be "
                                 "set"));
}

}  // namespace
}  // namespace tql::mock
