// Runs the records of a sqllogictest file against a TQL service.
#ifndef TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_
#define TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_

#include <map>
#include <string>
#include <vector>

#include "tests/sqllogictest/test_file.h"
#include "tql/client.h"

namespace tql::slt {

/// A value of a result in the notation of the files: an integer, a real with three digits, or a
/// text; NULL, (empty), and @ for unprintable characters. A text in place of an integer is the
/// number at its beginning or else 0, as in SQLite; a boolean is 1 or 0.
std::string ValueText(char type, const Row& row, std::size_t column);
/// Sorts the values; `columns` of them form a row.
void Sort(SortMode mode, std::size_t columns, std::vector<std::string>& values);
/// "N values hashing to MD5".
std::string HashText(const std::vector<std::string>& values);

class Runner {
 public:
  /// The tables of the files are created in the client's database.
  explicit Runner(Client client) : client_(std::move(client)) {}

  /// Returns OK, or an error with the expected and the actual result.
  Status Run(const Record& record);

 private:
  Status RunQuery(const Record& record, const std::string& sql);

  Client client_;
  std::map<std::string, std::string> labels_;  // And the hashes of their results.
};

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_
