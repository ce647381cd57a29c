#include "mockserver/dialect/literal_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/lexer.h"

namespace tql::dialect {
namespace {

/// The literals of the text with their kinds, or "none" if it is not scanned.
std::string Scanned(std::string_view text) {
  const auto scanned = ScanLiterals(text);
  if (!scanned) return "none";
  std::string out;
  for (const ScannedLiteral& literal : scanned->literals) {
    out += literal.kind == LiteralKind::kInteger   ? "i:"
           : literal.kind == LiteralKind::kDecimal ? "d:"
                                                   : "s:";
    out.append(literal.In(text)).append(" ");
  }
  return out;
}

TEST(LiteralScanTest, FindsNumbersAndStrings) {
  EXPECT_EQ(Scanned("select a1, 12, 'x' from t2 where b = -3.5 and c = 'it''s'"),
            "i:12 s:'x' d:3.5 s:'it''s' ");
  EXPECT_EQ(Scanned(R"(select "12 'x'" from t where a in (1,.5,2.,1e3,1E-3))"),
            "i:1 d:.5 d:2. d:1e3 d:1E-3 ");
  EXPECT_EQ(Scanned("select '-- no comment' || '/*'"), "s:'-- no comment' s:'/*' ");
}

TEST(LiteralScanTest, LeavesOutWhatIsRareOrInvalid) {
  for (const std::string_view text :
       {"select 1 -- c", "select /* c */ 1", "select 'open", "select \"open", "select 12abc",
        "select 1.2.3", "select 1e", "select 1e+"}) {
    EXPECT_EQ(Scanned(text), "none") << text;
  }
  EXPECT_EQ(Scanned(std::string("select 1 \0", 10)), "none");
  EXPECT_EQ(Scanned("select '" + std::string(kMaxScannedBytes, 'x') + "'"), "none");
}

/// The literals of valid texts are those of the lexer.
TEST(LiteralScanTest, AgreesWithTheLexer) {
  std::size_t scanned_texts = 0;
  for (const std::string text :
       {"select top 3 a, b as \"x y\" from d.s.t where a >= 10 and b <> 'it''s' or c = .5e-3;",
        "insert into t values (1, -2.5, 'a', null, true), (.1, 2., '''', '', 1e10)",
        "select 'a' 'b', 1+2*3/4%5, a||'x' from t2,t3 where a1=1 and b between 2 and 3 limit 4"}) {
    const auto scanned = ScanLiterals(text);
    ASSERT_TRUE(scanned) << text;
    ++scanned_texts;
    Lexer lexer(text);
    std::size_t count = 0;
    for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
      ASSERT_NE(token.kind, TokenKind::kError) << text;
      const bool literal = token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal ||
                           token.kind == TokenKind::kString;
      if (!literal) continue;
      ASSERT_LT(count, scanned->literals.size()) << text;
      EXPECT_EQ(scanned->literals[count].begin, token.begin);
      EXPECT_EQ(scanned->literals[count].end, token.end);
      ++count;
    }
    EXPECT_EQ(count, scanned->literals.size()) << text;
  }
  EXPECT_EQ(scanned_texts, 3U);
}

bool SameShape(std::string_view a, std::string_view b) {
  const auto x = ScanLiterals(a);
  const auto y = ScanLiterals(b);
  return x && y && x->SameShape(*y) && y->SameShape(*x);
}

TEST(LiteralScanTest, ComparesShapes) {
  EXPECT_TRUE(SameShape("select 1 from t where a = 'x'", "select 22 from t where a = ''"));
  EXPECT_FALSE(SameShape("select 1", "select 1.0"));
  EXPECT_FALSE(SameShape("select 1", "select '1'"));
  EXPECT_FALSE(SameShape("select 1", "select  1"));
  EXPECT_FALSE(SameShape("select 1", "select 1;"));
  EXPECT_FALSE(SameShape("select 1, 2", "select 1, 2, 3"));
  EXPECT_FALSE(SameShape("select a from t where b = 1", "select a from u where b = 1"));
  EXPECT_FALSE(SameShape("select 'a', b", "select 'a, b'"));
}

}  // namespace
}  // namespace tql::dialect
