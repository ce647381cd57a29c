#include "mockserver/engine/adjustable_clock.h"

namespace tql::engine {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

// Nanoseconds since 1970 end in 2262; the difference of any two times of this range fits as well.
constexpr sys_days kFirst = year(1970) / 1 / 1;
constexpr sys_days kEnd = year(2200) / 1 / 1;

}  // namespace

AdjustableClock::AdjustableClock(const AdjustableClock& other) : base_(other.base_) {
  const base::MutexLock lock(other.mutex_);
  offset_ = other.offset_;
  stopped_ = other.stopped_;
  adjusted_ = other.adjusted_.load();
}

Clock::TimePoint AdjustableClock::Now() const {
  if (!adjusted_.load(std::memory_order_acquire)) return base_.Now();
  const base::MutexLock lock(mutex_);
  return (stopped_ ? stopped_->now : base_.Now()) + offset_;
}

AdjustableClock::WallTimePoint AdjustableClock::WallTime() const {
  if (!adjusted_.load(std::memory_order_acquire)) return base_.WallTime();
  const base::MutexLock lock(mutex_);
  return WallTimeLocked();
}

AdjustableClock::WallTimePoint AdjustableClock::WallTimeLocked() const {
  return (stopped_ ? stopped_->wall : base_.WallTime()) + offset_;
}

Status AdjustableClock::Adjust(const Change& change) {
  const base::MutexLock lock(mutex_);
  if (change.real) {
    offset_ = offset_.zero();
    stopped_.reset();
    adjusted_.store(false, std::memory_order_release);
    return Status();
  }
  const WallTimePoint from = change.now.value_or(WallTimeLocked());
  if (from < kFirst || from >= kEnd || change.advance < change.advance.zero() ||
      change.advance >= kEnd - from) {
    return OutOfRangeError("the time must be from 1970-01-01 to 2199-12-31");
  }
  const bool frozen = change.frozen.value_or(stopped_.has_value());
  // The two clocks are not read at one instant: a clock that stays frozen keeps its reading, so
  // that it advances exactly.
  const Stopped base =
      frozen && stopped_ ? *stopped_ : Stopped{.now = base_.Now(), .wall = base_.WallTime()};
  offset_ = from + change.advance - base.wall;
  stopped_ = frozen ? std::optional(base) : std::nullopt;
  adjusted_.store(true, std::memory_order_release);
  return Status();
}

AdjustableClock::Reading AdjustableClock::Read() const {
  const base::MutexLock lock(mutex_);
  return {.now = WallTimeLocked(), .frozen = stopped_.has_value(), .real = !adjusted_};
}

}  // namespace tql::engine
