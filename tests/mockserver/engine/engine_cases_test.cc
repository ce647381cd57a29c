// Runs the statements of the files in tests/data/engine and compares their results.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/mockserver/engine/case_runner.h"

namespace tql::engine {
namespace {

class EngineCasesTest : public ::testing::TestWithParam<std::string> {};

TEST_P(EngineCasesTest, Cases) {
  CaseRunner runner;
  const std::vector<Case> cases = testing::ReadCases(GetParam());
  ASSERT_FALSE(cases.empty());
  for (const Case& c : cases) {
    EXPECT_EQ(c.expected, runner.Run(c)) << GetParam() << ':' << c.line << "\n" << c.statement;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, EngineCasesTest, ::testing::ValuesIn(testing::EngineCaseFiles()),
                         [](const auto& file) {
                           return std::filesystem::path(file.param).stem().string();
                         });

}  // namespace
}  // namespace tql::engine
