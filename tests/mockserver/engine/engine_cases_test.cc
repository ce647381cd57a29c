// Statements and their answers, from the files of tests/data/engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/mockserver/engine/case_runner.h"

namespace tql::engine {
namespace {

std::vector<std::string> Files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(TQLKIT_TEST_DATA "/engine")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class EngineCasesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(EngineCasesTest, EveryStatementAnswersAsExpected) {
  CaseRunner runner;
  const std::vector<Case> cases = ReadCases(GetParam());
  ASSERT_FALSE(cases.empty());
  for (const Case& c : cases) {
    EXPECT_EQ(c.expected, runner.Run(c)) << GetParam() << ':' << c.line << "\n" << c.statement;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, EngineCasesTest, ::testing::ValuesIn(Files()),
                         [](const auto& file) {
                           return std::filesystem::path(file.param).stem().string();
                         });

}  // namespace
}  // namespace tql::engine
