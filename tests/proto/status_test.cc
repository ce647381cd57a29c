#include "tql/status.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace tql {
namespace {

TEST(Status, OkHasNoMessage) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::kOk);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.place(), nullptr);
  EXPECT_EQ(status.ToString(), "OK");
}

TEST(Status, ErrorPrintsCodeAndMessage) {
  std::ostringstream os;
  os << NotFoundError("no such table");
  EXPECT_EQ(os.str(), "NOT_FOUND: no such table");
}

TEST(Status, RetryableAndNeedsLogin) {
  EXPECT_TRUE(UnavailableError("").retryable());
  EXPECT_FALSE(InvalidArgumentError("").retryable());
  EXPECT_TRUE(UnauthenticatedError("").needs_login());
  EXPECT_FALSE(PermissionDeniedError("").needs_login());
}

TEST(PlaceOf, CountsLinesAndCharacters) {
  EXPECT_EQ(PlaceOf("ab\ncd", 0), (TextPlace{0, 1, 1}));
  EXPECT_EQ(PlaceOf("ab\ncd", 3), (TextPlace{3, 2, 1}));
  EXPECT_EQ(PlaceOf("ab\ncd", 4), (TextPlace{4, 2, 2}));
  EXPECT_EQ(PlaceOf("ab\ncd", 99), (TextPlace{5, 2, 3}));
  EXPECT_EQ(PlaceOf("\u00e9\n\u672cb\U0001F600c", 10), (TextPlace{10, 2, 4}));
}

TEST(StatusOr, HoldsValueOrError) {
  const StatusOr<int> value = 3;
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 3);
  const StatusOr<int> error = OutOfRangeError("too big");
  EXPECT_FALSE(error.ok());
  EXPECT_EQ(error.status().code(), StatusCode::kOutOfRange);
  EXPECT_THROW(error.value(), StatusError);
}

TEST(StatusOr, ConvertsFromTypesTheValueConvertsFrom) {
  const std::function<StatusOr<std::string>()> answer = [] { return "yes"; };
  EXPECT_EQ(answer().value(), "yes");
  const StatusOr<std::optional<int>> number = 3;
  EXPECT_EQ(number.value(), 3);
  const StatusOr<std::unique_ptr<const int>> pointer = std::make_unique<int>(4);
  EXPECT_EQ(*pointer.value(), 4);
  const StatusOr<std::vector<int>> list = {{1, 2}};
  EXPECT_EQ(list.value().size(), 2U);
  static_assert(!std::is_convertible_v<std::string, StatusOr<int>>);
}

TEST(StatusOr, OkStatusIsNotAValue) {
  const StatusOr<int> odd{Status()};
  EXPECT_FALSE(odd.ok());
  EXPECT_EQ(odd.status().code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace tql
