// Receives the answers of a query or a script. Implemented by front ends.
#ifndef TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_
#define TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/service/answer_control.h"
#include "tql/status.h"

namespace tql::service {

/// The answers of a query or a script: one StatementSink after the other.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  struct StatementInfo {
    std::size_t index = 0;  // in the script, from 0
    std::string_view text;  // as the client wrote it
    bool last = false;      // known to be the last one
    bool script = false;    // the answer is one to a script
    /// Whether the statement may take long, so that the previous answers should be sent first.
    bool may_wait = true;
    /// Whether the answer is a kept result: the statement does not run.
    bool from_cache = false;
    /// The time by which the client must have received the whole answer.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  };
  /// A statement that is about to run. The references are valid during the call.
  struct PendingStatement {
    const StatementInfo& info;
    /// Null for a text that is not a statement, or that need not be parsed.
    const dialect::Statement* statement = nullptr;
    const engine::Context& context;
    /// The statement, or one that differs from it in literals only. Null for a text that was not
    /// parsed.
    const dialect::Statement* pattern = nullptr;
  };
  /// Called before each statement runs. Returns whether the sink answers it instead; then it does
  /// not run, and Answer is called, after the answers before it were written.
  virtual bool Answers(const PendingStatement& /*pending*/) { return false; }
  struct Answered {
    Status status;      // the error of the statement, or OK
    bool last = false;  // whether no further statement runs, e.g. after a question
    /// The context of the next statement; nullopt: as before.
    std::optional<engine::Context> context = std::nullopt;
  };
  /// Writes the whole answer of the statement.
  virtual Answered Answer(const PendingStatement& /*pending*/) { return {}; }
  /// Returns the sink for the next statement's answer, valid until its End.
  virtual engine::StatementSink& BeginStatement(const StatementInfo& info) = 0;
  /// Called after the last statement.
  virtual void Finish() = 0;
  /// Null if the answer cannot be changed.
  virtual AnswerControl* control() { return nullptr; }
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_
