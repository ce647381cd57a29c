// The time and random identifiers that the server depends on, as interfaces that tests can replace
// by deterministic ones.
//
// The server's time, Clock::Now() and Clock::WallTime(), may be set, moved or stopped, in each
// namespace for itself. It is for sessions, for blocks after wrong passwords, and for all moments
// and durations that are shown in results and in journals.
//
// The machine's time, MachineClock, is for everything that somebody waits for: sockets, deadlines
// and timeouts of calls and statements, locks, times to live of namespaces, and parts of answers
// that are sent before the rest. It never stops, so that nothing hangs while the server's time
// stands still. Durations in the server's log are the machine's, too.
//
// The types of their moments differ, so that they cannot be compared or mixed by mistake.
// Code without a Clock, such as net/, storage/ and ALTER TABLE, which compares deadlines, uses
// std::chrono::steady_clock directly. system_clock::now() is for WallTime() and gRPC's interface.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
#define TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace tql::engine {

using MachineClock = std::chrono::steady_clock;

/// Thread-safe.
class Clock {
 public:
  using TimePoint = std::chrono::time_point<Clock, std::chrono::nanoseconds>;

  virtual ~Clock() = default;
  /// The server's time since some moment; for the expiry of sessions and durations that are shown.
  virtual TimePoint Now() const = 0;
  /// The server's date and time, for timestamps that are shown.
  virtual std::chrono::system_clock::time_point WallTime() const = 0;
  /// The machine's time. Only tests of what is sent after a while replace it.
  virtual MachineClock::time_point MachineNow() const { return MachineClock::now(); }
};

/// Thread-safe.
class GuidSource {
 public:
  virtual ~GuidSource() = default;
  /// Returns a version 4 UUID for the object with this id, e.g.
  /// "1face894-021b-44c7-af14-55099a196c19". The ids of a catalog are not used twice, except for
  /// objects whose creation failed.
  virtual std::string NewGuid(std::int64_t id) = 0;
};

/// Returns the version 4 UUID with these bits; those of version and variant are set.
std::string GuidOf(std::uint64_t high, std::uint64_t low);

/// The clocks and random numbers of the operating system. They exist until the program ends.
const Clock& SystemClock();
GuidSource& RandomGuidSource();

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
