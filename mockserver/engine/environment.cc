#include "mockserver/engine/environment.h"

#include "proto/base/mutex.h"
#include "proto/base/random.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

class OperatingSystemClock : public Clock {
 public:
  TimePoint Now() const override { return TimePoint(MachineClock::now().time_since_epoch()); }
  std::chrono::system_clock::time_point WallTime() const override {
    return std::chrono::system_clock::now();
  }
};

class RandomGuids : public GuidSource {
 public:
  std::string NewGuid(std::int64_t /*id*/) override {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    {
      const base::MutexLock lock(mutex_);
      high = engine_();
      low = engine_();
    }
    return GuidOf(high, low);
  }

 private:
  base::Mutex mutex_;
  std::mt19937_64 engine_ TQL_GUARDED_BY(mutex_) = base::SeededGenerator();
};

}  // namespace

std::string GuidOf(std::uint64_t high, std::uint64_t low) {
  constexpr std::uint64_t kVersion = 0xF000;
  constexpr std::uint64_t kVariant = std::uint64_t{3} << 62U;
  std::string text = base::Hex((high & ~kVersion) | 0x4000U) +
                     base::Hex((low & ~kVariant) | std::uint64_t{1} << 63U);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

const Clock& SystemClock() {
  static const OperatingSystemClock clock;
  return clock;
}

GuidSource& RandomGuidSource() {
  static RandomGuids guids;
  return guids;
}

}  // namespace tql::engine
