// An answer as a front end receives it from the test double, and a namespace to receive it from.
#ifndef TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_RECEIVED_ANSWER_H_
#define TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_RECEIVED_ANSWER_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/row_encoder.h"
#include "mockserver/service/answer_control.h"
#include "mockserver/service/response_sink.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "mockserver/testdouble/double.h"
#include "proto/document/message_reader.h"

namespace tql::testdouble {

/// Writes what it receives as words: "begin d; header a b; row 1,x; rows 2,3; info text; end;
/// finish".
class ReceivedAnswer : public service::ResponseSink,
                       public engine::StatementSink,
                       private engine::RowEncoder,
                       private service::AnswerControl {
 public:
  engine::StatementSink& BeginStatement(const StatementInfo& info) override {
    return Add("statement " + std::to_string(info.index)), *this;
  }
  void Finish() override { Add("finish"); }
  service::AnswerControl* control() override { return this; }

  bool OnProgress(std::span<const engine::Progress> stages) override {
    for (const engine::Progress& stage : stages) Add("progress " + stage.label);
    return accepts;
  }
  bool OnQuestion(const engine::Question& question) override {
    return Add("question " + question.prompt), accepts;
  }
  bool Begin(const engine::Context& context) override {
    return Add("begin " + context.database), accepts;
  }
  bool Header(std::span<const engine::Column> columns) override {
    std::string names = "header";
    for (const engine::Column& column : columns) names += ' ' + column.name;
    return Add(names), accepts;
  }
  bool Row(std::span<const std::string_view> cells) override {
    std::string row;
    for (const std::string_view cell : cells) row.append(row.empty() ? "row " : ",").append(cell);
    return Add(row), accepts;
  }
  const engine::RowEncoder* row_encoder() override { return this; }
  void Append(std::span<const std::string_view> cells, std::string& out) const override {
    for (const std::string_view cell : cells) out.append(out.empty() ? "" : ",").append(cell);
  }
  bool Rows(engine::EncodedRows& rows) override { return Add("rows " + rows.bytes), accepts; }
  bool Message(engine::MessageType type, std::string_view message) override {
    constexpr const char* kNames[] = {"info ", "warning ", "error "};
    while (message.ends_with('\n')) message.remove_suffix(1);
    return Add(kNames[static_cast<int>(type)] + std::string(message)), accepts;
  }
  void End() override { Add("end"); }

  std::string text;
  bool accepts = true;  // else the client has disconnected

 private:
  void End(const net::Cut& cut) override {
    constexpr const char* kNames[] = {"close", "reset", "stall"};
    Add(std::string("cut ") + kNames[static_cast<int>(cut.how)]);
  }
  void OmitComplete() override { Add("incomplete"); }
  bool Insert(std::string_view bytes) override { return Add("bytes " + std::string(bytes)), true; }
  void Add(std::string_view word) { text.append(text.empty() ? "" : "; ").append(word); }
};

/// A server's namespaces with "main", whose double has a plan and a journal.
class DoubledNamespaces {
 public:
  DoubledNamespaces() {
    auto engine =
        engine::Engine::Create(storage::OpenSqlite({}).value(), engine::RandomGuidSource());
    EXPECT_TRUE(engine.ok()) << engine.status();
    double_ = std::make_shared<Double>(Journal::Limits(), budget_);
    namespaces_ = std::make_unique<space::Namespaces>(std::make_shared<space::Namespace>(
        std::string(space::kMain), *std::move(engine),
        std::make_shared<space::Environment>(space::kMain, engine::SystemClock()),
        space::Namespace::Settings(), std::stop_token(), space::Attachments{double_}));
  }

  space::Namespaces& all() { return *namespaces_; }
  std::shared_ptr<space::Namespace> main() const { return namespaces_->Find(space::kMain); }
  Double& state() { return *double_; }

  /// Sets a plan in YAML.
  void SetPlan(std::string_view yaml) {
    mockpb::Plan plan;
    Status status = document::ReadMessage(yaml, &plan);
    if (status.ok()) status = double_->plan().Replace(plan);
    EXPECT_EQ(status, Status()) << yaml;
  }
  /// "OK: select 1; CUT: select 2", and empties the journal.
  std::string TakeJournal() {
    std::string text;
    for (const RecordPtr& record : double_->journal().After(0).records) {
      text += (text.empty() ? "" : "; ") + mockpb::Outcome_Name(record->outcome) + ": " +
              (record->text.empty() ? mockpb::Call_Name(record->call) : record->text);
      for (const std::string& warning : record->warnings) text += " (" + warning + ")";
    }
    double_->journal().Clear();
    return text;
  }

 private:
  JournalBudget budget_;
  std::shared_ptr<Double> double_;
  std::unique_ptr<space::Namespaces> namespaces_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_TESTS_MOCKSERVER_TESTDOUBLE_RECEIVED_ANSWER_H_
