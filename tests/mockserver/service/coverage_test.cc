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

bool Has(const std::vector<const StatementCoverage*>& rows, std::string_view statement,
         std::string_view clause) {
  return std::ranges::any_of(rows, [&](const StatementCoverage* row) {
    return row->statement == statement && row->clause == clause;
  });
}

TEST(CoverageTest, FindsTheClauseOfEachExample) {
  for (const StatementCoverage& entry : StatementsCovered()) {
    if (entry.support == Support::kRejected) continue;
    // A parsed USE does not tell whether it had the word DATABASE.
    if (entry.statement == "USE" && entry.clause == "DATABASE") continue;
    EXPECT_EQ(entry.features.empty(), entry.clause.empty()) << entry.example;
    const auto parsed = dialect::ParseStatement(entry.example);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_TRUE(Has(CoverageOf(*parsed), entry.statement, entry.clause)) << entry.example;
  }
}

TEST(CoverageTest, FindsNoOtherClauses) {
  const auto plain = dialect::ParseStatement("select id from sales");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(CoverageOf(*plain).size(), 1U);
  const auto update = dialect::ParseStatement("update sales set id = 1 where id in (select 2)");
  ASSERT_TRUE(update.ok());
  const auto rows = CoverageOf(*update);
  EXPECT_TRUE(Has(rows, "UPDATE", ""));
  EXPECT_TRUE(Has(rows, "SELECT", "sub-queries"));
  EXPECT_TRUE(Has(rows, "SELECT", "without FROM"));
  EXPECT_EQ(rows.size(), 3U);
}

}  // namespace
}  // namespace tql::service
