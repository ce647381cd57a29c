#include "tools/tql/copy_value.h"

#include <gtest/gtest.h>

namespace tql::shell {
namespace {

/// The literal, or what is wrong.
std::string Literal(std::string_view text, ColumnType type, bool quoted = false,
                    std::string_view null_text = "") {
  std::string out = "(";
  const std::string mistake = AppendLiteral({text, quoted}, type, null_text, &out);
  if (mistake.empty()) return out.substr(1);
  EXPECT_EQ(out, "(");
  return mistake;
}

TEST(CopyValueTest, NullIsAFieldWithoutQuotes) {
  for (const ColumnType type : {ColumnType::kVarchar, ColumnType::kInt, ColumnType::kDate}) {
    EXPECT_EQ(Literal("", type), "null");
    EXPECT_EQ(Literal("\\N", type, false, "\\N"), "null");
  }
  EXPECT_EQ(Literal("", ColumnType::kVarchar, true), "''");
  EXPECT_EQ(Literal("", ColumnType::kVarchar, false, "\\N"), "''");
  EXPECT_EQ(Literal("\\N", ColumnType::kVarchar, true, "\\N"), "'\\N'");
  EXPECT_EQ(Literal("", ColumnType::kDouble, true), "found '', expected a number");
}

TEST(CopyValueTest, Texts) {
  EXPECT_EQ(Literal("it's \\ \"é\"\n;", ColumnType::kVarchar), "'it''s \\ \"é\"\n;'");
  EXPECT_EQ(Literal("'", ColumnType::kUnknown), "''''");
  EXPECT_EQ(Literal("2020-01-31 23:59:59", ColumnType::kDateTime), "'2020-01-31 23:59:59'");
}

TEST(CopyValueTest, WholeNumbers) {
  EXPECT_EQ(Literal(" +007 ", ColumnType::kInt), "7");
  EXPECT_EQ(Literal("-2147483648", ColumnType::kInt), "-2147483648");
  EXPECT_EQ(Literal("2147483648", ColumnType::kInt),
            "found '2147483648', expected a whole number from -2147483648 to 2147483647");
  EXPECT_EQ(Literal("-9223372036854775808", ColumnType::kBigInt), "-9223372036854775808");
  for (const char* text : {"9223372036854775808", "1.0", "", "1 2", "+-1", "0x1"}) {
    EXPECT_EQ(Literal(text, ColumnType::kBigInt, true),
              "found '" + std::string(text) + "', expected a whole number of 64 bits");
  }
}

TEST(CopyValueTest, OtherNumbersStayAsTheyAreWritten) {
  for (const char* text : {"0.1", "-1.7976931348623157e+308", "2.2250738585072014E-308", "5."}) {
    EXPECT_EQ(Literal(text, ColumnType::kDouble), text);
  }
  EXPECT_EQ(Literal(" -.5", ColumnType::kFloat), "-0.5");
  for (const char* text : {"inf", "nan", "1e999", "1,5", "0x10", "-", "1;drop table t"}) {
    EXPECT_EQ(Literal(text, ColumnType::kDouble),
              "found '" + std::string(text) + "', expected a number");
  }
}

TEST(CopyValueTest, Booleans) {
  for (const char* text : {"true", "T", "yes", "1", "On"}) {
    EXPECT_EQ(Literal(text, ColumnType::kBool), "true");
  }
  for (const char* text : {"FALSE", "f", "n", "0", "off "}) {
    EXPECT_EQ(Literal(text, ColumnType::kBool), "false");
  }
  EXPECT_EQ(Literal("2", ColumnType::kBool), "found '2', expected true or false");
}

}  // namespace
}  // namespace tql::shell
