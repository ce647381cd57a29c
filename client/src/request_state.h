// The limits and the state of one HTTP request, and TCP connections that respect them.
#ifndef TQLKIT_CLIENT_SRC_REQUEST_STATE_H_
#define TQLKIT_CLIENT_SRC_REQUEST_STATE_H_

#include <cstddef>
#include <string>

#include "client/src/cancel_signal.h"
#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// Thread safety: one thread, except for the signal.
struct RequestState {
  Deadline deadline;
  CancelSignal& cancel;
  std::size_t budget = 0;  // bytes of header and framing that may come before more of the body
  Status failure = {};     // the first error
  bool has_excess_bytes = false;   // bytes arrived that belong to no response
  bool is_new_connection = false;  // the connection was opened for this request
  bool has_response = false;       // a byte of the response arrived
  bool connection_lost = false;    // the connection ended
  bool in_head = true;             // the header is not complete yet
  bool is_chunked = false;         // the body is sent in chunks
  std::string line = {};           // the last line of the header or the framing

  /// Records the first error. Always returns false, for `return Fail(…)`.
  bool Fail(Status status) {
    if (failure.ok()) failure = std::move(status);
    return false;
  }
  /// Returns false, and records the error, if the request was cancelled or its deadline has passed.
  bool MayContinue();
  /// Waits until the descriptor has one of poll's `events`. Returns false if the request must end.
  bool Wait(int fd, short events);
};

/// Connects to the first address of the host that accepts, and returns the non-blocking TCP socket.
/// UNAVAILABLE with the error of each address, or of the name lookup; CANCELLED.
StatusOr<int> ConnectTcp(const std::string& host, int port, RequestState& state);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_REQUEST_STATE_H_
