// The limit of requests in a window of time.
#ifndef TQLKIT_MOCKSERVER_THENA_RATE_LIMITER_H_
#define TQLKIT_MOCKSERVER_THENA_RATE_LIMITER_H_

#include <chrono>
#include <cstdint>

#include "proto/base/mutex.h"

namespace tql::thena {

/// Counts requests in windows of a fixed length, of which each begins with its first request.
/// Thread-safe.
class RateLimiter {
 public:
  struct Decision {
    bool allowed = true;
    std::uint32_t remaining = 0;    // further requests in this window
    std::chrono::seconds reset{0};  // until the window ends, rounded up
  };

  RateLimiter(std::uint32_t requests, std::chrono::nanoseconds window)
      : requests_(requests), window_(window) {}

  std::uint32_t requests() const { return requests_; }
  /// Counts a request at this time of the server, which may have been set back.
  Decision Take(std::chrono::system_clock::time_point now);

 private:
  const std::uint32_t requests_;
  const std::chrono::nanoseconds window_;
  base::Mutex mutex_;
  std::chrono::system_clock::time_point begin_ TQL_GUARDED_BY(mutex_);
  std::uint32_t used_ TQL_GUARDED_BY(mutex_) = 0;  // 0: no window has begun
};

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_RATE_LIMITER_H_
