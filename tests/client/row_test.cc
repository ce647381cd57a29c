#include "tql/row.h"

#include <gtest/gtest.h>

#include "tql/mocks/mock_transport.h"

namespace tql {
namespace {

Row Sample() {
  return mocks::MakeRow({{"id", ColumnType::kInt},
                         {"Name", ColumnType::kVarchar},
                         {"x", ColumnType::kDouble},
                         {"flag", ColumnType::kBool}},
                        {"42", "(null)", "-1.5", "TRUE"});
}

TEST(Row, ConvertsByPositionAndName) {
  const Row row = Sample();
  EXPECT_EQ(*row.get<int>(0), 42);
  EXPECT_EQ(*row.get<std::string>("id"), "42");
  EXPECT_EQ(*row.get<double>("X"), -1.5);
  EXPECT_TRUE(*row.get<bool>("flag"));
  EXPECT_EQ(*row.get<std::optional<std::string>>("name"), std::nullopt);
  EXPECT_EQ(*row.get<std::optional<int>>(0), 42);
}

TEST(Row, ErrorsNameColumn) {
  const Row row = Sample();
  EXPECT_EQ(row.get<int>("x").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(row.get<std::string>(1).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(row.get<int>("x").status().message().find("\"x\""), std::string::npos);
  EXPECT_EQ(row.get<int>(4).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(row.get<int>("none").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(row.get<signed char>(2).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ((row.as<int, int>().status().code()), StatusCode::kInvalidArgument);
}

TEST(Row, ConvertsDatesAndTimes) {
  using namespace std::chrono;
  const Row row = mocks::MakeRow({{"d", ColumnType::kDate},
                                  {"dt", ColumnType::kDateTime},
                                  {"t", ColumnType::kTime},
                                  {"none", ColumnType::kDate}},
                                 {"2024-02-29", "1969-12-31 23:59:59", "23:59:58", std::nullopt});
  EXPECT_EQ(*row.get<year_month_day>("d"), 2024y / February / 29);
  EXPECT_EQ(*row.get<sys_seconds>("dt"), sys_seconds(seconds(-1)));
  EXPECT_EQ(*row.get<sys_seconds>("d"), sys_days(2024y / February / 29));
  EXPECT_EQ(*row.get<seconds>("t"), 23h + 59min + 58s);
  EXPECT_EQ(*row.get<std::optional<year_month_day>>("none"), std::nullopt);
}

TEST(Row, RejectsInvalidDatesAndTimes) {
  using namespace std::chrono;
  for (const char* text : {"", "2023-02-29", "2024-13-01", "24-01-01", "2024-1-01", "2024-01-01 ",
                           "2024-01-+1", "2024/01/01"}) {
    year_month_day date;
    EXPECT_FALSE(CellTraits<year_month_day>::Convert(text, date)) << text;
  }
  for (const char* text :
       {"", "24:00:00", "00:60:00", "00:00:60", "1:00:00", "00:00", "00-00-00"}) {
    seconds time;
    EXPECT_FALSE(CellTraits<seconds>::Convert(text, time)) << text;
    sys_seconds both;
    EXPECT_FALSE(CellTraits<sys_seconds>::Convert("2024-01-01 " + std::string(text), both)) << text;
  }
}

TEST(Row, ErrorsAreComplete) {
  const Row row = Sample();
  EXPECT_EQ(row.get<int>("x").status().message(),
            "column 2 (\"x\", DOUBLE): \"-1.5\" is not a 32-bit integer");
  EXPECT_EQ(row.get<std::chrono::seconds>(0).status().message(),
            "column 0 (\"id\", INT): \"42\" is not a time of day (HH:MM:SS)");
  EXPECT_EQ(row.get<std::string>(1).status().message(),
            "column 1 (\"Name\", VARCHAR): NULL is not text; read it as std::optional");
}

TEST(Row, ErrorsTruncateBetweenCharacters) {
  const Row row = Row::Owned({{{"t", ColumnType::kVarchar}}}, {std::string(59, 'x') + "\u20AC"});
  EXPECT_EQ(
      row.get<int>(0).status().message(),
      "column 0 (\"t\", VARCHAR): \"" + std::string(59, 'x') + "\u2026\" is not a 32-bit integer");
}

TEST(Row, OwnedRowOutlivesView) {
  Row kept;
  {
    const std::string text = "north";
    const std::vector<std::string_view> cells{text, {}, std::string_view(text).substr(5)};
    const RowShape shape{{{"a", {}}, {"b", {}}, {"c", {}}}};
    kept = Row(&shape, cells).Own();
  }
  EXPECT_EQ(kept.text(0), "north");
  EXPECT_TRUE(kept.is_null(1));
  EXPECT_EQ(kept.text(1), "(null)");
  EXPECT_FALSE(kept.is_null(2));
  EXPECT_EQ(*kept.get<std::string>("c"), "");
}

TEST(Row, AmbiguousColumnIsAnError) {
  const Row row = mocks::MakeRow({{"a", {}}, {"A", {}}}, {"1", "2"});
  EXPECT_EQ(*row.get<int>("A"), 2);
  const Row twice = mocks::MakeRow({{"a", {}}, {"a", {}}}, {"1", "2"});
  EXPECT_EQ(twice.get<int>("a").status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tql
