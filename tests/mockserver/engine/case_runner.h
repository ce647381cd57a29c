// Runs the case files of tests/data/engine; see README.md there for the format.
#ifndef TQLKIT_TESTS_MOCKSERVER_ENGINE_CASE_RUNNER_H_
#define TQLKIT_TESTS_MOCKSERVER_ENGINE_CASE_RUNNER_H_

#include <memory>
#include <string>

#include "mockserver/engine/engine.h"
#include "tests/support/engine_cases.h"

namespace tql::engine {

using Case = testing::EngineCase;

/// Guids in sequence: 00000000-0000-4000-8000-000000000001 and so on.
class CountingGuids : public GuidSource {
 public:
  std::string NewGuid(std::int64_t id) override;
  void Restart() { count_ = 0; }

 private:
  std::uint64_t count_ = 0;
};

/// A clock that does not advance unless a case sets it.
class CaseClock : public Clock {
 public:
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return time_; }
  /// Parses "2020-01-01 10:00:00"; returns false for other formats.
  bool Set(const std::string& text);

 private:
  std::chrono::system_clock::time_point time_;
};

/// An engine with a database in memory and a session shared by the cases of one file.
class CaseRunner {
 public:
  CaseRunner();
  /// Runs one case and returns its result in the notation of the files.
  std::string Run(const Case& c);

 private:
  CountingGuids guids_;
  CaseClock clock_;
  std::unique_ptr<Engine> engine_;
  Context context_;
};

}  // namespace tql::engine

#endif  // TQLKIT_TESTS_MOCKSERVER_ENGINE_CASE_RUNNER_H_
