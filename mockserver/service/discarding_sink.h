#ifndef TQLKIT_MOCKSERVER_SERVICE_DISCARDING_SINK_H_
#define TQLKIT_MOCKSERVER_SERVICE_DISCARDING_SINK_H_

#include <span>
#include <string_view>

#include "mockserver/service/response_sink.h"

namespace tql::service {

/// A sink for callers that need only the status of a script, not its response.
class DiscardingSink : public ResponseSink, private engine::StatementSink {
 public:
  engine::StatementSink& BeginStatement(const StatementInfo&) override { return *this; }
  void Finish() override {}

 private:
  bool OnProgress(std::span<const engine::Progress>) override { return true; }
  bool OnQuestion(const engine::Question&) override { return true; }
  bool Begin(const engine::Context&) override { return true; }
  bool Header(std::span<const engine::Column>) override { return true; }
  bool Row(std::span<const std::string_view>) override { return true; }
  bool Message(engine::MessageType, std::string_view) override { return true; }
  void End() override {}
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_DISCARDING_SINK_H_
