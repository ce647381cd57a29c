// Where the answers of a query or a script go. Front ends implement it.
#ifndef TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_
#define TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_

#include <chrono>
#include <cstddef>
#include <string_view>

#include "mockserver/engine/statement_sink.h"

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
    /// Whether the statement may take its time, so that the answers before it should be sent first.
    bool may_wait = true;
    /// By when the whole answer must have been taken.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  };
  /// The sink for the next statement's answer, valid until its End.
  virtual engine::StatementSink& BeginStatement(const StatementInfo& info) = 0;
  /// No further statement comes.
  virtual void Finish() = 0;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_RESPONSE_SINK_H_
