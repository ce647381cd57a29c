// The case files of tests/data/engine; README.md there says how they look.
#ifndef TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_
#define TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_

#include <string>
#include <vector>

namespace tql::testing {

struct EngineCase {
  int line = 0;  // of its first line in the file
  std::vector<std::string> settings;
  std::string statement;
  std::string expected;
};

/// Stops the test program when the file cannot be read or is no case file.
std::vector<EngineCase> ReadCases(const std::string& path);
/// The paths of all of them, in order.
std::vector<std::string> EngineCaseFiles();

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_
