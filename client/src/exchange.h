// One request over a socket: how long it may take, who may end it, and why it ended early.
#ifndef TQLKIT_CLIENT_SRC_EXCHANGE_H_
#define TQLKIT_CLIENT_SRC_EXCHANGE_H_

#include <cstddef>
#include <string>

#include "client/src/cancel_signal.h"
#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// Thread safety: none, but for the signal.
struct Exchange {
  Deadline deadline;
  CancelSignal& cancel;
  std::size_t budget = 0;  // bytes of head and framing that may come before some of the body
  Status failure = {};     // the first
  bool surplus = false;    // bytes came that belong to no answer
  bool anew = false;       // over a connection that was made for it
  bool answered = false;   // some byte of an answer came
  bool lost = false;       // the connection ended
  bool in_head = true;     // the head has not ended
  std::string line = {};   // the last one of head or framing

  /// False, for `return Fail(…)`.
  bool Fail(Status status) {
    if (failure.ok()) failure = std::move(status);
    return false;
  }
  /// False after CANCELLED or DEADLINE_EXCEEDED.
  bool MayGoOn();
  /// Waits for poll's `events` on the descriptor; false when the exchange may not go on.
  bool Wait(int fd, short events);
};

/// A connected, non-blocking TCP socket, to the first address of the host that accepts. UNAVAILABLE
/// with each address and why it does not, or why the host is not found; the exchange's failure.
StatusOr<int> Dial(const std::string& host, int port, Exchange& exchange);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_EXCHANGE_H_
