// Reads the case files of tests/data/dialect; see README.md there for the format.
#ifndef TQLKIT_TESTS_MOCKSERVER_DIALECT_CASE_FILE_H_
#define TQLKIT_TESTS_MOCKSERVER_DIALECT_CASE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

namespace tql::dialect {

struct Case {
  std::string file;
  int line = 0;
  std::string title;
  std::string input;
  std::string canonical;  // The input itself unless the file gives another text.
  std::string error;      // "line:column message"; empty if the input is valid.
};

/// Returns the contents of a file; aborts the test program if it cannot be read.
std::string ReadData(std::string_view name);

std::vector<Case> ReadCases(std::string_view name);

}  // namespace tql::dialect

#endif  // TQLKIT_TESTS_MOCKSERVER_DIALECT_CASE_FILE_H_
