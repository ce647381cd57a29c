// Dates, times and numbers as text.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"

namespace tql::plan {
namespace {

std::string Double(double value) {
  char text[kMaxNumberText];
  return std::string(text, FormatDouble(value, text));
}
std::string Integer(std::int64_t value) {
  char text[kMaxNumberText];
  return std::string(text, FormatInteger(value, text));
}

TEST(NumberText, DoublesAreShortestRoundTrip) {
  EXPECT_EQ(Double(13), "13");
  EXPECT_EQ(Double(-0.5), "-0.5");
  EXPECT_EQ(Double(0.29), "0.29");
  EXPECT_EQ(Double(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(Double(100000), "100000");
  EXPECT_EQ(Double(1e20), "1e+20");
  EXPECT_EQ(Double(1.0 / 3), "0.3333333333333333");
  for (const double v : {1e-5, 1.05, 4503599627370497.5, 1e300, -123456789.01}) {
    EXPECT_EQ(ParseDouble(Double(v)), v);
  }
}

TEST(NumberText, Integers) {
  EXPECT_EQ(Integer(0), "0");
  EXPECT_EQ(Integer(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(Integer(9223372036854775807), "9223372036854775807");
  EXPECT_EQ(ParseInteger(" +7 "), 7);
  EXPECT_FALSE(ParseInteger("9223372036854775808").has_value());
  EXPECT_FALSE(ParseInteger("7x").has_value());
  EXPECT_FALSE(ParseDouble("inf").has_value());
}

TEST(Temporal, ConstantsAndHints) {
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "1970-01-02"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "19700102"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "02/01/1970", "%d/%m/%Y"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "02.01.1970", "dd.MM.yyyy"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDateTime, "1970-01-01 00:01:05"), 65);
  EXPECT_EQ(ParseTemporal(TypeKind::kDateTime, "19700101 00:01:05"), 65);
  EXPECT_EQ(ParseTemporal(TypeKind::kDateTime, "1970-01-01"), 0);
  EXPECT_EQ(ParseTemporal(TypeKind::kTime, "23:59:59"), 86399);
  EXPECT_FALSE(ParseTemporal(TypeKind::kDate, "2019-02-29").has_value());
  EXPECT_FALSE(ParseTemporal(TypeKind::kDate, "").has_value());
  EXPECT_FALSE(ParseTemporal(TypeKind::kTime, "24:00:00").has_value());
}

TEST(Temporal, FormatsAreBounded) {
  std::string out;
  TemporalFormat("%d.%m.%Y %q %H:%M").Append(-1, out);
  EXPECT_EQ(out, "31.12.1969 %q 23:59");
  out.clear();
  TemporalFormat(std::string(1 << 20, 'x')).Append(0, out);
  EXPECT_LE(out.size(), TemporalFormat::kMaxLength);
  char text[kMaxNumberText];
  EXPECT_EQ(std::string(text, FormatTemporal(TypeKind::kDateTime, 1577836799, text)),
            "2019-12-31 23:59:59");
}

}  // namespace
}  // namespace tql::plan
