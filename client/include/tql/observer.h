/// \file
/// Observation of a client's calls, for logs, metrics and traces.
#ifndef TQL_OBSERVER_H_
#define TQL_OBSERVER_H_

#include "tql/cxx20.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql {

/// The kind of a call.
enum class Operation : std::uint8_t {
  kLogin,
  kLogout,
  kQuery,  ///< One statement of any kind, not only a SELECT.
  kScript,
  kTokens,
  kSchemaVersion,
};

/// The name of an operation for logs: "login", "logout", "query", "script", "tokens" or "schema
/// version".
std::string_view OperationName(Operation operation);

/// The identity of a call. It contains neither the statement nor a password, so it may be logged.
struct CallInfo {
  Operation operation = Operation::kQuery;
  /// RequestOptions::request_id, or 32 random hexadecimal digits. It is sent to the service as the
  /// header X-Request-Id over HTTP and as the metadata x-request-id over gRPC; in-process calls do
  /// not transmit it.
  std::string request_id;
};

/// The result and the statistics of a call.
struct CallOutcome {
  /// The error of the transport, or of the statement; of a script, the error of the first statement
  /// that failed. CANCELLED if the program did not read the response to its end.
  Status status;
  /// From the start of the call to the end of its response. Includes the pauses between attempts
  /// and the time that the program spent on the rows.
  std::chrono::nanoseconds duration{0};
  /// Number of attempts, starting at 1. Re-sending a statement with an answer to the service's
  /// question is not a new attempt.
  int attempts = 1;
  /// Number of rows that were read.
  std::uint64_t rows = 0;
  /// Total size of the cells and messages that were read, without the overhead of the protocol.
  std::uint64_t bytes = 0;
};

/// Notified of every call of a Client; set in Options::observer. For each call OnStart and OnEnd
/// are called once, and OnRetry between them for each repeated attempt.
///
/// Thread safety: the methods are called by the thread that makes the call or reads its result, for
/// concurrent calls at the same time, so an observer must protect its state. They must not throw
/// and should not block, because the call waits for them.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  /// Called before anything is sent.
  virtual void OnStart(const CallInfo& /*call*/) {}
  /// Called when attempt number `attempt` (from 1) has failed with `status` and the next one starts
  /// after `pause`.
  virtual void OnRetry(const CallInfo& /*call*/, int /*attempt*/, const Status& /*status*/,
                       std::chrono::milliseconds /*pause*/) {}
  /// Called when the call has ended: its last row was read, it failed, or its result was
  /// destroyed.
  virtual void OnEnd(const CallInfo& /*call*/, const CallOutcome& /*outcome*/) {}
};

}  // namespace tql

#endif  // TQL_OBSERVER_H_
