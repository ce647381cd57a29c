#include "mockserver/service/coverage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mockserver/dialect/parser.h"

namespace tql::service {
namespace {

std::vector<std::string> StatementNames() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dialect::kStatementKindCount; ++i) {
    names.emplace_back(dialect::StatementKindName(static_cast<dialect::StatementKind>(i)));
  }
  return names;
}

TEST(CoverageTest, CoversStatements) {
  for (const std::string& name : StatementNames()) {
    EXPECT_TRUE(std::ranges::any_of(StatementsCovered(), [&](const auto& entry) {
      return entry.statement == name;
    })) << name;
  }
}

TEST(CoverageTest, ExamplesMatchTheirKind) {
  const std::vector<std::string> names = StatementNames();
  for (const StatementCoverage& entry : StatementsCovered()) {
    const auto parsed = dialect::ParseStatement(entry.example);
    if (entry.support != Support::kRejected) {
      ASSERT_TRUE(parsed.ok()) << entry.example << ": " << parsed.status();
    }
    if (parsed.ok()) {
      EXPECT_EQ(dialect::StatementKindName(parsed->kind()), entry.statement);
    }
    // Statements that TQL does not have can only be rejected.
    if (std::ranges::find(names, entry.statement) == names.end()) {
      EXPECT_EQ(entry.support, Support::kRejected) << entry.statement;
      EXPECT_FALSE(parsed.ok()) << entry.example;
    }
  }
}

}  // namespace
}  // namespace tql::service
