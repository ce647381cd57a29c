#include "mockserver/thena/rate_limiter.h"

namespace tql::thena {

RateLimiter::Decision RateLimiter::Take(std::chrono::system_clock::time_point now) {
  const base::MutexLock lock(mutex_);
  if (used_ == 0 || now < begin_ || now - begin_ >= window_) {
    begin_ = now;
    used_ = 0;
  }
  Decision decision;
  decision.allowed = used_ < requests_;
  if (decision.allowed) ++used_;
  decision.remaining = requests_ - used_;
  decision.reset = std::chrono::ceil<std::chrono::seconds>(begin_ + window_ - now);
  return decision;
}

}  // namespace tql::thena
