#include "mockserver/testdouble/canned_answer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/mockserver/testdouble/received_answer.h"

namespace tql::testdouble {
namespace {

using Answer = mockpb::Action::Answer;

Answer Of(std::string_view yaml) {
  Answer answer;
  EXPECT_EQ(document::ReadMessage(yaml, &answer), Status()) << yaml;
  return answer;
}

std::string Written(const Answer& answer) {
  ReceivedAnswer received;
  EXPECT_TRUE(WriteAnswer(answer, {.database = "d"}, "(null)", received));
  return received.text;
}

TEST(CannedAnswer, WritesItsPartsInTheOrderOfAnAnswer) {
  const struct {
    const char* answer;
    const char* written;
  } cases[] = {
      {"{error: 'no such table'}", "begin d; error no such table"},
      {"{result: [{message: [{type: WARNING, value: hot}, {type: INFO, value: done}]}]}",
       "begin d; warning hot; info done"},
      {"{result: [{table: {headers: [{name: a, type: INT}, {name: b}],"
       " rows: [{v: ['1', x]}, {v: ['2', y]}]}}]}",
       "begin d; header a b; row 1,x; row 2,y"},
      {"{result: [{progress: [{label: half, percentage: 50}]},"
       " {final_context: {database: e}, message: [{type: INFO, value: done}]}]}",
       "progress half; begin e; info done"},
      {"{result: [{interactive_question: [{question_id: q, prompt: 'sure?', options: [y, n]}]}]}",
       "question sure?"},
      // A context is that of the first part of the output.
      {"{result: [{message: [{type: INFO, value: one}]}, {final_context: {database: e}}]}",
       "begin d; info one"},
      {"{result: [{final_context: {database: e}}], error: late}", "begin e; error late"},
      {"{result: [{}]}", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(Written(Of(c.answer)), c.written) << c.answer;
}

TEST(CannedAnswer, ColumnsHaveTheirTypes) {
  class Types : public ReceivedAnswer {
   public:
    bool Header(std::span<const engine::Column> columns) override {
      for (const engine::Column& column : columns) kinds.push_back(column.type.kind);
      return true;
    }
    std::vector<values::TypeKind> kinds;
  } types;
  using values::TypeKind;
  const Answer answer =
      Of("{result: [{table: {headers: [{name: a, type: BOOL}, {name: b, type: INT},"
         " {name: c, type: BIGINT}, {name: d, type: FLOAT}, {name: e, type: DOUBLE},"
         " {name: f, type: DATE}, {name: g, type: DATETIME}, {name: h, type: TIME},"
         " {name: i, type: VARCHAR}]}}]}");
  EXPECT_TRUE(WriteAnswer(answer, {}, "(null)", types));
  EXPECT_EQ(types.kinds,
            (std::vector<TypeKind>{TypeKind::kBool, TypeKind::kInt, TypeKind::kBigInt,
                                   TypeKind::kFloat, TypeKind::kDouble, TypeKind::kDate,
                                   TypeKind::kDateTime, TypeKind::kTime, TypeKind::kVarchar}));
}

TEST(CannedAnswer, StopsWhenTheClientHasLeft) {
  ReceivedAnswer received;
  received.accepts = false;
  EXPECT_FALSE(WriteAnswer(Of("{result: [{table: {headers: [{name: a}], rows: [{v: [x]}]}}]}"),
                           {.database = "d"}, "(null)", received));
  EXPECT_EQ(received.text, "begin d");
}

TEST(CannedAnswer, IsCompleteIfItsLastResultIs) {
  EXPECT_TRUE(IsComplete(SuccessAnswer()));
  EXPECT_TRUE(IsComplete(ErrorAnswer("no")));
  EXPECT_TRUE(IsComplete(Of("{result: [{}, {complete: true}]}")));
  EXPECT_FALSE(IsComplete(Of("{result: [{complete: true}, {}]}")));
}

TEST(CannedAnswer, SuccessIsThatOfTheService) {
  // The text of the service's documentation.
  EXPECT_EQ(Written(SuccessAnswer()), "begin d; info Statement executed successfully. ");
}

}  // namespace
}  // namespace tql::testdouble
