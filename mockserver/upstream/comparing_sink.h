// Sends the statements that this server answers to another service as well, and compares.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SINK_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SINK_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string_view>

#include "mockserver/upstream/answer_capture.h"
#include "mockserver/upstream/comparison.h"
#include "mockserver/upstream/upstream_sink.h"

namespace tql::upstream {

/// The client reads the answers of this server. A statement is forwarded at the end of its answer.
/// Those that a rule of a plan answers are not compared.
class ComparingSink : public UpstreamSink {
 public:
  /// All are borrowed.
  ComparingSink(service::ResponseSink& wrapped, ForwardingCall& call, Comparison& comparison)
      : UpstreamSink(wrapped, call), comparison_(comparison) {}

  engine::StatementSink& BeginStatement(const StatementInfo& info) override;

 private:
  using Result = AnswerCapture::Result;
  /// A statement that this server executes, and its answer so far.
  struct Executed {
    std::size_t index = 0;
    engine::Context context = {};
    std::string text = {};
    AnswerCapture answer = AnswerCapture(Comparison::kMostAnswerBytes);
    Result part = {};
    std::size_t part_bytes = 0;
  };

  bool Takes(const PendingStatement& pending) override;
  Answered AnswerTaken(const PendingStatement& pending) override;
  bool OnQuestion(const engine::Question& question) override;
  bool Begin(const engine::Context& final_context) override;
  bool Header(std::span<const engine::Column> columns) override;
  bool Row(std::span<const std::string_view> cells) override;
  const engine::RowEncoder* row_encoder() override {
    return current_ ? nullptr : UpstreamSink::row_encoder();
  }
  bool Message(engine::MessageType type, std::string_view text) override;
  void End() override;

  /// Null if the statement in progress is not compared.
  Result* part() { return current_ ? &current_->part : nullptr; }
  void Forward(Executed executed);

  Comparison& comparison_;
  std::deque<Executed> executed_;  // statements that have not begun, in their order
  std::optional<Executed> current_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_COMPARING_SINK_H_
