/// \file
/// GoogleMock matchers for Status, StatusOr, Row and Table, for the tests of programs that use tql.
/// Requires gmock.
///
/// ```cpp
/// EXPECT_THAT(client().QueryTable("select region, amount from sale order by region;"),
///             IsOkAndHolds(RowsAre({{"north", "1.5"}, {"south", std::nullopt}})));
/// EXPECT_THAT(client().QueryValue<int>("select count(*) from sale;"), IsOkAndHolds(2));
/// ```
#ifndef TQL_MOCKS_MATCHERS_H_
#define TQL_MOCKS_MATCHERS_H_

#include "tql/cxx20.h"

#include <gmock/gmock.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tql/result.h"
#include "tql/status.h"

namespace tql::mocks {

/// The cells of a row, as text. nullopt is NULL, which differs from the text "(null)".
using Cells = std::vector<std::optional<std::string>>;

/// Returns the cells of a row in the form that RowIs and RowsAre compare.
inline Cells CellsOf(const Row& row) {
  Cells cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    cells.push_back(row.is_null(i) ? std::nullopt : std::optional<std::string>(row.text(i)));
  }
  return cells;
}

namespace internal {

inline const Status& StatusOf(const Status& status) { return status; }
template <typename T>
Status StatusOf(const StatusOr<T>& result) {
  return result.status();
}

}  // namespace internal

/// Matches a Status or StatusOr that is OK. A mismatch shows the status.
///
/// ```cpp
/// EXPECT_THAT(client().QueryValue<int>("select count(*) from sale;"), IsOkAndHolds(2));
/// ```
MATCHER(IsOk, negation ? "is an error" : "is OK") {
  const Status status = internal::StatusOf(arg);
  *result_listener << status.ToString();
  return status.ok();
}

/// Matches a Status or StatusOr with the given code and a message that matches `message`, a text or
/// a matcher such as HasSubstr. A mismatch shows the status.
///
/// ```cpp
/// EXPECT_THAT(Turnover(client, "north"), StatusIs(StatusCode::kUnavailable, "away"));
/// ```
MATCHER_P2(StatusIs, code, message,
           std::string(negation ? "is not " : "is ") + std::string(StatusCodeName(code))) {
  const Status status = internal::StatusOf(arg);
  *result_listener << status.ToString();
  return status.code() == code &&
         ::testing::ExplainMatchResult(message, status.message(), result_listener);
}
/// Matches a Status or StatusOr with the given code and any message.
template <typename Code>
auto StatusIs(Code code) {
  return StatusIs(code, ::testing::_);
}

/// Matches a StatusOr that holds a value which matches `matcher`, a value or a matcher. A mismatch
/// shows the error, or the explanation of `matcher`.
MATCHER_P(IsOkAndHolds, matcher, negation ? "is an error or another value" : "holds a value") {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

/// Matches a Row with exactly these cells.
MATCHER_P(RowIsCells, cells, negation ? "has other cells" : "has these cells") {
  return ::testing::ExplainMatchResult(::testing::Eq(cells), CellsOf(arg), result_listener);
}
/// Matches a Row with exactly these cells, as the service prints them.
///
/// ```cpp
/// EXPECT_THAT(row, RowIs({"7", std::nullopt}));
/// EXPECT_THAT(row, Not(RowIs({"7", "(null)"})));
/// ```
inline auto RowIs(Cells cells) { return RowIsCells(std::move(cells)); }

/// Matches a Table with exactly these rows, in this order.
MATCHER_P(RowsAreCells, rows, negation ? "has other rows" : "has these rows") {
  std::vector<Cells> found;
  for (const Row& row : arg) found.push_back(CellsOf(row));
  return ::testing::ExplainMatchResult(::testing::Eq(rows), found, result_listener);
}
/// Matches a Table with exactly these rows, in this order. Use ORDER BY where the order matters.
inline auto RowsAre(std::vector<Cells> rows) { return RowsAreCells(std::move(rows)); }

}  // namespace tql::mocks

#endif  // TQL_MOCKS_MATCHERS_H_
