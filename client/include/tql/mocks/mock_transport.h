/// \file
/// A mock of the service, for the tests of programs that use tql. Requires gmock.
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

/// Test helpers for programs that use tql.
namespace tql::mocks {

/// A GoogleMock mock of Transport. Use EXPECT_CALL or ON_CALL to define what each call returns: a
/// status, or a FakeResultStream. Pass it to the constructor of Client:
///
/// ```cpp
/// auto transport = std::make_shared<MockTransport>();
/// EXPECT_CALL(*transport, Query(_)).WillOnce([](const tql::QueryParams&) {
///   return tql::StatusOr<std::unique_ptr<tql::ResultStream>>(tql::UnavailableError("away"));
/// });
/// tql::Client client(transport);
/// EXPECT_THAT(Turnover(client, "north"), StatusIs(StatusCode::kUnavailable, "away"));
/// ```
///
/// Give each call that the code under test makes an action, except Login and Logout, which return
/// OK by default: GoogleMock cannot create a StatusOr by itself.
///
/// Thread safety: as GoogleMock: calls may be made from any thread, expectations are set before.
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

/// A row that owns its cells, for FakeResultStream. nullopt is NULL.
using FakeRow = std::vector<std::optional<std::string>>;
/// The events of FakeResultStream: those of ResultEvent, with rows that own their cells. StreamEnd
/// is added by the stream.
using FakeEvent = std::variant<FakeRow, Header, ContextChange, Message, Progress, Question,
                               StatementBegin, StatementEnd>;

/// A ResultStream that returns the given events, followed by StreamEnd or an error. The events of a
/// SELECT are a Header, its rows and a StatementEnd:
///
/// ```cpp
/// std::make_unique<FakeResultStream>(std::vector<FakeEvent>{
///     tql::Header{{{"region", ColumnType::kVarchar}, {"amount", ColumnType::kDouble}}},
///     FakeRow{"north", "1.5"}, FakeRow{"south", "7"}, FakeRow{"north", "2"},
/// ```
///
/// A statement that fails has a Message with Severity::kError before its StatementEnd.
///
/// Thread safety: as ResultStream.
class FakeResultStream : public ResultStream {
 public:
  /// `last` is returned after the events: StreamEnd if it is OK, otherwise the error.
  explicit FakeResultStream(std::vector<FakeEvent> events, Status last = {})
      : events_(std::move(events)), last_(std::move(last)) {}

  /// Returns the next event at once. CANCELLED after Cancel(). The cells of a row are valid until
  /// the next call.
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

  /// May be called from any thread.
  void Cancel() override { cancelled_ = true; }

 private:
  std::vector<FakeEvent> events_;
  Status last_;
  std::size_t next_ = 0;
  std::vector<std::string_view> cells_;
  std::atomic<bool> cancelled_{false};
};

/// Creates a row that owns its cells, for tests of code that takes rows. nullopt and "(null)" are
/// NULL. The row has as many cells as `cells`; give it as many columns.
inline Row MakeRow(std::vector<Column> columns,
                   const std::vector<std::optional<std::string>>& cells) {
  RowShape shape;
  shape.columns = std::move(columns);
  return Row::Owned(std::move(shape), cells);
}

}  // namespace tql::mocks

#endif  // TQL_MOCKS_MOCK_TRANSPORT_H_
