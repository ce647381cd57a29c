#include "tests/sqllogictest/test_file.h"

#include <fstream>
#include <sstream>

namespace tql::slt {
namespace {

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

class Reader {
 public:
  Reader(std::istream& in, std::string engine) : in_(in), engine_(std::move(engine)) {}

  StatusOr<std::vector<Record>> ReadAll() {
    while (!halted_ && NextLine()) {
      if (line_.empty() || line_[0] == '#') continue;
      if (Status status = ReadRecord(); !status.ok()) return status;
    }
    return std::move(records_);
  }

 private:
  bool NextLine() {
    if (!std::getline(in_, line_)) return false;
    if (line_.ends_with('\r')) line_.pop_back();
    ++number_;
    return true;
  }
  Status Bad(const std::string& why) const {
    return InvalidArgumentError("line " + std::to_string(number_) + ": " + why + ", found \"" +
                                line_ + '"');
  }

  Status ReadRecord() {
    bool wanted = true;
    std::vector<std::string> words = Words(line_);
    while (words[0] == "skipif" || words[0] == "onlyif") {
      if (words.size() < 2) return Bad("expected the name of a database");
      wanted = wanted && (words[1] == engine_) == (words[0] == "onlyif");
      if (!NextLine() || (words = Words(line_)).empty()) return Bad("expected a record");
    }
    if (words[0] == "halt") {
      halted_ = wanted;
      return {};
    }
    if (words[0] == "hash-threshold") return {};
    Record record;
    record.line = number_;
    Status status;
    if (words[0] == "statement") {
      status = ReadStatement(words, record);
    } else if (words[0] == "query") {
      status = ReadQuery(words, record);
    } else {
      return Bad("expected statement, query, hash-threshold, skipif, onlyif or halt");
    }
    if (status.ok() && wanted) records_.push_back(std::move(record));
    return status;
  }

  Status ReadStatement(const std::vector<std::string>& words, Record& record) {
    if (words.size() < 2 || (words[1] != "ok" && words[1] != "error")) {
      return Bad("expected statement ok or statement error");
    }
    record.kind = words[1] == "ok" ? Record::Kind::kStatementOk : Record::Kind::kStatementError;
    while (NextLine() && !line_.empty()) record.sql += line_ + '\n';
    return record.sql.empty() ? Bad("expected a statement") : Status();
  }

  Status ReadQuery(const std::vector<std::string>& words, Record& record) {
    record.kind = Record::Kind::kQuery;
    if (words.size() < 2 || words[1].find_first_not_of("IRT") != std::string::npos) {
      return Bad("expected the types of the columns, letters of I, R and T");
    }
    record.types = words[1];
    if (words.size() > 2) {
      if (words[2] == "rowsort") {
        record.sort = SortMode::kRows;
      } else if (words[2] == "valuesort") {
        record.sort = SortMode::kValues;
      } else if (words[2] != "nosort") {
        return Bad("expected nosort, rowsort or valuesort");
      }
    }
    if (words.size() > 3) record.label = words[3];
    while (NextLine() && !line_.empty() && line_ != "----") record.sql += line_ + '\n';
    if (record.sql.empty()) return Bad("expected a query");
    if (line_ == "----") {
      while (NextLine() && !line_.empty()) record.expected.push_back(line_);
    }
    return {};
  }

  std::istream& in_;
  const std::string engine_;
  std::string line_;
  int number_ = 0;
  bool halted_ = false;
  std::vector<Record> records_;
};

}  // namespace

StatusOr<std::vector<Record>> ReadTestFile(const std::string& path, const std::string& engine) {
  std::ifstream in(path);
  if (!in) return NotFoundError("cannot read " + path);
  return Reader(in, engine).ReadAll();
}

}  // namespace tql::slt
