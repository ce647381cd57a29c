// A bounded queue of byte blocks between the thread that receives and the thread that reads.
#ifndef TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_
#define TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

class BlockQueue {
 public:
  /// Appends bytes; waits while the queue is full. False when it was closed or time is up.
  bool Push(std::string_view bytes, Deadline deadline);
  /// No more bytes come; `status` says why. What is queued can still be taken.
  void Finish(Status status);
  /// The reader goes: Push returns false from now on.
  void Close();
  /// The next block; empty at the end.
  StatusOr<std::optional<std::string>> Pop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> blocks_;
  bool finished_ = false;
  bool closed_ = false;
  Status status_;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_
