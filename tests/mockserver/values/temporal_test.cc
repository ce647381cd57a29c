#include "mockserver/values/temporal.h"

#include <gtest/gtest.h>

#include <string>

namespace tql::values {
namespace {

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

TEST(Temporal, MatchingHintDecides) {
  // The text matches the hint, but its month is 13: no other format may be tried.
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "1970-02-01", "%Y-%d-%m"), 86400);
  EXPECT_FALSE(ParseTemporal(TypeKind::kDate, "1970-01-13", "%Y-%d-%m").has_value());
  EXPECT_FALSE(ParseTemporal(TypeKind::kDate, "1970-01-13", "yyyy-dd-MM").has_value());
  EXPECT_EQ(ReadTemporal(TypeKind::kDate, "1970-01-13", "%Y-%d-%m").problem,
            "the month is out of range");
  // A format other than the hint's.
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "1970-01-02", "%d.%m.%Y"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "19700102", "%d.%m.%Y"), 86400);
  EXPECT_EQ(ParseTemporal(TypeKind::kDate, "1970-01-02", "no format"), 86400);
}

TEST(Temporal, ManyHintsInTurn) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      const std::string mark = std::to_string(i);
      EXPECT_EQ(ParseTemporal(TypeKind::kDate, mark + "/02", mark + "/%d"), 86400) << i;
    }
  }
}

TEST(Temporal, Format) {
  char text[19];
  EXPECT_EQ(std::string(text, FormatTemporal(TypeKind::kDateTime, 1577836799, text)),
            "2019-12-31 23:59:59");
  EXPECT_EQ(std::string(text, FormatTemporal(TypeKind::kDate, 1577836799, text)), "2019-12-31");
  EXPECT_EQ(std::string(text, FormatTemporal(TypeKind::kTime, 86399, text)), "23:59:59");
}

}  // namespace
}  // namespace tql::values
