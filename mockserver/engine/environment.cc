#include "mockserver/engine/environment.h"

#include <array>
#include <cstdint>

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
  std::string NewGuid() override {
    std::array<std::uint64_t, 2> bits;
    {
      const base::MutexLock lock(mutex_);
      bits = {engine_(), engine_()};
    }
    bits[0] = (bits[0] & ~std::uint64_t{0xF000}) | 0x4000;                     // version 4
    bits[1] = (bits[1] & ~(std::uint64_t{3} << 62)) | std::uint64_t{1} << 63;  // variant 1
    return Text(bits);
  }

 private:
  static std::string Text(const std::array<std::uint64_t, 2>& bits) {
    std::string text = base::Hex(bits[0]) + base::Hex(bits[1]);
    for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
    return text;
  }

  base::Mutex mutex_;
  std::mt19937_64 engine_ TQL_GUARDED_BY(mutex_) = base::SeededGenerator();
};

}  // namespace

const Clock& SystemClock() {
  static const OperatingSystemClock clock;
  return clock;
}

GuidSource& RandomGuidSource() {
  static RandomGuids guids;
  return guids;
}

}  // namespace tql::engine
