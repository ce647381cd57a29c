// The records of a sqllogictest file.
#ifndef TQLKIT_TESTS_SQLLOGICTEST_TEST_FILE_H_
#define TQLKIT_TESTS_SQLLOGICTEST_TEST_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tql/status.h"

namespace tql::slt {

enum class SortMode : std::uint8_t { kNone, kRows, kValues };

struct Record {
  enum class Kind : std::uint8_t { kStatementOk, kStatementError, kQuery };
  Kind kind = Kind::kStatementOk;
  int line = 0;
  std::string sql;
  // For a query:
  std::string types;  // One letter per column: I, R or T.
  SortMode sort = SortMode::kNone;
  std::string label;                  // Queries with the same label have the same result.
  std::vector<std::string> expected;  // Values, or a single "N values hashing to MD5".
};

/// Omits records that do not apply to the database `engine` (skipif, onlyif); `halt` ends the file.
/// Ignores hash-threshold, which concerns writers of files. Returns INVALID_ARGUMENT with "line N:
/// why" for an invalid file.
StatusOr<std::vector<Record>> ReadTestFile(const std::string& path, const std::string& engine);

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_TEST_FILE_H_
