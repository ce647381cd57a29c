// All ways of converting a value to another type yield the same result.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/mockserver/engine/case_runner.h"
#include "tests/support/test_data.h"

namespace tql::engine {
namespace {

struct Conversion {
  int line = 0;
  std::string from, value, to, expected;
  bool constant_only = false;
};

std::vector<std::string> Fields(const std::string& line) {
  constexpr std::string_view kSeparator = " | ";
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = line.find(kSeparator, begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string::npos) return fields;
    begin = end + kSeparator.size();
  }
}

std::vector<Conversion> ReadConversions() {
  std::ifstream file(TestData("engine/conversions.txt"));
  std::vector<Conversion> conversions;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.starts_with("#")) continue;
    const std::vector<std::string> fields = Fields(line);
    EXPECT_GE(fields.size(), 4U) << "line " << number;
    conversions.push_back(
        {number, fields.at(0), fields.at(1), fields.at(2), fields.at(3), fields.size() > 4});
  }
  return conversions;
}

class ConversionWaysTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Do("create database d");
    Do("use d");
  }
  std::string Run(const std::string& statement) {
    return runner_.Run({.line = 1, .settings = {}, .statement = statement + ";", .expected = ""});
  }
  void Do(const std::string& statement) {
    const std::string answer = Run(statement);
    ASSERT_TRUE(answer.ends_with("ok\n")) << statement << "\n" << answer;
  }
  /// Returns the only cell of `query` after running `statements`, or "error" if one of them fails.
  std::string Value(const std::vector<std::string>& statements, const std::string& query) {
    for (const std::string& statement : statements) {
      if (Run(statement).find("error: ") != std::string::npos) return "error";
    }
    const std::string answer = Run(query);
    if (answer.find("error: ") != std::string::npos) return "error";
    const std::size_t begin = answer.find('\n') + 1;
    return answer.substr(begin, answer.find('\n', begin) - begin);
  }

  CaseRunner runner_;
};

TEST_F(ConversionWaysTest, AllConversionsAgree) {
  const std::vector<Conversion> conversions = ReadConversions();
  ASSERT_GT(conversions.size(), 100U);
  for (const Conversion& c : conversions) {
    // A number is its own constant; constants of other types are CASTs of the text.
    const bool literal = c.from == "int" || c.from == "bigint" || c.from == "double" ||
                         c.from == "bool" || c.from == "varchar";
    const std::string constant = literal ? c.value : "cast(" + c.value + " as " + c.from + ")";
    const std::string from = c.from == "varchar" ? "varchar(0)" : c.from;
    Do("create table source (v " + from + ")");
    Do("insert into source values (" + c.value + ")");
    Do("create table target (v " + c.to + ")");
    Do("create table both_types (f " + from + ", v " + c.to + ")");
    Do("insert into both_types (f) values (" + c.value + ")");
    const std::string read = "select v from target";
    const std::string to = " as " + c.to + ")";
    const std::string constants = c.expected;
    const std::string columns = c.constant_only ? "error" : c.expected;
    const auto place = [&](const char* way) {
      return "conversions.txt:" + std::to_string(c.line) + ": " + way;
    };
    EXPECT_EQ(constants, Value({"insert into target values (" + constant + ")"}, read))
        << place("INSERT of a constant");
    Do("truncate table target");
    EXPECT_EQ(constants, Value({"insert into target select " + constant}, read))
        << place("INSERT … SELECT of a constant");
    Do("truncate table target");
    Do("insert into target values (null)");
    EXPECT_EQ(constants, Value({"update target set v = " + constant}, read))
        << place("UPDATE with a constant");
    EXPECT_EQ(constants, Value({}, "select cast(" + constant + to)) << place("CAST of a constant");
    Do("truncate table target");
    EXPECT_EQ(columns, Value({"insert into target select v from source"}, read))
        << place("INSERT … SELECT of a column");
    Do("truncate table target");
    EXPECT_EQ(columns,
              Value({"insert into target select distinct v from source order by v limit 1"}, read))
        << place("INSERT … SELECT DISTINCT of a column");
    EXPECT_EQ(columns, Value({"update both_types set v = f"}, "select v from both_types"))
        << place("UPDATE with a column");
    EXPECT_EQ(columns, Value({}, "select cast(v" + to + " from source"))
        << place("CAST of a column");
    EXPECT_EQ(columns,
              Value({"alter table source modify column v " + c.to}, "select v from source"))
        << place("MODIFY COLUMN");
    for (const char* table : {"source", "target", "both_types"}) {
      Do(std::string("drop table ") + table);
    }
  }
}

}  // namespace
}  // namespace tql::engine
