// A limit on the bytes that all connections of a server hold together.
#ifndef TQLKIT_MOCKSERVER_NET_MEMORY_BUDGET_H_
#define TQLKIT_MOCKSERVER_NET_MEMORY_BUDGET_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>

#include "proto/base/mutex.h"

namespace tql::net {

/// Thread safety: the reservations may belong to different threads.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t most) : most_(most) {}

  /// Reserved bytes, which the destructor releases. Thread safety: one thread.
  class Reservation {
   public:
    explicit Reservation(MemoryBudget& budget) : budget_(budget) {}
    ~Reservation() { Release(); }
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;

    /// Increases the reservation to `bytes`, waiting up to `patience` for others to release theirs.
    /// Returns false, without a change, if the budget does not permit it. A holder may exceed the
    /// budget while no other one is at work: so every size is possible, and holders that wait for
    /// each other proceed one by one.
    bool Grow(std::size_t bytes, std::chrono::milliseconds patience) {
      if (bytes <= bytes_) return true;
      const std::size_t more = bytes - bytes_;
      base::MutexLock lock(budget_.mutex_);
      bool waits = false;
      const auto has_room = [&]() TQL_REQUIRES(budget_.mutex_) {
        const std::size_t own = waits ? 0 : bytes_;
        return budget_.used_ - budget_.waiting_ == own ||  // no other holder is at work
               more <= budget_.most_ - std::min(budget_.most_, budget_.used_);
      };
      if (!has_room()) {
        waits = true;
        budget_.waiting_ += bytes_;
        const bool released = budget_.released_.wait_for(lock, patience, has_room);
        budget_.waiting_ -= bytes_;
        if (!released) return false;
      }
      budget_.used_ += more;
      bytes_ = bytes;
      return true;
    }
    void Release() {
      if (bytes_ == 0) return;
      {
        const base::MutexLock lock(budget_.mutex_);
        budget_.used_ -= bytes_;
      }
      bytes_ = 0;
      budget_.released_.notify_all();
    }
    std::size_t bytes() const { return bytes_; }

   private:
    MemoryBudget& budget_;
    std::size_t bytes_ = 0;
  };

 private:
  const std::size_t most_;
  base::Mutex mutex_;
  std::condition_variable released_;
  std::size_t used_ TQL_GUARDED_BY(mutex_) = 0;
  std::size_t waiting_ TQL_GUARDED_BY(mutex_) = 0;  // held by reservations that wait for more
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_MEMORY_BUDGET_H_
