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
  // Of a query:
  std::string types;  // a letter a column: I, R or T
  SortMode sort = SortMode::kNone;
  std::string label;                  // queries of one label have one result
  std::vector<std::string> expected;  // values; or a single "N values hashing to MD5"
};

/// Records that are not for the database `engine` (skipif, onlyif) are left out; `halt` ends the
/// file. hash-threshold is for those who write files: it is passed over. INVALID_ARGUMENT with
/// "line N: why" for what is no sqllogictest file.
StatusOr<std::vector<Record>> ReadTestFile(const std::string& path, const std::string& engine);

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_TEST_FILE_H_
