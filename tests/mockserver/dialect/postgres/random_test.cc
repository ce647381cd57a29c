// Random TQL statements that are also valid in PostgreSQL consist of the same words in the same
// order.
#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/printer.h"
#include "tests/mockserver/dialect/random_ast.h"

namespace tql::dialect {
namespace {

// Removes brackets and whitespace: precedence differs, and brackets that only group are not kept.
std::string Words(std::string text) {
  std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == ' '; });
  return text;
}

// PostgreSQL reads - -1 as 1, and (SELECT … LIMIT 1) ORDER BY a as one query.
bool IsReadOtherwise(const std::string& text) {
  return text.find("- -") != std::string::npos || text.find(") ORDER BY") != std::string::npos ||
         text.find(") LIMIT") != std::string::npos;
}

class RandomStatements : public testing::TestWithParam<StatementKind> {};

TEST_P(RandomStatements, BothParsersAgree) {
  int compared = 0;
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    const int depth = static_cast<int>(seed % 4);
    const std::string text = Print(RandomAst(seed).MakeStatement(GetParam(), depth));
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + text);
    const StatusOr<Statement> statement = ParsePostgresStatement(text, {.max_depth = 400});
    if (!statement.ok()) {  // E.g. a word that is reserved there, or TOP.
      EXPECT_NE(statement.status().place(), nullptr);
      continue;
    }
    const std::string printed = Print(*statement);
    const StatusOr<Statement> again = ParseStatement(printed, {.max_depth = 900});
    ASSERT_TRUE(again.ok()) << printed;
    ASSERT_EQ(Print(*again), printed);
    if (IsReadOtherwise(text)) continue;
    ASSERT_EQ(Words(printed), Words(text));
    ++compared;
  }
  EXPECT_GT(compared, 100);
}

INSTANTIATE_TEST_SUITE_P(Kinds, RandomStatements,
                         testing::Values(StatementKind::kSelect, StatementKind::kInsert,
                                         StatementKind::kUpdate, StatementKind::kDelete),
                         [](const auto& param_info) {
                           return std::string(StatementKindName(param_info.param));
                         });

}  // namespace
}  // namespace tql::dialect
