// The case files of tests/data/engine; see README.md there for the format.
#ifndef TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_
#define TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace tql::testing {

struct EngineCase {
  int line = 0;  // The number of its first line in the file.
  std::vector<std::string> settings;
  std::string statement;
  std::string expected;
};

/// Aborts the test program if the file is invalid or cannot be read.
std::vector<EngineCase> ReadCases(const std::string& path);
/// Convert the value of a setting.
inline void ReadValue(const std::string& text, bool* value) { *value = text == "true"; }
inline void ReadValue(const std::string& text, std::int64_t* value) { *value = std::stoll(text); }
inline void ReadValue(const std::string& text, std::string* value) { *value = text; }
/// The sorted paths of all case files.
std::vector<std::string> EngineCaseFiles();

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_ENGINE_CASES_H_
