// A sink that keeps the text of a result.
#ifndef TQLKIT_TESTS_SUPPORT_TEXT_SINK_H_
#define TQLKIT_TESTS_SUPPORT_TEXT_SINK_H_

#include <span>
#include <string>
#include <string_view>

#include "mockserver/engine/statement_sink.h"

namespace tql::testing {

/// Appends the names of columns, each with a space after it, and messages to `text`.
class TextSink : public engine::StatementSink {
 public:
  bool OnProgress(std::span<const engine::Progress>) override { return true; }
  bool OnQuestion(const engine::Question&) override { return true; }
  bool Begin(const engine::Context&) override { return true; }
  bool Header(std::span<const engine::Column> columns) override {
    for (const engine::Column& column : columns) text += column.name + ' ';
    return true;
  }
  bool Row(std::span<const std::string_view>) override { return true; }
  bool Message(engine::MessageType, std::string_view line) override {
    text += line;
    return true;
  }
  void End() override {}

  std::string text;
};

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_TEXT_SINK_H_
