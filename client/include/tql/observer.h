/// \file
/// What a program can watch of its calls: for logs, metrics and traces.
#ifndef TQL_OBSERVER_H_
#define TQL_OBSERVER_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql {

/// What a call is for.
enum class Operation : std::uint8_t {
  kLogin,
  kLogout,
  kQuery,  ///< One statement, whatever it is.
  kScript,
  kTokens,
  kSchemaVersion,
};

/// "login", "logout", "query", "script", "tokens", "schema version".
std::string_view OperationName(Operation operation);

/// What a call is known by. It holds no statement and no password, so that it may be logged.
struct CallInfo {
  Operation operation = Operation::kQuery;
  /// RequestOptions::request_id, or 32 random hexadecimal digits. The service gets it as the header
  /// X-Request-Id over HTTP and as x-request-id in the metadata over gRPC; calls in process do not
  /// carry it.
  std::string request_id;
};

/// How a call went.
struct CallOutcome {
  /// Of the transport, or of the statement; of a script, the first statement that failed. CANCELLED
  /// when the program did not read the answer to its end.
  Status status;
  /// From the start of the call to the end of its answer, the program's own time with the rows and
  /// all waits between attempts included.
  std::chrono::nanoseconds duration{0};
  /// From 1. Whoever answers a question of the service makes no new attempt.
  int attempts = 1;
  std::uint64_t rows = 0;
  /// The text of the cells and messages that were read, without the protocol around it.
  std::uint64_t bytes = 0;
};

/// Is told of every call of a Client, in Options::observer. A call starts once and ends once, with
/// its retries between.
///
/// Thread safety: calls of several threads are told of at the same time, each in the thread that
/// makes the call or reads its result; so an observer guards its own state. It must not throw, and
/// should not block: the call waits for it.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  /// Before anything of the call is sent.
  virtual void OnStart(const CallInfo& /*call*/) {}
  /// An attempt (from 1) failed with `status`; the next one begins after `pause`.
  virtual void OnRetry(const CallInfo& /*call*/, int /*attempt*/, const Status& /*status*/,
                       std::chrono::milliseconds /*pause*/) {}
  /// The call has ended: its last row was read, or it failed, or its result was destroyed.
  virtual void OnEnd(const CallInfo& /*call*/, const CallOutcome& /*outcome*/) {}
};

}  // namespace tql

#endif  // TQL_OBSERVER_H_
