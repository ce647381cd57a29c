#include "mockserver/values/number_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace tql::values {
namespace {

std::string Double(double value) {
  char text[kMaxNumberText];
  return std::string(text, FormatDouble(value, text));
}
std::string Integer(std::int64_t value) {
  char text[kMaxNumberText];
  return std::string(text, FormatInteger(value, text));
}

TEST(NumberText, DoublesUseShortestRoundTrip) {
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

}  // namespace
}  // namespace tql::values
