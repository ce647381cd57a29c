#include "tools/tql/quoted_text.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

/// Returns the text and what follows it.
std::string Escaped(std::string_view text) {
  const std::string_view before = text;
  const std::optional<std::string> plain = TakeEscaped(&text);
  if (plain) return *plain + "|" + std::string(text);
  EXPECT_EQ(text, before);
  return "wrong";
}

// PostgreSQL 15 returns the same for SELECT E'…'.
TEST(QuotedTextTest, PostgresEscapes) {
  EXPECT_EQ(Escaped("E'a' rest"), "a| rest");
  EXPECT_EQ(Escaped(R"(e'\b\f\n\r\t')"), "\b\f\n\r\t|");
  EXPECT_EQ(Escaped(R"(E'\101\60\7x')"), "A0\x07x|");
  EXPECT_EQ(Escaped(R"(E'\x41\x7z\xg')"), "A\x07zxg|");
  EXPECT_EQ(Escaped(R"(E'\u00e9\U0001F600')"), "é\U0001F600|");
  EXPECT_EQ(Escaped(R"(E'\\\'''\q')"), R"(\''q|)");
  EXPECT_EQ(Escaped(R"(E'')"), "|");
  EXPECT_EQ(Escaped(R"(E'\303\251')"), "é|");
}

TEST(QuotedTextTest, RejectsInvalidText) {
  for (const char* text : {"E'a", R"(E'a\')", R"(E'\u12')", R"(E'\U00110000')", R"(E'\ud800')",
                           R"(E'\0')", R"(E'\xff')", "E'"}) {
    EXPECT_EQ(Escaped(text), "wrong") << text;
  }
}

}  // namespace
}  // namespace tql::shell
