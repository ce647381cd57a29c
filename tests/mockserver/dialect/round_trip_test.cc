// Parsing a printed tree yields the same tree, for random trees of every statement.
#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "tests/mockserver/dialect/random_ast.h"

namespace tql::dialect {
namespace {

constexpr std::uint32_t kTrees = 400;  // Per kind of statement.
// Brackets added by the printer may add levels.
constexpr ParseOptions kDeep{.max_depth = 400};

class RoundTrip : public testing::TestWithParam<int> {
 protected:
  StatementKind kind() const { return static_cast<StatementKind>(GetParam()); }
};

TEST_P(RoundTrip, PrintAndParse) {
  for (std::uint32_t seed = 0; seed < kTrees; ++seed) {
    const Statement statement =
        RandomAst(seed).MakeStatement(kind(), /*depth=*/static_cast<int>(seed % 6));
    ASSERT_EQ(statement.kind(), kind());
    const std::string text = Print(statement);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + text);
    const StatusOr<Statement> parsed = ParseStatement(text, kDeep);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(Print(*parsed), text);
    ASSERT_TRUE(*parsed == statement);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryStatement, RoundTrip,
                         testing::Range(0, static_cast<int>(kStatementKindCount)),
                         [](const auto& param_info) {
                           std::string name(
                               StatementKindName(static_cast<StatementKind>(param_info.param)));
                           std::erase(name, ' ');
                           return name;
                         });

TEST(RoundTripOf, Expressions) {
  for (std::uint32_t seed = 0; seed < 10 * kTrees; ++seed) {
    const Expr expr = RandomAst(seed).MakeExpr(static_cast<int>(seed % 7));
    const std::string text = Print(expr);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + text);
    const StatusOr<Expr> parsed = ParseExpression(text, kDeep);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(Print(*parsed), text);
    ASSERT_TRUE(*parsed == expr);
  }
}

}  // namespace
}  // namespace tql::dialect
