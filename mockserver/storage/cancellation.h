// Why a running statement should stop, asked for often and from the thread that runs it.
#ifndef TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_
#define TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_

#include <chrono>
#include <functional>
#include <stop_token>

#include "tql/status.h"

namespace tql::storage {

struct Cancellation {
  /// The server is stopping, or somebody cancelled the statement.
  std::stop_token stop;
  /// When the statement must have ended; max(): never.
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// Whether the client has gone away; empty: it cannot.
  std::function<bool()> client_gone;

  /// OK while the statement may go on; else CANCELLED or DEADLINE_EXCEEDED, saying why.
  Status Check() const;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_CANCELLATION_H_
