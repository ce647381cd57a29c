// Cancellation of a blocking network request from another thread.
#ifndef TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_
#define TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_

#include <atomic>

#include "proto/base/mutex.h"

namespace tql {

/// Cancels a request from any thread. Code that waits for a socket also polls fd(), so that it
/// reacts immediately. Thread safety: all methods may be called from any thread.
class CancelSignal {
 public:
  CancelSignal();
  ~CancelSignal();
  CancelSignal(const CancelSignal&) = delete;
  CancelSignal& operator=(const CancelSignal&) = delete;

  /// Requests cancellation; cannot be undone.
  void Set();
  bool is_set() const { return set_.load(std::memory_order_acquire); }
  /// A descriptor that becomes readable when the signal is set. Negative if no descriptor was
  /// available; callers must then poll is_set() periodically.
  int fd() const { return fd_; }

  /// During the lifetime of this object, Set also shuts down `socket`. Used for blocking calls that
  /// cannot poll fd(), such as a TLS handshake.
  class ShutsDown {
   public:
    ShutsDown(CancelSignal& signal, int socket);
    ~ShutsDown();
    ShutsDown(const ShutsDown&) = delete;
    ShutsDown& operator=(const ShutsDown&) = delete;

   private:
    CancelSignal& signal_;
  };

 private:
  const int fd_;
  std::atomic<bool> set_{false};
  base::Mutex mutex_;
  int socket_ TQL_GUARDED_BY(mutex_) = -1;  // an owned duplicate; -1: none
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_
