// A clock that can be set, moved and stopped.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ADJUSTABLE_CLOCK_H_
#define TQLKIT_MOCKSERVER_ENGINE_ADJUSTABLE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <optional>

#include "mockserver/engine/environment.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::engine {

/// Runs with the clock that it is based on, at some distance from it, or stands still. Its
/// machine's time is that of the base. Thread safety: every method may be called from any thread.
class AdjustableClock : public Clock {
 public:
  using WallTimePoint = std::chrono::system_clock::time_point;

  /// Shows the time of `base`, which must outlive the clock.
  explicit AdjustableClock(const Clock& base) : base_(base) {}
  /// Shows the time of `other`, and stands still if it does. The base is the same.
  AdjustableClock(const AdjustableClock& other);
  AdjustableClock& operator=(const AdjustableClock&) = delete;

  TimePoint Now() const override;
  WallTimePoint WallTime() const override;
  MachineClock::time_point MachineNow() const override { return base_.MachineNow(); }

  /// The changes are made in the order of the members.
  struct Change {
    std::optional<WallTimePoint> now = std::nullopt;
    std::chrono::nanoseconds advance{0};
    std::optional<bool> frozen = std::nullopt;  // nullopt: as before
    bool real = false;  // the time of the base again, running; the others are not used
  };
  /// OUT_OF_RANGE, without a change, if the time would not be between 1970 and 2200.
  Status Adjust(const Change& change);

  struct Reading {
    WallTimePoint now;
    bool frozen = false;
    bool real = true;  // whether it shows the time of the base
  };
  Reading Read() const;

 private:
  /// The time of the base when this clock was stopped.
  struct Stopped {
    TimePoint now;
    WallTimePoint wall;
  };
  WallTimePoint WallTimeLocked() const TQL_REQUIRES(mutex_);

  const Clock& base_;
  std::atomic<bool> adjusted_ = false;  // false: the other members need not be read
  mutable base::Mutex mutex_;
  std::chrono::nanoseconds offset_ TQL_GUARDED_BY(mutex_){0};
  std::optional<Stopped> stopped_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ADJUSTABLE_CLOCK_H_
