// A base class for wrappers of a statement's sink: forwards every call to the wrapped sink.
#ifndef TQLKIT_MOCKSERVER_SERVICE_STATEMENT_SINK_WRAPPER_H_
#define TQLKIT_MOCKSERVER_SERVICE_STATEMENT_SINK_WRAPPER_H_

#include <span>
#include <string_view>

#include "mockserver/engine/statement_sink.h"

namespace tql::service {

/// The wrapped sink is borrowed. A wrapper that overrides Row() overrides row_encoder(), too, or
/// else Rows().
class StatementSinkWrapper : public engine::StatementSink {
 public:
  bool OnProgress(std::span<const engine::Progress> stages) override {
    return wrapped_->OnProgress(stages);
  }
  bool OnQuestion(const engine::Question& question) override {
    return wrapped_->OnQuestion(question);
  }
  bool Begin(const engine::Context& final_context) override {
    return wrapped_->Begin(final_context);
  }
  bool Header(std::span<const engine::Column> columns) override {
    return wrapped_->Header(columns);
  }
  bool Row(std::span<const std::string_view> cells) override { return wrapped_->Row(cells); }
  const engine::RowEncoder* row_encoder() override { return wrapped_->row_encoder(); }
  bool Rows(engine::EncodedRows& rows) override { return wrapped_->Rows(rows); }
  bool Message(engine::MessageType type, std::string_view text) override {
    return wrapped_->Message(type, text);
  }
  void End() override { wrapped_->End(); }

 protected:
  explicit StatementSinkWrapper(engine::StatementSink* wrapped = nullptr) : wrapped_(wrapped) {}
  void Wrap(engine::StatementSink& wrapped) { wrapped_ = &wrapped; }

 private:
  engine::StatementSink* wrapped_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_STATEMENT_SINK_WRAPPER_H_
