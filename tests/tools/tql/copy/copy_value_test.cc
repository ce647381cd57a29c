#include "tools/tql/copy/copy_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tql::shell {
namespace {

/// A column, and how the service would judge texts for it.
class Literals {
 public:
  explicit Literals(ColumnType type, std::vector<std::string> readable = {},
                    LiteralRules rules = {})
      : rules_(std::move(rules)),
        column_(type, rules_, [this, readable = std::move(readable)](std::string_view text) {
          ++asked_;
          return std::ranges::find(readable, text) != readable.end();
        }) {}
  Literals(const Literals&) = delete;
  Literals& operator=(const Literals&) = delete;

  /// Returns the literal or the error.
  std::string operator()(std::string_view text, bool quoted = false) {
    std::string out = "(";
    const std::string mistake = column_.Append({text, quoted}, &out);
    if (mistake.empty()) return out.substr(1);
    EXPECT_EQ(out, "(");
    return mistake;
  }
  int asked() const { return asked_; }

 private:
  const LiteralRules rules_;
  int asked_ = 0;
  ColumnLiterals column_;
};

std::string Literal(std::string_view text, ColumnType type, bool quoted = false,
                    std::string null_text = "") {
  return Literals(type, {}, {.null_text = std::move(null_text), .epochs = false})(text, quoted);
}

TEST(CopyValueTest, UnquotedNullTextIsNull) {
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

TEST(CopyValueTest, OtherNumbersAreUnchanged) {
  for (const char* text : {"0.1", "-1.7976931348623157e+308", "2.2250738585072014E-308", "5."}) {
    EXPECT_EQ(Literal(text, ColumnType::kDouble), text);
  }
  EXPECT_EQ(Literal(" -.5", ColumnType::kFloat), "-0.5");
  for (const char* text : {"1e999", "1,5", "0x10", "-", "1;drop table t", "inf'", "infin"}) {
    EXPECT_EQ(Literal(text, ColumnType::kDouble),
              "found '" + std::string(text) + "', expected a number");
  }
}

TEST(CopyValueTest, InfinityNanAndNegativeZero) {
  EXPECT_EQ(Literal("inf", ColumnType::kDouble), "'inf'");
  EXPECT_EQ(Literal("+Infinity", ColumnType::kFloat), "'inf'");
  EXPECT_EQ(Literal("-inf", ColumnType::kDouble), "'-inf'");
  EXPECT_EQ(Literal("NaN", ColumnType::kDouble), "'nan'");
  for (const char* text : {"-0", "-0.0", "-0e5", "-.0"}) {
    EXPECT_EQ(Literal(text, ColumnType::kDouble), "-0.0") << text;
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

TEST(CopyValueTest, HintWordsAreSentAsStrings) {
  Literals of_hint(ColumnType::kBool, {"0", "100", "f"});
  EXPECT_EQ(of_hint("0"), "'0'");
  EXPECT_EQ(of_hint(" 100 "), "'100'");
  EXPECT_EQ(of_hint("f"), "'f'");
  EXPECT_EQ(of_hint("F"), "false");
  EXPECT_EQ(of_hint("x"), "found 'x', expected true or false");
  EXPECT_EQ(of_hint.asked(), 5);
  EXPECT_EQ(of_hint("0"), "'0'");
  EXPECT_EQ(of_hint("true"), "true");
  EXPECT_EQ(of_hint(std::string(100000, '0')).substr(0, 9), "found '00");
  EXPECT_EQ(of_hint.asked(), 5);
}

// Seconds as printed by date -u -d TEXT +%s.
TEST(CopyValueTest, IsoDatesBecomeEpochs) {
  EXPECT_EQ(Literal("2024-05-12", ColumnType::kDate), "1715472000");
  EXPECT_EQ(Literal(" 2024-05-12 23:59:58 ", ColumnType::kDate), "1715472000");
  EXPECT_EQ(Literal("2024-05-12 23:59:58", ColumnType::kDateTime), "1715558398");
  EXPECT_EQ(Literal("2024-05-12", ColumnType::kDateTime), "1715472000");
  EXPECT_EQ(Literal("23:59:58", ColumnType::kTime), "86398");
  EXPECT_EQ(Literal("0001-01-01", ColumnType::kDate), "-62135596800");
  EXPECT_EQ(Literal("9999-12-31 23:59:59", ColumnType::kDateTime), "253402300799");
  EXPECT_EQ(Literal("1900-02-28", ColumnType::kDate), "-2203977600");
}

TEST(CopyValueTest, OtherDatesAreSentAsStrings) {
  for (const char* text :
       {"never", "31.12.2024", "2024-02-30", "1900-02-29", "0000-01-01", "2024-1-1", "24:00:00",
        "2024-01-01T10:00:00", "2024-01-01 10:00:00+00", "2024-01-01 24:00:00",
        "2024-01-01 1:00:00", "2024-01-01 10:00:0x", "10:00", "+024-01-01"}) {
    EXPECT_EQ(Literal(text, ColumnType::kDateTime), "'" + std::string(text) + "'");
  }
  EXPECT_EQ(Literal("10:00:00", ColumnType::kDate), "'10:00:00'");
  EXPECT_EQ(Literal("2024-01-01 10:00:00", ColumnType::kTime), "'2024-01-01 10:00:00'");
  EXPECT_EQ(Literal("", ColumnType::kDate, true), "''");
}

TEST(CopyValueTest, OrderOfDateFieldsIsPerColumn) {
  Literals copied(ColumnType::kDate);
  EXPECT_EQ(copied("2024-05-12"), "1715472000");
  EXPECT_EQ(copied("2024-25-12"),
            "found '2024-25-12', expected YYYY-MM-DD, as the lines before were read");
  EXPECT_EQ(copied("25.12.2024"), "'25.12.2024'");
  Literals swapped(ColumnType::kDateTime);
  EXPECT_EQ(swapped("2024-25-12 10:00:00"), "'2024-25-12 10:00:00'");
  EXPECT_EQ(swapped("2024-05-12"), "'2024-05-12'");  // Read by the hint, like the previous line.
  EXPECT_EQ(swapped("2024-05-25"),
            "found '2024-05-25', expected YYYY-DD-MM, as in the lines before");
  EXPECT_EQ(swapped("10:00:00"), "'10:00:00'");
}

TEST(CopyValueTest, IntegersAreEpochsUnlessServiceAcceptsThem) {
  Literals epochs(ColumnType::kDate);
  EXPECT_EQ(epochs("1715472000"), "1715472000");
  EXPECT_EQ(epochs("-86400"), "-86400");
  EXPECT_EQ(epochs.asked(), 1);
  Literals texts(ColumnType::kDate, {"20240512"});
  EXPECT_EQ(texts("20240512"), "'20240512'");
  EXPECT_EQ(texts("1715472000"), "'1715472000'");
  EXPECT_EQ(texts.asked(), 1);
  Literals set(ColumnType::kDate, {"20240512"}, {.null_text = "", .epochs = true});
  EXPECT_EQ(set("20240512"), "20240512");
  EXPECT_EQ(set.asked(), 0);
  EXPECT_EQ(Literal("36000", ColumnType::kTime), "36000");
  EXPECT_EQ(Literal("99999999999999999999", ColumnType::kDate), "'99999999999999999999'");
}

}  // namespace
}  // namespace tql::shell
