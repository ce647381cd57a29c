// Why a running statement should stop. The thread that runs the statement checks it often.
#ifndef TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_
#define TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_

#include <chrono>
#include <functional>
#include <stop_token>

#include "tql/status.h"

namespace tql::storage {

struct Cancellation {
  /// Requested when the server stops or the statement is cancelled.
  std::stop_token stop;
  /// When the statement must have ended, by the machine's clock; max(): no limit.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// Whether the client has disconnected; empty: it cannot.
  std::function<bool()> client_gone;

  /// OK while the statement may continue; otherwise CANCELLED or DEADLINE_EXCEEDED with the reason.
  Status Check() const;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_
