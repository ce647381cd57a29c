#include "mockserver/testdouble/double_sink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "tests/mockserver/testdouble/received_answer.h"

namespace tql::testdouble {
namespace {

class DoubleSinkTest : public ::testing::Test {
 protected:
  /// What the front end receives for SELECTs with three rows and a message each.
  std::string Answered(std::string_view plan, int statements = 1) {
    spaces_.SetPlan(plan);
    const auto parsed = dialect::ParseStatement(kText).value();
    const engine::Context database{.database = "d"};
    service::CallContext context;
    context.protocol = service::Protocol::kHttp;
    const DoubledCall call(spaces_.main(), context, mockpb::QUERY);
    const auto info_of = [](int index) {
      return service::ResponseSink::StatementInfo{.index = static_cast<std::size_t>(index),
                                                  .text = kText};
    };
    const auto first = info_of(0);
    DoubleSink sink(received_, call,
                    call.Take({.info = first, .statement = &parsed, .context = database}));
    for (int i = 0; i < statements; ++i) {
      const auto info = info_of(i);
      const service::ResponseSink::PendingStatement pending{
          .info = info, .statement = &parsed, .context = database};
      if (sink.Answers(pending)) {
        if (sink.Answer(pending).last) break;
      } else {
        ++runs_;
        Run(sink.BeginStatement(info));
      }
    }
    sink.Finish();
    sink.Close(Status());
    return std::exchange(received_.text, {});
  }
  void Run(engine::StatementSink& sink) const {
    const engine::Column column{.name = "a", .type = {}};
    bool go_on = sink.Begin({.database = "d"}) && sink.Header({&column, 1});
    engine::EncodedRows rows;
    const engine::RowEncoder* const encoder = encodes_ ? sink.row_encoder() : nullptr;
    for (const std::string_view cell : {"1", "2", "3"}) {
      if (encoder == nullptr) {
        go_on = go_on && sink.Row({&cell, 1});
        continue;
      }
      encoder->Append({&cell, 1}, rows.bytes);
      ++rows.rows;
      rows.cell_bytes += cell.size();
    }
    if (encoder != nullptr) go_on = go_on && sink.Rows(rows);
    if (go_on) sink.Message(engine::MessageType::kInfo, "done");
    sink.End();
  }

  static constexpr std::string_view kText = "select a from t";
  DoubledNamespaces spaces_;
  ReceivedAnswer received_;
  int runs_ = 0;
  bool encodes_ = false;  // rows, if the sink lets others encode them
};

TEST_F(DoubleSinkTest, CarriesOutActions) {
  const struct {
    const char* actions;
    const char* received;
    const char* journal;
    int runs = 1;
  } cases[] = {
      {"{edit: {at: {row: 1}, drop: 1}}",
       "statement 0; begin d; header a; row 1; row 3; info done; end; finish", "OK"},
      {"{edit: {at: {row: 1}, repeat: 2}}",
       "statement 0; begin d; header a; row 1; row 2; row 2; row 2; row 3; info done; end; finish",
       "OK"},
      {"{edit: {at: {row: 0}, swap: true}}",
       "statement 0; begin d; header a; row 2; row 1; row 3; info done; end; finish", "OK"},
      {"{edit: {at: {row: 2}, swap: true}}",  // nothing follows the last row
       "statement 0; begin d; header a; row 1; row 2; row 3; info done; end; finish", "OK"},
      {"{edit: {at: {row: 1}, insert: X}}",
       "statement 0; begin d; header a; row 1; bytes X; row 2; row 3; info done; end; finish",
       "OK"},
      {"{edit: {at: {message: 0}, drop: 1}}",
       "statement 0; begin d; header a; row 1; row 2; row 3; end; finish", "OK"},
      {"{edit: {at: {complete: true}, drop: 1}}",
       "statement 0; begin d; header a; row 1; row 2; row 3; info done; incomplete; end; finish",
       "OK"},
      {"{cut: {at: {row: 2}, how: RESET}}",
       "statement 0; begin d; header a; row 1; row 2; cut reset; end", "CUT"},
      {"{run: FIRST, cut: {how: CLOSE}}", "statement 0; cut close; end", "CUT"},
      {"{cut: {at: {complete: true}, how: STALL}}",
       "statement 0; begin d; header a; row 1; row 2; row 3; info done; cut stall; end", "CUT"},
      {"{cut: {at: {end: true}, how: RESET}}",
       "statement 0; begin d; header a; row 1; row 2; row 3; info done; end; finish; cut reset",
       "CUT"},
      {"{answer: {error: no}}", "statement 0; begin d; error no; end; finish", "FAILED", 0},
      {"{run: FIRST, answer: {error: lost}}", "statement 0; begin d; error lost; end; finish",
       "FAILED", 1},
      {"{answer: {piece: [{text: '{'}, {text: x}]}}", "statement 0; bytes {; bytes x; end; finish",
       "OK", 0},
      {"{answer: {result: [{message: [{type: INFO, value: half}]}]}}",
       "statement 0; begin d; info half; incomplete; end; finish", "OK", 0},
      {"{answer: {result: [{interactive_question: [{prompt: 'sure?'}], complete: true}]}}",
       "statement 0; question sure?; end; finish", "ASKED", 0},
  };
  for (const auto& c : cases) {
    runs_ = 0;
    EXPECT_EQ(Answered("rule: [{do: [" + std::string(c.actions) + "]}]"), c.received) << c.actions;
    EXPECT_EQ(spaces_.TakeJournal(), c.journal + (": " + std::string(kText))) << c.actions;
    EXPECT_EQ(runs_, c.runs) << c.actions;
  }
}

TEST_F(DoubleSinkTest, OthersEncodeRowsThatNoActionChanges) {
  encodes_ = true;
  for (const char* const plan :
       {"{}", "rule: [{times: 1, do: [{edit: {at: {message: 1}, drop: 1}}]}]"}) {
    EXPECT_EQ(Answered(plan), "statement 0; begin d; header a; rows 1,2,3; info done; end; finish")
        << plan;
    const auto records = spaces_.state().journal().After(0).records;
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]->rows, 3U);
    EXPECT_EQ(records[0]->bytes, 7U);  // the cells and the message
    EXPECT_EQ(spaces_.TakeJournal(), "OK: select a from t");
  }
  EXPECT_EQ(Answered("rule: [{do: [{edit: {at: {row: 1}, drop: 1}}]}]"),
            "statement 0; begin d; header a; row 1; row 3; info done; end; finish");
  EXPECT_EQ(Answered("rule: [{do: [{cut: {at: {row: 2}, how: RESET}}]}]"),
            "statement 0; begin d; header a; row 1; row 2; cut reset; end");
  EXPECT_EQ(Answered("settings: {unordered_rows: REVERSED}"),
            "statement 0; begin d; header a; row 3; row 2; row 1; info done; end; finish");
  EXPECT_EQ(Answered("rule: [{do: [{run: FIRST, answer: {error: lost}}]}]"),
            "statement 0; begin d; error lost; end; finish");
}

TEST_F(DoubleSinkTest, ARuleActsOnItsStatementOnly) {
  EXPECT_EQ(Answered("rule: [{match: {index: 1}, do: [{answer: {error: no}}]}]", 3),
            "statement 0; begin d; header a; row 1; row 2; row 3; info done; end; "
            "statement 1; begin d; error no; end; "
            "statement 2; begin d; header a; row 1; row 2; row 3; info done; end; finish");
  EXPECT_EQ(spaces_.TakeJournal(),
            "OK: select a from t; FAILED: select a from t; OK: select a from t");
}

TEST_F(DoubleSinkTest, RowsWithoutAnOrderMayComeInAnother) {
  EXPECT_EQ(Answered("settings: {unordered_rows: REVERSED}"),
            "statement 0; begin d; header a; row 3; row 2; row 1; info done; end; finish");
  const std::string shuffled = Answered("settings: {unordered_rows: SHUFFLED, seed: 7}");
  EXPECT_EQ(Answered("settings: {unordered_rows: SHUFFLED, seed: 7}"), shuffled);
  for (const char* const row : {"row 1", "row 2", "row 3"}) {
    EXPECT_NE(shuffled.find(row), std::string::npos) << shuffled;
  }
}

TEST_F(DoubleSinkTest, AStatementThatNoRuleMatchesFailsIfThePlanSaysSo) {
  EXPECT_EQ(Answered("settings: {unmatched: FAIL}"),
            "statement 0; begin d; error No rule of the plan matches this statement.; end; finish");
  EXPECT_EQ(runs_, 0);
}

TEST_F(DoubleSinkTest, AClientThatHasLeftIsRecorded) {
  received_.accepts = false;
  EXPECT_EQ(Answered("{}"), "statement 0; begin d; end; finish");
  EXPECT_EQ(spaces_.TakeJournal(), "CANCELLED: select a from t");
}

}  // namespace
}  // namespace tql::testdouble
