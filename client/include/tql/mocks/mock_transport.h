/// \file
/// For the tests of programs that use tql: a service that answers what a test tells it to. Needs
/// gmock.
#ifndef TQL_MOCKS_MOCK_TRANSPORT_H_
#define TQL_MOCKS_MOCK_TRANSPORT_H_

#include "tql/cxx20.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tql/row.h"
#include "tql/transport.h"

/// Aids for the tests of programs that use tql.
namespace tql::mocks {

/// A Transport as GoogleMock knows it: EXPECT_CALL says what each call answers.
class MockTransport : public Transport {
 public:
  MOCK_METHOD(Status, Login, (const LoginParams&), (override));
  MOCK_METHOD(Status, Logout, (const LogoutParams&), (override));
  MOCK_METHOD(StatusOr<std::unique_ptr<ResultStream>>, Query, (const QueryParams&), (override));
  MOCK_METHOD(StatusOr<std::unique_ptr<ResultStream>>, RunScript, (const ScriptParams&),
              (override));
  MOCK_METHOD(StatusOr<Tokens>, GetTokens, (const TokensParams&), (override));
  MOCK_METHOD(StatusOr<std::int64_t>, SchemaVersion, (const SchemaVersionParams&), (override));
};

/// A row with cells of its own, for FakeResultStream; nothing stands for NULL.
using FakeRow = std::vector<std::optional<std::string>>;
/// What FakeResultStream can give: ResultEvent, with rows that own their cells.
using FakeEvent = std::variant<FakeRow, Header, ContextChange, Message, Progress, Question,
                               StatementBegin, StatementEnd>;

/// Gives the events it was made with, then `last`: StreamEnd, or the error when `last` is one.
class FakeResultStream : public ResultStream {
 public:
  /// The events in their order, and how the stream ends.
  explicit FakeResultStream(std::vector<FakeEvent> events, Status last = {})
      : events_(std::move(events)), last_(std::move(last)) {}

  StatusOr<ResultEvent> Next() override {
    if (cancelled_) return CancelledError("cancelled");
    if (next_ == events_.size()) {
      if (!last_.ok()) return last_;
      return ResultEvent(StreamEnd{});
    }
    const FakeEvent& event = events_[next_++];
    if (const auto* row = std::get_if<FakeRow>(&event)) {
      cells_.clear();
      for (const auto& cell : *row) {
        cells_.push_back(cell ? std::string_view(*cell) : std::string_view());
      }
      return ResultEvent(RowView(cells_));
    }
    return std::visit(
        [this](const auto& value) -> ResultEvent {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, FakeRow>) {
            return RowView(cells_);
          } else {
            return value;
          }
        },
        event);
  }

  void Cancel() override { cancelled_ = true; }

 private:
  std::vector<FakeEvent> events_;
  Status last_;
  std::size_t next_ = 0;
  std::vector<std::string_view> cells_;
  std::atomic<bool> cancelled_{false};
};

/// A row as a result would give it, for tests of code that takes rows. Nothing and "(null)" stand
/// for NULL.
inline Row MakeRow(std::vector<Column> columns,
                   const std::vector<std::optional<std::string>>& cells) {
  RowShape shape;
  shape.columns = std::move(columns);
  return Row::Owned(std::move(shape), cells);
}

}  // namespace tql::mocks

#endif  // TQL_MOCKS_MOCK_TRANSPORT_H_
