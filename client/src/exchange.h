// One request over a socket: how long it may take, who may end it, and why it ended early.
#ifndef TQLKIT_CLIENT_SRC_EXCHANGE_H_
#define TQLKIT_CLIENT_SRC_EXCHANGE_H_

#include <cstddef>
#include <string>

#include "client/src/http_connection.h"
#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// Thread safety: none, but for the signal.
struct Exchange {
  Deadline deadline;
  CancelSignal& cancel;
  std::size_t budget = 0;  // bytes that may still come before some of the body does
  Status failure = {};     // the first
  bool surplus = false;    // bytes came that belong to no answer
  bool anew = false;       // over a connection that was made for it
  bool answered = false;   // some byte of an answer came

  /// False, for `return Fail(…)`.
  bool Fail(Status status) {
    if (failure.ok()) failure = std::move(status);
    return false;
  }
  /// Waits for poll's `events` on the descriptor; false after CANCELLED or DEADLINE_EXCEEDED.
  bool Wait(int fd, short events);
};

/// A connected, non-blocking TCP socket, to the first address of the host that accepts. UNAVAILABLE
/// with each address and why it does not, or why the host is not found; the exchange's failure.
StatusOr<int> Dial(const std::string& host, int port, Exchange& exchange);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_EXCHANGE_H_
