// The response sink of the test double: carries out the actions of rules on the answers of
// statements, and writes the journal.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SINK_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SINK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/service/service_wrapper.h"
#include "mockserver/testdouble/answer_filters.h"
#include "mockserver/testdouble/call.h"

namespace tql::testdouble {

class DoubleSink : public service::ResponseSinkWrapper {
 public:
  /// `first` is the first statement, whose rule was taken at admission.
  DoubleSink(service::ResponseSink& wrapped, const DoubledCall& call, DoubledStatement first);

  bool Answers(const PendingStatement& pending) override;
  Answered Answer(const PendingStatement& pending) override;
  engine::StatementSink& BeginStatement(const StatementInfo& info) override;
  void Finish() override;
  /// Called after the call, which ended with `status`: adds the statements to the journal that it
  /// does not have yet.
  void Close(const Status& status);

 private:
  using Action = mockpb::Action;

  bool OnProgress(std::span<const engine::Progress> stages) override;
  bool OnQuestion(const engine::Question& question) override;
  bool Begin(const engine::Context& final_context) override;
  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  const engine::RowEncoder* row_encoder() override;
  bool Rows(engine::EncodedRows& rows) override;
  bool Message(engine::MessageType type, std::string_view text) override;
  void End() override;

  /// Whether the answer accepts nothing more.
  bool stopped() const { return cut_ || gone_; }
  const std::vector<RuleAction>& actions() const;
  /// Passes a row on, by its position in what the client reads.
  bool PassRow(std::span<const std::string_view> cells);
  bool PassMessage(engine::MessageType type, std::string_view text);
  bool ReleaseReordered();
  const Action::Answer* canned() const;
  void Take(const StatementInfo& info);
  void SetFilters();
  /// Called before the first part of an answer: waits for delays, and ends an answer that a rule
  /// cuts at its first byte.
  bool Enter();
  /// Passes a row or a message on as the actions at its position require: `emit` writes the unit,
  /// `hold` keeps it until the next one, `release` writes what was kept.
  bool PassUnit(mockpb::Position::AtCase unit, std::uint64_t index,
                const std::function<bool()>& emit, const std::function<void()>& hold,
                const std::function<bool()>& release);
  bool ReleaseRow();
  bool ReleaseMessage();
  void WriteCanned(const Action::Answer& answer, const engine::Context& context);
  void Insert(const Action::Edit& edit);
  bool Cut(const Action::Cut& cut, const std::shared_ptr<const Rule>& rule,
           bool drop_unsent = false);
  /// Notes whether the wrapped sink accepted a call, and returns it.
  bool Passed(bool accepted);
  void AddRecord();
  void AddFiltered(std::optional<mockpb::Outcome> outcome = std::nullopt);

  const DoubledCall& call_;
  std::deque<DoubledStatement> taken_;  // statements that have not begun, in their order
  DoubledStatement current_;
  bool open_ = false;      // current_ is between BeginStatement and End
  bool entered_ = false;   // its answer has begun
  bool replaced_ = false;  // it runs, but its answer is that of the rule
  bool asked_ = false;
  Status status_;  // of current_
  engine::Context context_;
  std::uint64_t received_rows_ = 0;
  bool is_cut_ = false;  // the default maximum of rows was reached, where strict mode reports it
  std::uint64_t rows_ = 0;
  std::uint64_t messages_ = 0;
  /// Rows of a SELECT without ORDER BY, to be passed on in another order.
  std::vector<std::vector<std::string>> reordered_;
  std::size_t reordered_bytes_ = 0;
  std::optional<std::mt19937_64> random_;  // costly to make; of the statement if it is reordered
  std::optional<std::vector<std::string>> held_row_;
  std::optional<std::pair<engine::MessageType, std::string>> held_message_;

  // The whole answer.
  bool cut_ = false;
  bool gone_ = false;
  std::unique_ptr<service::BodyFilter> body_filter_;
  std::unique_ptr<service::MessageFilter> message_filter_;
  std::optional<DoubledStatement> filtered_;  // recorded when the filter has passed everything
  std::vector<std::shared_ptr<const Rule>> at_end_;  // rules with actions at the end of the answer
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SINK_H_
