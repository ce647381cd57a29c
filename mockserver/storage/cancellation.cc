#include "mockserver/storage/cancellation.h"

namespace tql::storage {

Status Cancellation::Check() const {
  if (stop.stop_requested()) return CancelledError("the statement was cancelled");
  if (deadline != std::chrono::steady_clock::time_point::max() &&
      std::chrono::steady_clock::now() >= deadline) {
    return DeadlineExceededError("the statement ran longer than it may");
  }
  if (client_gone && client_gone()) return CancelledError("the client went away");
  return Status();
}

}  // namespace tql::storage
