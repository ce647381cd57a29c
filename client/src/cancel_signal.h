// Ends a request from any thread.
#ifndef TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_
#define TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_

#include <atomic>
#include <mutex>

namespace tql {

/// Ends a request from any thread. Waits for the socket watch its descriptor, so it acts at once.
class CancelSignal {
 public:
  CancelSignal();
  ~CancelSignal();
  CancelSignal(const CancelSignal&) = delete;
  CancelSignal& operator=(const CancelSignal&) = delete;

  void Set();
  bool is_set() const { return set_.load(std::memory_order_acquire); }
  /// Readable once set; negative when the system has none left: then look at is_set now and then.
  int fd() const { return fd_; }

  /// For the time of a call that cannot watch fd(): Set shuts this socket down.
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
  std::mutex mutex_;
  int socket_ = -1;  // a descriptor of our own; -1: none
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CANCEL_SIGNAL_H_
