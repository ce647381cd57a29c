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

TEST(Row, NamesTheColumnOfAnError) {
  const Row row = Sample();
  EXPECT_EQ(row.get<int>("x").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(row.get<std::string>(1).status().code(), StatusCode::kFailedPrecondition);
  EXPECT_NE(row.get<int>("x").status().message().find("\"x\""), std::string::npos);
  EXPECT_EQ(row.get<int>(4).status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(row.get<int>("none").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(row.get<signed char>(2).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ((row.as<int, int>().status().code()), StatusCode::kInvalidArgument);
}

TEST(Row, ANameThatSeveralColumnsHaveIsAnError) {
  const Row row = mocks::MakeRow({{"a", {}}, {"A", {}}}, {"1", "2"});
  EXPECT_EQ(*row.get<int>("A"), 2);
  const Row twice = mocks::MakeRow({{"a", {}}, {"a", {}}}, {"1", "2"});
  EXPECT_EQ(twice.get<int>("a").status().code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tql
