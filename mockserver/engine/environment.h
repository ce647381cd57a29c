// The time and random identifiers that the server depends on, as interfaces that tests can replace
// by deterministic ones.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
#define TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_

#include <chrono>
#include <string>

namespace tql::engine {

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// For deadlines and the expiry of sessions.
  virtual std::chrono::steady_clock::time_point Now() const = 0;
  /// For timestamps that are shown.
  virtual std::chrono::system_clock::time_point WallTime() const = 0;
};

/// Thread-safe.
class GuidSource {
 public:
  virtual ~GuidSource() = default;
  /// Returns a new version 4 UUID, e.g. "1face894-021b-44c7-af14-55099a196c19".
  virtual std::string NewGuid() = 0;
};

/// The clocks and random numbers of the operating system. They exist until the program ends.
const Clock& SystemClock();
GuidSource& RandomGuidSource();

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
