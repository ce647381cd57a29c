#include "mockserver/dialect/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/base/utf8.h"

namespace tql::dialect {
namespace {

using testing::ElementsAre;

std::vector<std::string> Tokens(std::string_view text) {
  std::vector<std::string> out;
  Lexer lexer(text);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    out.emplace_back(text.substr(token.begin, token.end - token.begin));
    if (token.kind == TokenKind::kError) {
      out.back() += " !";
      break;
    }
  }
  return out;
}

TokenKind Kind(std::string_view text) { return Lexer(text).Next().kind; }
LexError Error(std::string_view text) { return Lexer(text).Next().error; }

TEST(Lexer, Words) {
  EXPECT_THAT(Tokens("select _a a1\tB\r\nc_2"), ElementsAre("select", "_a", "a1", "B", "c_2"));
  EXPECT_EQ(Lexer("SeLeCt").Next().keyword, Keyword::K_select);
  EXPECT_EQ(Lexer("selects").Next().keyword, Keyword::kNone);
  EXPECT_EQ(Lexer("\"select\"").Next().keyword, Keyword::kNone);
}

TEST(Lexer, Quotes) {
  EXPECT_THAT(Tokens(R"("a.b"."c""d" 'it''s' '' '\')"),
              ElementsAre("\"a.b\"", ".", "\"c\"\"d\"", "'it''s'", "''", "'\\'"));
  EXPECT_EQ(Unquote("\"c\"\"d\""), "c\"d");
  EXPECT_EQ(Unquote("''''"), "'");
  EXPECT_EQ(Unquote("''"), "");
  EXPECT_EQ(Unquote("'a'''"), "a'");
}

TEST(Lexer, Numbers) {
  for (const char* text : {"0", "123", "00"}) EXPECT_EQ(Kind(text), TokenKind::kInteger) << text;
  for (const char* text : {"1.5", ".5", "1.", "1e3", "1E+3", "1.5e-3"}) {
    EXPECT_EQ(Kind(text), TokenKind::kDecimal) << text;
    EXPECT_EQ(Tokens(text).size(), 1U) << text;
  }
  EXPECT_EQ(Error("12abc"), LexError::kDigitsThenWord);
  EXPECT_EQ(Error("1e"), LexError::kDigitsThenWord);
  EXPECT_EQ(Error("1.2.3"), LexError::kBadNumber);
  EXPECT_EQ(Error("1.2e"), LexError::kBadNumber);
}

TEST(Lexer, Operators) {
  EXPECT_THAT(Tokens("a<=b<>c!=d||e>=f<g>h=i+j-k*l/m%n"),
              ElementsAre("a", "<=", "b", "<>", "c", "!=", "d", "||", "e", ">=", "f", "<", "g", ">",
                          "h", "=", "i", "+", "j", "-", "k", "*", "l", "/", "m", "%", "n"));
  EXPECT_THAT(Tokens("(),;.[]"), ElementsAre("(", ")", ",", ";", ".", "[", "]"));
}

TEST(Lexer, Comments) {
  EXPECT_THAT(Tokens("a--b\nc/*d*/e /* -- */ f -- /*"), ElementsAre("a", "c", "e", "f"));
  EXPECT_THAT(Tokens("/* /* */ a */"), ElementsAre("a", "*", "/"));
  EXPECT_THAT(Tokens("/**/a/***/b/*/*/c"), ElementsAre("a", "b", "c"));
}

TEST(Lexer, ErrorPositions) {
  EXPECT_THAT(Tokens("a 'b"), ElementsAre("a", "'b !"));
  EXPECT_THAT(Tokens("a \"b"), ElementsAre("a", "\"b !"));
  EXPECT_THAT(Tokens("a /* b"), ElementsAre("a", "/* b !"));
  EXPECT_THAT(Tokens("a 'b''"), ElementsAre("a", "'b'' !"));
  EXPECT_THAT(Tokens("a \xC3\xB6 b"), ElementsAre("a", "\xC3\xB6 !"));
  EXPECT_EQ(Error("?"), LexError::kPlaceholder);
  EXPECT_EQ(Error("\"\""), LexError::kEmptyName);
  EXPECT_EQ(Error(std::string_view("\0", 1)), LexError::kNul);
  EXPECT_EQ(Error("\x80"), LexError::kNotUtf8);
  EXPECT_EQ(Error("!"), LexError::kBadCharacter);
  EXPECT_EQ(
      DescribeLexError("\x01", Lexer("\x01").Next()),
      "the character U+0001 may stand only in a string, a comment or a quoted name (\"...\")");
}

TEST(Utf8, AcceptsOnlyValidSequences) {
  for (const char* good : {"a", "\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(base::Utf8Length(good, 0), std::string_view(good).size());
    EXPECT_EQ(CheckText(good).kind, TokenKind::kEnd);
  }
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2z", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE1\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_EQ(base::Utf8Length(bad, 0), 0U);
    const std::string text = "0123456789" + std::string(bad);
    EXPECT_EQ(CheckText(text).error, LexError::kNotUtf8);
    EXPECT_EQ(CheckText(text).begin, 10U);
  }
}

TEST(Utf8, FindsInvalidByteAtEveryOffset) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '\0';
    EXPECT_EQ(CheckText(text).begin, at);
    EXPECT_EQ(CheckText(text).error, LexError::kNul);
    text[at] = '\x7F';
    EXPECT_EQ(CheckText(text).kind, TokenKind::kEnd);
  }
}

}  // namespace
}  // namespace tql::dialect
