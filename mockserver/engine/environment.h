// What the server takes from the world: the time and fresh identifiers. Interfaces, so that a test
// can make both deterministic.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
#define TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_

#include <chrono>
#include <string>

namespace tql::engine {

/// Thread safety: every method may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// For deadlines and limits of sessions.
  virtual std::chrono::steady_clock::time_point Now() const = 0;
  /// For what is shown.
  virtual std::chrono::system_clock::time_point WallTime() const = 0;
};

/// Thread safety: every method may be called from any thread.
class GuidSource {
 public:
  virtual ~GuidSource() = default;
  /// A new version 4 UUID, "1face894-021b-44c7-af14-55099a196c19".
  virtual std::string NewGuid() = 0;
};

/// The operating system's clocks and random numbers. They live as long as the program.
const Clock& SystemClock();
GuidSource& RandomGuidSource();

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ENVIRONMENT_H_
