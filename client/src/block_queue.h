// A bounded queue of byte blocks between a receiving thread and a reading thread.
#ifndef TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_
#define TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/mutex.h"
#include "tql/status.h"
#include "tql/transport.h"

namespace tql {

/// Thread safety: one thread calls Push and Finish, another one Pop; Close may be called from any
/// thread.
class BlockQueue {
 public:
  /// Appends bytes; blocks while the queue is full. Returns false if the queue was closed or the
  /// deadline passed.
  bool Push(std::string_view bytes, Deadline deadline);
  /// Ends the queue: OK, or the error that ended the transfer. Bytes in the queue can still be
  /// read.
  void Finish(Status status);
  /// Called by the reader when it needs no more bytes: Push returns false from now on.
  void Close();
  /// Returns the next block; blocks until there is one. At the end, returns an empty optional, or
  /// the error given to Finish.
  StatusOr<std::optional<std::string>> Pop();

 private:
  base::Mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> blocks_ TQL_GUARDED_BY(mutex_);
  bool finished_ TQL_GUARDED_BY(mutex_) = false;
  bool closed_ TQL_GUARDED_BY(mutex_) = false;
  Status status_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_BLOCK_QUEUE_H_
