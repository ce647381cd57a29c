// Runs the records of a sqllogictest file against a TQL service.
#ifndef TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_
#define TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_

#include <map>
#include <string>
#include <vector>

#include "tests/sqllogictest/test_file.h"
#include "tql/client.h"

namespace tql::slt {

/// The values of a result as a file has them: an integer, a real with three digits, a text; NULL,
/// (empty), and @ for what cannot be printed. A text where an integer is expected is the number it
/// begins with, else 0, as SQLite has it; a boolean is 1 or 0.
std::string ValueText(char type, const Row& row, std::size_t column);
/// Puts them in order; `columns` make a row.
void Sort(SortMode mode, std::size_t columns, std::vector<std::string>& values);
/// "N values hashing to MD5".
std::string HashText(const std::vector<std::string>& values);

class Runner {
 public:
  /// The client's database is what the tables of the files go to.
  explicit Runner(Client client) : client_(std::move(client)) {}

  /// OK, or what was expected and what came.
  Status Run(const Record& record);

 private:
  Status RunQuery(const Record& record, const std::string& sql);

  Client client_;
  std::map<std::string, std::string> labels_;  // and the hashes of their results
};

}  // namespace tql::slt

#endif  // TQLKIT_TESTS_SQLLOGICTEST_RUNNER_H_
