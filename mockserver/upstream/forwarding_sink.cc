#include "mockserver/upstream/forwarding_sink.h"

#include <string>
#include <utility>

#include "mockserver/service/result_writer.h"

namespace tql::upstream {
namespace {

using Result = ForwardedStatement::Result;

/// The error of the statement that the part contains.
Status ErrorOf(const Result& part) {
  for (const auto& message : part.message()) {
    if (message.type() == Result::OutMessage::ERROR) return UnknownError(message.value());
  }
  return Status();
}

}  // namespace

service::ResponseSink::Answered ForwardingSink::AnswerTaken(const PendingStatement& pending) {
  if (!call_.MayForward(pending)) return RefuseStatement(call_, pending, *this);
  ForwardedStatement statement(call_.upstream().client,
                               call_.RequestOf(pending.info.text, pending.context), call_.stop());
  auto part = call_.Next(statement);
  if (!part.ok()) {
    status_ = Explained(call_.upstream(), part.status());
    return {.status = status_, .last = true};
  }
  engine::StatementSink& sink = BeginStatement(pending.info);
  service::ResultWriter writer(sink, pending.context);
  writer.SetNull(NullMarker(), call_.null_string());
  AnswerCapture capture(Recording::kMostAnswerBytes);
  Status error;
  while (*part) {
    ReplaceNull(call_.null_string(), **part);
    capture.Add(**part);
    if (error.ok()) error = ErrorOf(**part);
    if (!writer.Write(**part)) {  // the client disconnected: the answer is not recorded
      sink.End();
      return {.status = CancelledError("the client disconnected"), .last = true};
    }
    part = call_.Next(statement);
    if (!part.ok()) {
      status_ = Explained(call_.upstream(), part.status());
      return {.status = status_, .last = true};
    }
  }
  recording_.Add({.call = call_.kind(),
                  .text = std::string(pending.info.text),
                  .database = pending.context.database,
                  .options = call_.option_values()},
                 capture);
  sink.End();
  return {.status = error, .last = writer.asked(), .context = writer.context()};
}

void ForwardingSink::Finish() {
  if (status_.ok()) ResponseSinkWrapper::Finish();
}

}  // namespace tql::upstream
